"""LocalFile -> its bytes and their digest; reads only."""

import os
from collections.abc import Iterator
from hashlib import sha256
from itertools import cycle

from release_assets.errors import FileChangedError, FileRefusedError
from release_assets.models import LocalFile

_BLOCK = 1024 * 1024  # bytes read at a time for hashing


def hash_file(file: LocalFile) -> str:
    """Return the SHA-256 of a file as `sha256:<hex>`.

    Raises: FileChangedError when it is no longer what was found; FileRefusedError when it cannot
        be read.
    """
    digest = sha256()
    for block in read_blocks(file, _BLOCK):
        digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def read_blocks(file: LocalFile, block: int, held: int = 1) -> Iterator[memoryview]:
    """Yield the bytes of a file, `block` at a time, exactly `file.size` of them.

    held: how many blocks, from the latest back, keep their bytes; new ones take earlier ones' room.

    Raises: FileChangedError when the file is no longer what was found; FileRefusedError when it
        cannot be read.
    """
    try:
        with file.path.open("rb", buffering=0) as stream:
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
                    now = os.fstat(stream.fileno())
                    if (now.st_size, now.st_mtime_ns) != (file.size, file.modified):
                        raise FileChangedError(file.shown)
                yield room[:count]
    except OSError as error:
        raise unreadable(file.shown, error) from error


def unreadable(shown: str, error: OSError) -> FileRefusedError:
    """Return what to raise of a file or a directory that cannot be read."""
    return FileRefusedError(
        f"{shown} cannot be read: {error.strerror or error}",
        fix="make it readable for the user that runs this step, or leave it out with a `!` line",
    )
