"""Errors about a command line. Pure."""

from release_assets.errors import ReleaseAssetsError


class UsageError(ReleaseAssetsError):
    """A command line that cannot be carried out as it is."""

    title = "Wrong usage"
