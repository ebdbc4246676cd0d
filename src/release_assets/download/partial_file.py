"""The partial file of a download: locked, resumable, and moved to its target when complete."""

import errno
import os
import secrets
import stat
import sys
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

from release_assets.download.errors import FileNotWrittenError, NoRoomError
from release_assets.models import Asset

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SUFFIX = ".part"
_BLOCK = 256 * 1024  # bytes read at a time
_MAX_NAME = 180  # characters of the target's name; a file name may have 255 bytes
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_ATTEMPTS = 5


class PartialFile:
    """A file in the directory of its target, for the bytes that were downloaded so far.

    Its name identifies the asset, whose bytes never change, so that a later run can resume it. If
    another process has locked it, this process uses a file with a random name, and deletes it at
    the end. Only the file that this process has written is moved to the target, even if another
    program has replaced it meanwhile.

    reserved: file names that it must not use, as returned by reserved_names.

    Every method raises FileNotWrittenError when the disk refuses.
    """

    def __init__(self, path: Path, asset: Asset, reserved: Collection[str] = ()) -> None:
        self._target = path
        key = sha256(asset.url.encode()).hexdigest()[:12]
        stem = f"{path.name[:_MAX_NAME]}.{key}"
        shared = _free_path(
            path, (f"{stem}{_number_suffix(index)}{SUFFIX}" for index in count()), reserved
        )
        try:
            descriptor = _open_locked(shared)
            self._is_resumable = descriptor is not None
            self.path = shared
            if descriptor is None:
                random = (f"{stem}-{secrets.token_hex(4)}{SUFFIX}" for _ in count())
                self.path = _free_path(path, random, reserved)
                descriptor = os.open(self.path, _FLAGS | os.O_EXCL, 0o666)
        except OSError as error:
            raise _write_error(shared, error) from error
        self._stream = os.fdopen(descriptor, "r+b", buffering=0)
        self._opened = os.fstat(descriptor)

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes of an earlier run; the next write appends to them."""
        try:
            self._stream.seek(0)
            while block := self._stream.read(_BLOCK):
                yield block
        except OSError as error:
            raise _write_error(self.path, error) from error

    def write(self, block: bytes) -> None:
        """Append bytes."""
        view = memoryview(block)
        try:
            while view:
                view = view[self._stream.write(view) :]
        except OSError as error:
            raise _write_error(self.path, error) from error

    def restart(self) -> None:
        """Discard all bytes."""
        try:
            self._stream.seek(0)
            self._stream.truncate()
        except OSError as error:
            raise _write_error(self.path, error) from error

    def move_to_target(self) -> None:
        """Move the file to its target, which it replaces."""
        try:
            written = os.fstat(self._stream.fileno())
            if sys.platform == "win32":
                self._stream.close()  # Windows cannot rename an open file
            if not _is_at(self.path, written):
                raise _replaced_error(self.path)
            os.replace(self.path, self._target)  # noqa: PTH105 - Path.replace is the same
            # Another program may have replaced the file between the check and the renaming.
            if not _is_at(self._target, written):
                raise _replaced_error(self._target)
        except OSError as error:
            raise _write_error(self._target, error) from error
        finally:
            self._stream.close()

    def close(self) -> None:
        """Close the file; delete it if it is empty, or if no later run can resume it."""
        if self._stream.closed:
            return
        try:
            empty = os.fstat(self._stream.fileno()).st_size == 0
            # On Windows, no program can replace an open file.
            is_ours = sys.platform == "win32" or _is_at(self.path, self._opened)
            if sys.platform == "win32":
                self._stream.close()
            if is_ours and (empty or not self._is_resumable):
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise _write_error(self.path, error) from error
        finally:
            self._stream.close()


def reserved_names(names: Iterable[str]) -> frozenset[str]:
    """Return names in normal form: equal if some file system treats them as the same."""
    return frozenset(map(_normalized, names))


def _normalized(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _number_suffix(index: int) -> str:
    return f"-{index}" if index else ""


def _free_path(target: Path, names: Iterator[str], reserved: Collection[str]) -> Path:
    """Return the first name that is not reserved, as a path in the directory of the target."""
    return target.with_name(next(name for name in names if _normalized(name) not in reserved))


def _open_locked(path: Path) -> int | None:
    """Open and lock a file; None when another process has locked it, or it cannot be locked."""
    for _ in range(_ATTEMPTS):
        descriptor = os.open(path, _FLAGS, 0o666)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise FileExistsError(None, "it is no regular file", str(path))
            # Writing to a hard link would change another file too.
            if not _lock(descriptor) or status.st_nlink > 1:
                os.close(descriptor)
                return None
            # Another process may have moved the file between opening and locking.
            if _is_at(path, status):
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)
    return None


def _is_at(path: Path, status: os.stat_result) -> bool:
    """Return whether a path still is the file with this status."""
    try:
        current = path.lstat()
    except FileNotFoundError:
        return False
    if sys.platform == "win32":
        # On Windows, renaming may change the file id. Until Python 3.12, the status of a path and
        # that of a descriptor also had different ids.
        return (current.st_size, current.st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    return os.path.samestat(current, status)


if sys.platform == "win32":

    def _lock(descriptor: int) -> bool:
        with suppress(OSError):
            os.lseek(
                descriptor, 1 << 40, os.SEEK_SET
            )  # a byte far after the end, which is never used
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
            return True
        return False

else:

    def _lock(descriptor: int) -> bool:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


def _replaced_error(path: Path) -> FileNotWrittenError:
    return FileNotWrittenError(
        f"{path} was replaced by another program while it was downloaded",
        fix="find out what else writes to that directory, then run the command again",
    )


def _write_error(path: Path, error: OSError) -> FileNotWrittenError:
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return (NoRoomError if is_full else FileNotWrittenError)(
        f"{path} cannot be written: {error.strerror or error}",
        fix="free some space, or choose a writable directory with `--dir` or `--output`",
    )
