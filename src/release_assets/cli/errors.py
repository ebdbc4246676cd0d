"""Errors about a command line. Pure."""

from release_assets.errors import ReleaseAssetsError


class UsageError(ReleaseAssetsError):
    """The command line is invalid."""

    title = "Wrong usage"
    is_usage = True


class ReleaseDiffersError(ReleaseAssetsError):
    """A release does not hold exactly what `verify` expects."""

    title = "Release differs"

    def __init__(self, tag: str, differences: str, url: str) -> None:
        super().__init__(
            f"the release `{tag}` does not hold exactly what is named: {differences}",
            where=url,
            fix="publish what is missing, incomplete or different; delete what is unexpected, or "
            "name it with --expect",
        )
