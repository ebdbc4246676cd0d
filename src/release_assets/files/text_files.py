"""Reads a text file that an input names: a regular file of limited size, no system file."""

import os
from pathlib import Path

from release_assets.files.regular_file import open_regular_file
from release_assets.inputs import InputFileError
from release_assets.wording import words

MIB = 1024 * 1024
MAX_TEXT_BYTES = 1 * MIB
"""Maximum size of a manifest and of a file with notes, in bytes."""

# Files of the kernel: secrets in the environments of processes, memory, devices.
_SYSTEM_DIRECTORIES = ("/proc", "/sys", "/dev")
_DESCRIPTORS = Path("/proc/self/fd")


def read_text(name: str, path: Path, most_bytes: int, *, errors: str = "strict") -> str:
    """Return the text of a file in UTF-8, without a byte order mark. Never blocks on a pipe.

    name: the input, for the error. errors: how to handle invalid UTF-8, as in bytes.decode().

    Raises: InputFileError when it is not a regular file, is below /proc, /sys or /dev (also through
        links), is too large, is not UTF-8, or cannot be read.
    """
    return decode_text(name, path, read_bytes(name, path, most_bytes), errors=errors)


def decode_text(name: str, path: Path, content: bytes, *, errors: str = "strict") -> str:
    """Return the text of a file, whose content is given. Raises: InputFileError."""
    try:
        return content.decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        why = f"it is not UTF-8 text: see byte {error.start:,}"
        raise InputFileError(
            name, str(path), why, "save it as UTF-8, or name another file"
        ) from None


def read_bytes(name: str, path: Path, most_bytes: int) -> bytes:
    """Return the content of a file. Never blocks on a pipe.

    Raises: InputFileError, as `read_text`.
    """
    try:
        return _read_content(path, most_bytes)
    except FileNotFoundError:
        create = words("correct the path, or create the file {BEFORE}")
        raise InputFileError(name, str(path), "there is no such file", create) from None
    except OSError as error:
        why = error.strerror or str(error)
    fix = f"name a readable, regular file of UTF-8 text with at most {most_bytes:,} bytes"
    raise InputFileError(name, str(path), why, fix)


class _UnfitFileError(OSError):
    """The file is not one that an input may name."""


def _read_content(path: Path, most_bytes: int) -> bytes:
    with os.fdopen(open_regular_file(path), "rb", buffering=0) as stream:
        if (directory := _system_directory(stream.fileno(), path)) is not None:
            raise _UnfitFileError(None, f"it is below {directory}, where the system keeps its own")
        size = os.fstat(stream.fileno()).st_size
        if size > most_bytes:
            raise _UnfitFileError(None, f"it has {size:,} bytes")
        content = _read(stream.fileno(), most_bytes + 1)  # the file may grow while it is read
    if len(content) > most_bytes:
        raise _UnfitFileError(None, f"it has more than {most_bytes:,} bytes")
    return content


def _read(descriptor: int, most: int) -> bytes:
    blocks = []
    while most and (block := os.read(descriptor, min(most, MIB))):
        blocks.append(block)
        most -= len(block)
    return b"".join(blocks)


def _system_directory(descriptor: int, path: Path) -> str | None:
    """Return the system directory that contains an open file; None if there is none.

    The kernel gives the real path of a descriptor. A file on another mount of /proc has the same
    device as /proc.
    """
    try:
        real = str((_DESCRIPTORS / str(descriptor)).readlink())
    except OSError:  # macOS and Windows have no such directory
        real = os.path.realpath(path)
    device = os.fstat(descriptor).st_dev
    for directory in _SYSTEM_DIRECTORIES:
        if real.startswith(f"{directory}/"):
            return directory
        if directory != "/dev" and _device(directory) == device:
            return directory
    return None


def _device(directory: str) -> int | None:
    """Return the device of a mount point; None if the directory is not a mount point."""
    try:
        return os.stat(directory).st_dev if os.path.ismount(directory) else None  # noqa: PTH116
    except OSError:
        return None
