"""The action: runs as a step of a workflow."""

from release_assets.action.step import main, post

__all__ = ["main", "post"]
