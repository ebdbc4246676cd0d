"""The action, which runs as a step of a workflow."""

from release_assets.action.step import main, post

__all__ = ["main", "post"]
