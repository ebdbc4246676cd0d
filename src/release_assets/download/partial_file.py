"""The file that a download grows in: found again by the next run, held by one, put in place whole."""

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
_LONGEST = 180  # characters of the asset's name in that of the file: 255 bytes are a name's limit
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_TRIES = 5


class Partial:
    """A file beside the one that it is to become.

    Its name tells the asset, whose bytes never change, so that what an earlier run left can be
    gone on with. Where another process is at it already, this one has a file of its own, which
    does not outlive it. What is put in place is the very file that was written, whatever has
    become of its name meanwhile.

    reserved: names in the directory that it must not have, as reserved_names gives them.

    Every method raises FileNotWrittenError when the disk refuses.
    """

    def __init__(self, path: Path, asset: Asset, reserved: Collection[str] = ()) -> None:
        self._target = path
        key = sha256(asset.url.encode()).hexdigest()[:12]
        stem = f"{path.name[:_LONGEST]}.{key}"
        shared = _free_path(path, (f"{stem}{_numbered(at)}{SUFFIX}" for at in count()), reserved)
        try:
            number = _hold(shared)
            self._stays = number is not None
            self.path = shared
            if number is None:
                random = (f"{stem}-{secrets.token_hex(4)}{SUFFIX}" for _ in count())
                self.path = _free_path(path, random, reserved)
                number = os.open(self.path, _FLAGS | os.O_EXCL, 0o666)
        except OSError as error:
            raise _not_written(shared, error) from error
        self._stream = os.fdopen(number, "r+b", buffering=0)
        self._opened = os.fstat(number)

    def blocks(self) -> Iterator[bytes]:
        """Yield what an earlier run left; what is written next comes after it."""
        try:
            self._stream.seek(0)
            while block := self._stream.read(_BLOCK):
                yield block
        except OSError as error:
            raise _not_written(self.path, error) from error

    def write(self, block: bytes) -> None:
        """Add bytes."""
        view = memoryview(block)
        try:
            while view:
                view = view[self._stream.write(view) :]
        except OSError as error:
            raise _not_written(self.path, error) from error

    def restart(self) -> None:
        """Forget all bytes."""
        try:
            self._stream.seek(0)
            self._stream.truncate()
        except OSError as error:
            raise _not_written(self.path, error) from error

    def put_in_place(self) -> None:
        """Let it become the file that it is for, in place of one that is there."""
        try:
            written = os.fstat(self._stream.fileno())
            if sys.platform == "win32":
                self._stream.close()  # Windows renames no file that is open
            if not _is_at(self.path, written):
                raise _replaced(self.path)
            os.replace(self.path, self._target)  # noqa: PTH105 - Path.replace is the same
            # Between the check and the renaming, another may have put its own file there.
            if not _is_at(self._target, written):
                raise _replaced(self._target)
        except OSError as error:
            raise _not_written(self._target, error) from error
        finally:
            self._stream.close()

    def leave(self) -> None:
        """Close it; keep it for the next run when there is something in it to go on with."""
        if self._stream.closed:
            return
        try:
            empty = os.fstat(self._stream.fileno()).st_size == 0
            # On Windows nobody can have replaced it while it was open.
            is_ours = sys.platform == "win32" or _is_at(self.path, self._opened)
            if sys.platform == "win32":
                self._stream.close()
            if is_ours and (empty or not self._stays):
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise _not_written(self.path, error) from error
        finally:
            self._stream.close()


def reserved_names(names: Iterable[str]) -> frozenset[str]:
    """Return names as Partial takes them: alike where some file system holds them for one."""
    return frozenset(map(_folded, names))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _numbered(number: int) -> str:
    return f"-{number}" if number else ""


def _free_path(target: Path, names: Iterator[str], reserved: Collection[str]) -> Path:
    """Return the first of some names that is nobody else's, as a path beside the target."""
    return target.with_name(next(name for name in names if _folded(name) not in reserved))


def _hold(path: Path) -> int | None:
    """Open a file for this process alone; None when another holds it, or nobody can tell."""
    for _ in range(_TRIES):
        number = os.open(path, _FLAGS, 0o666)
        try:
            status = os.fstat(number)
            if not stat.S_ISREG(status.st_mode):
                raise FileExistsError(None, "it is no regular file", str(path))
            if not _lock(number):
                os.close(number)
                return None
            if status.st_nlink > 1:  # what is written here would be in another file too
                os.close(number)
                return None
            # Between opening and locking, another may have put it in its place.
            if _is_at(path, status):
                return number
        except OSError:
            os.close(number)
            raise
        os.close(number)
    return None


def _is_at(path: Path, status: os.stat_result) -> bool:
    """Say whether a path names the file whose status was taken by its descriptor."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    if sys.platform == "win32":
        # A file that is renamed may get another number there, and until Python 3.12 the status of
        # a path told other numbers than that of a descriptor.
        return (there.st_size, there.st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    return os.path.samestat(there, status)


if sys.platform == "win32":

    def _lock(number: int) -> bool:
        with suppress(OSError):
            os.lseek(number, 1 << 40, os.SEEK_SET)  # a byte that nobody reads or writes
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
            os.lseek(number, 0, os.SEEK_SET)
            return True
        return False

else:

    def _lock(number: int) -> bool:
        with suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


def _replaced(path: Path) -> FileNotWrittenError:
    return FileNotWrittenError(
        f"{path} was replaced by another program while it was downloaded",
        fix="see what else writes to that directory, then run the command again",
    )


def _not_written(path: Path, error: OSError) -> FileNotWrittenError:
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return (NoRoomError if is_full else FileNotWrittenError)(
        f"{path} cannot be written: {error.strerror or error}",
        fix="make room, or give a directory that you may write with `--dir` or `--output`",
    )
