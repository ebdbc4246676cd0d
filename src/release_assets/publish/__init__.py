"""Performs a plan: the release, its drafts, uploads, and the repair of interrupted runs."""

from release_assets.publish.cleanup import read_note, repair, write_note
from release_assets.publish.fatal import FATAL_ERRORS
from release_assets.publish.lists import assets_of
from release_assets.publish.release_lookup import find_release
from release_assets.publish.run import publish

__all__ = [
    "FATAL_ERRORS",
    "assets_of",
    "find_release",
    "publish",
    "read_note",
    "repair",
    "write_note",
]
