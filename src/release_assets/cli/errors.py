"""Errors about a command line. Pure."""

from release_assets.errors import ReleaseAssetsError


class UsageError(ReleaseAssetsError):
    """The command line is invalid."""

    title = "Wrong usage"
