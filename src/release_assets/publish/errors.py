"""Errors about uploads. Pure."""

from release_assets.errors import ReleaseAssetsError


class NotBegunError(ReleaseAssetsError):
    """A file that was left alone because an error before it made it pointless."""

    title = "Not begun"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was left alone", fix="mend the first error, and run again for the rest"
        )
