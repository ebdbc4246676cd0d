"""Errors about files that a download writes. Pure."""

from release_assets.errors import ReleaseAssetsError


class FileInTheWayError(ReleaseAssetsError):
    """A file on the disk stands where a download is to stand."""

    title = "File exists"


class FileNotWrittenError(ReleaseAssetsError):
    """A download could not be put on the disk."""

    title = "File not written"


class NoRoomError(FileNotWrittenError):
    """The disk is full: no other download fares better."""

    title = "No room on the disk"
