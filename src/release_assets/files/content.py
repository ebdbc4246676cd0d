"""LocalFile -> its bytes and their digest; reads only."""

import os
from collections.abc import Iterator
from hashlib import sha256
from itertools import cycle
from pathlib import Path

from release_assets.digest import Digest
from release_assets.files.errors import FileChangedError, FileRefusedError
from release_assets.files.regular_file import NotRegularFileError, open_regular_file
from release_assets.models import Fingerprint, LocalFile

_BLOCK = 1024 * 1024  # bytes read at a time for hashing


def hash_file(file: LocalFile) -> Digest:
    """Return the SHA-256 of a file.

    Raises: FileChangedError when it is no longer what was found; FileRefusedError when it cannot
        be read.
    """
    digest = sha256()
    for block in read_blocks(file, _BLOCK):
        digest.update(block)
    return Digest.of(digest)


def read_blocks(file: LocalFile, block: int, held: int = 1) -> Iterator[memoryview]:
    """Yield the bytes of a file, `block` at a time, exactly `file.size` of them.

    held: how many blocks, from the latest back, keep their bytes; new ones take earlier ones' room.

    Raises: FileChangedError when the file is no longer what was found; FileRefusedError when it
        cannot be read.
    """
    try:
        with os.fdopen(open_regular_file(file.path), "rb", buffering=0) as stream:
            _check_unchanged(file, stream.fileno())
            left = file.size
            rooms = cycle([memoryview(bytearray(min(block, left))) for _ in range(held)])
            while left:
                count = stream.readinto(room := next(rooms)[:left])
                if not count:
                    raise FileChangedError(file.shown)
                left -= count
                if not left:
                    # Before the last block goes out: what is short of a block is refused as
                    # incomplete, so a changed file never becomes an asset.
                    _check_unchanged(file, stream.fileno())
                yield room[:count]
    except NotRegularFileError as error:
        raise FileChangedError(file.shown) from error  # it was one when it was found
    except OSError as error:
        raise unreadable(file.shown, error) from error


def fingerprint_of(path: Path) -> Fingerprint:
    """Return the fingerprint of a regular file that this user may read.

    Raises: NotRegularFileError; OSError when it cannot be opened.
    """
    descriptor = open_regular_file(path)
    try:
        return _fingerprint(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _fingerprint(status: os.stat_result) -> Fingerprint:
    # Of the open file, always: on Windows, a path's status may tell other numbers.
    return Fingerprint(
        device=status.st_dev,
        inode=status.st_ino,
        size=status.st_size,
        modified_ns=status.st_mtime_ns,
        changed_ns=status.st_ctime_ns,
    )


def _check_unchanged(file: LocalFile, descriptor: int) -> None:
    if _fingerprint(os.fstat(descriptor)) != file.fingerprint:
        raise FileChangedError(file.shown)


def unreadable(shown: str, error: OSError) -> FileRefusedError:
    """Return what to raise of a file or a directory that cannot be read."""
    return FileRefusedError(
        f"{shown} cannot be read: {error.strerror or error}",
        fix="make it readable for the user that runs this step, or leave it out with a `!` line",
    )
