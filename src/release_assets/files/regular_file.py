"""Opens a regular file, and refuses pipes and devices without blocking."""

import os
import stat
from pathlib import Path

# Without O_NONBLOCK, open() blocks on a pipe until a writer opens it.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_FILE_TYPES = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegularFileError(OSError):
    """The path is a directory, a pipe, a socket or a device."""


def open_regular_file(path: Path) -> int:
    """Open a regular file for reading, and return its descriptor; links are followed.

    Raises: NotRegularFileError; OSError when it cannot be opened.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # the path contains a NUL
        raise FileNotFoundError(None, "no file has such a name", str(path)) from error
    except OSError as error:
        # open() fails for a socket, and for a directory on Windows.
        if (problem := _type_problem_at(path)) is not None:
            raise NotRegularFileError(None, problem, str(path)) from error
        raise
    problem = _type_problem(os.fstat(descriptor).st_mode)
    if problem is not None:
        os.close(descriptor)
        raise NotRegularFileError(None, problem, str(path))
    return descriptor


def _type_problem_at(path: Path) -> str | None:
    try:
        return _type_problem(path.stat().st_mode)
    except OSError:
        return None


def _type_problem(mode: int) -> str | None:
    """Return the error text unless the mode is that of a regular file."""
    if stat.S_ISREG(mode):
        return None
    shown = next((shown for is_type, shown in _FILE_TYPES if is_type(mode)), "something else")
    return f"it is {shown}, not a regular file"
