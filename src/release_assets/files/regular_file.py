"""Opens a regular file once, by descriptor, without waiting for anybody."""

import os
import stat
from pathlib import Path

# Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegularFileError(OSError):
    """A path that names a directory, a pipe, a socket or a device."""


def open_regular_file(path: Path) -> int:
    """Return a descriptor that reads a regular file; links are followed.

    Raises: NotRegularFileError; OSError when it cannot be opened.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a NUL in the path
        raise FileNotFoundError(None, "no file has such a name", str(path)) from error
    except OSError as error:
        # A socket cannot be opened, nor a directory on Windows: say so rather than why.
        if (kind := _kind_at(path)) is not None:
            raise NotRegularFileError(None, kind, str(path)) from error
        raise
    kind = _kind(os.fstat(descriptor).st_mode)
    if kind is not None:
        os.close(descriptor)
        raise NotRegularFileError(None, kind, str(path))
    return descriptor


def _kind_at(path: Path) -> str | None:
    try:
        return _kind(path.stat().st_mode)
    except OSError:
        return None


def _kind(mode: int) -> str | None:
    """Return what it is instead of a regular file; None when it is one."""
    if stat.S_ISREG(mode):
        return None
    shown = next((shown for is_kind, shown in _KINDS if is_kind(mode)), "something else")
    return f"it is {shown}, not a regular file"
