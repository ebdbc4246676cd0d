"""Writes a file into a directory of the workspace, so that the workspace's owner can delete it."""

import os
import secrets
import sys
from pathlib import Path

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_CLOEXEC", 0)


def write_files(workspace: Path, directory: str, files: dict[str, bytes]) -> None:
    """Write files, by name, into a directory of the workspace, which is made where it is missing.

    No link is followed: another may have put one there that leads out of the workspace. A file of
    the same name is replaced, not written to. As root, directory and files are given to the owner
    and group of the workspace: what a container leaves as root, the next checkout on a self-hosted
    runner cannot delete.

    Source: https://github.com/actions/runner/issues/434

    Raises: OSError.
    """
    if sys.platform == "win32":
        _write_by_path(workspace / directory, files)
        return
    top = os.open(workspace, _DIRECTORY)
    try:
        inner = _directory_in(top, directory)
    finally:
        os.close(top)
    try:
        for name, content in files.items():
            _write(inner, name, content)
    finally:
        os.close(inner)


if sys.platform == "win32":

    def _write_by_path(directory: Path, files: dict[str, bytes]) -> None:
        """Write files where nobody is root, and no directory can be held by a descriptor."""
        directory.mkdir(exist_ok=True)
        if directory.is_symlink() or os.path.realpath(directory) != os.path.join(  # noqa: PTH118
            os.path.realpath(directory.parent), directory.name
        ):
            raise NotADirectoryError(None, "it is a link", str(directory))
        for name, content in files.items():
            new = directory / f"{name}.{secrets.token_hex(4)}"
            with new.open("xb") as stream:
                stream.write(content)
            new.replace(directory / name)

else:

    def _directory_in(top: int, name: str) -> int:
        """Return a descriptor of a directory in the workspace, whose descriptor is top."""
        try:
            os.mkdir(name, 0o755, dir_fd=top)
            is_new = True
        except FileExistsError:
            is_new = False
        inner = os.open(name, _DIRECTORY | _NO_LINK, dir_fd=top)
        try:
            _give(inner, os.fstat(top))
            if is_new:
                os.fchmod(inner, 0o755)  # whatever the umask
        except OSError:
            os.close(inner)
            raise
        return inner

    def _write(directory: int, name: str, content: bytes) -> None:
        new = f"{name}.{secrets.token_hex(4)}"
        descriptor = os.open(new, _NEW_FILE, 0o644, dir_fd=directory)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                _give(descriptor, os.fstat(directory))
                os.fchmod(descriptor, 0o644)
                stream.write(content)
            os.rename(new, name, src_dir_fd=directory, dst_dir_fd=directory)
        except OSError:
            os.unlink(new, dir_fd=directory)
            raise

    def _give(descriptor: int, owner: os.stat_result) -> None:
        """Give a file or a directory of root to an owner and a group, when root does it."""
        status = os.fstat(descriptor)
        if os.geteuid() != 0 or status.st_uid != 0:
            return
        if (status.st_uid, status.st_gid) != (owner.st_uid, owner.st_gid):
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
