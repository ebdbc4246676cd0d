"""Errors about the files that a download writes. Pure."""

from release_assets.errors import ReleaseAssetsError


class FileInTheWayError(ReleaseAssetsError):
    """Another file exists at the path of a download."""

    title = "File exists"


class FileNotWrittenError(ReleaseAssetsError):
    """A download could not be written to the disk."""

    title = "File not written"


class NoRoomError(FileNotWrittenError):
    """The disk is full, so all other downloads would fail too."""

    title = "No room on the disk"
