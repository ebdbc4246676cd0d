"""LocalFile -> its bytes and its digest; detects changes of the file; reads only."""

import errno
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from itertools import cycle
from pathlib import Path

from release_assets.digest import Digest, hash_blocks
from release_assets.files.errors import FileChangedError, FileRefusedError
from release_assets.files.regular_file import NotRegularFileError, open_regular_file
from release_assets.models import Fingerprint, LocalFile
from release_assets.wording import Wording, words

_BLOCK = 1024 * 1024  # bytes read at a time for hashing
_MAX_HASH_THREADS = 4
_MIN_THREADED = 256 * 1024  # bytes of a file; for a smaller one, another thread saves no time


def hash_file(file: LocalFile) -> Digest:
    """Return the SHA-256 of a file.

    Raises: FileChangedError when the file has changed since it was found; FileRefusedError when
        it cannot be read.
    """
    digest, _ = hash_blocks(read_blocks(file, _BLOCK))
    return digest


def hash_files(files: Sequence[LocalFile]) -> list[Digest]:
    """Return the SHA-256 of each file, in order; large files are hashed in parallel.

    Raises: as `hash_file`.
    """
    with ThreadPoolExecutor(_MAX_HASH_THREADS) as pool:
        running = [
            pool.submit(hash_file, file) if file.size >= _MIN_THREADED else None for file in files
        ]
        return [
            hash_file(file) if digest is None else digest.result()
            for file, digest in zip(files, running, strict=True)
        ]


def read_blocks(file: LocalFile, block_size: int, buffer_count: int = 1) -> Iterator[memoryview]:
    """Yield exactly `file.size` bytes of a file, in blocks of `block_size` bytes.

    buffer_count: number of buffers, which are reused in turn. So a block keeps its bytes until
    `buffer_count` more blocks have been read.

    Raises: FileChangedError when the file has changed since it was found; FileRefusedError when
        it cannot be read.
    """
    size = min(block_size, file.size)
    buffers = cycle([memoryview(bytearray(size)) for _ in range(buffer_count)])
    try:
        with os.fdopen(open_regular_file(file.path), "rb", buffering=0) as stream:
            yield from _read_unchanged(file, stream, buffers)
    except NotRegularFileError as error:
        raise FileChangedError(file.shown) from error  # it was a regular file when it was found
    except OSError as error:
        raise unreadable_error(file.shown, error) from error


def _read_unchanged(
    file: LocalFile, stream: FileIO, buffers: Iterator[memoryview]
) -> Iterator[memoryview]:
    _check_unchanged(file, stream.fileno())
    remaining = file.size
    while remaining:
        count = stream.readinto(buffer := next(buffers)[:remaining])
        if not count:
            raise FileChangedError(file.shown)
        remaining -= count
        if not remaining:
            # Check before the last block is sent. GitHub refuses an incomplete upload, so a changed
            # file never becomes an asset.
            _check_unchanged(file, stream.fileno())
        yield buffer[:count]


def fingerprint_of(path: Path) -> Fingerprint:
    """Return the fingerprint of a regular file.

    Raises: NotRegularFileError; OSError when it cannot be opened.
    """
    descriptor = open_regular_file(path)
    try:
        return _fingerprint(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _fingerprint(status: os.stat_result) -> Fingerprint:
    # Always of the open file: on Windows, the status of a path may differ.
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


def unreadable_error(shown: str, error: OSError) -> FileRefusedError:
    """Return the error for a file or a directory that cannot be read."""
    if error.errno == errno.ENOENT:  # the pattern has matched a name without a file
        return FileRefusedError(
            f"{shown} is a link to a file that does not exist, or was deleted meanwhile",
            fix="correct the link, or exclude it with a `!` line",
        )
    return FileRefusedError(
        f"{shown} cannot be read: {error.strerror or error}",
        fix=words(
            "make it readable for {}, or exclude it with a `!` line",
            Wording("the user that runs this step", "yourself"),
        ),
    )
