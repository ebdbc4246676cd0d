"""Writes files into a directory of the workspace, owned by the owner of the workspace."""

import os
import sys
from pathlib import Path

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_CLOEXEC", 0)


def write_files(workspace: Path, directory: str, files: dict[str, bytes]) -> None:
    """Write files into a directory of the workspace, which is created if it is missing.

    files: content by file name. Links are not followed, because they may lead out of the workspace.
    A file of the same name is replaced, not written to. Root gives the directory and the files to
    the owner and group of the workspace: on a self-hosted runner, the next checkout cannot delete
    files of root.

    Source: https://github.com/actions/runner/issues/434

    Raises: OSError.
    """
    if sys.platform == "win32":
        _write_by_path(workspace / directory, files)
        return
    workspace_descriptor = os.open(workspace, _DIRECTORY)
    try:
        inner = _open_directory(workspace_descriptor, directory)
    finally:
        os.close(workspace_descriptor)
    try:
        for name, content in files.items():
            _write(inner, name, content)
    finally:
        os.close(inner)


if sys.platform == "win32":

    def _write_by_path(directory: Path, files: dict[str, bytes]) -> None:
        """Write files on Windows, which has no root and no descriptors of directories."""
        directory.mkdir(exist_ok=True)
        if directory.is_symlink() or os.path.realpath(directory) != os.path.join(  # noqa: PTH118
            os.path.realpath(directory.parent), directory.name
        ):
            raise NotADirectoryError(None, "it is a link", str(directory))
        for name, content in files.items():
            new = directory / f"{name}.{os.urandom(4).hex()}"
            with new.open("xb") as stream:
                stream.write(content)
            new.replace(directory / name)

else:

    def _open_directory(workspace_descriptor: int, name: str) -> int:
        """Create a directory in the workspace unless it exists, and return its descriptor."""
        try:
            os.mkdir(name, 0o755, dir_fd=workspace_descriptor)
            is_new = True
        except FileExistsError:
            is_new = False
        inner = os.open(name, _DIRECTORY | _NO_LINK, dir_fd=workspace_descriptor)
        try:
            _change_owner(inner, os.fstat(workspace_descriptor))
            if is_new:
                os.fchmod(inner, 0o755)  # regardless of the umask
        except OSError:
            os.close(inner)
            raise
        return inner

    def _write(directory: int, name: str, content: bytes) -> None:
        new = f"{name}.{os.urandom(4).hex()}"
        descriptor = os.open(new, _NEW_FILE, 0o644, dir_fd=directory)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                _change_owner(descriptor, os.fstat(directory))
                os.fchmod(descriptor, 0o644)
                stream.write(content)
            os.rename(new, name, src_dir_fd=directory, dst_dir_fd=directory)
        except OSError:
            os.unlink(new, dir_fd=directory)
            raise

    def _change_owner(descriptor: int, owner: os.stat_result) -> None:
        """Change the owner and group of a file or directory of root, if this process is root."""
        status = os.fstat(descriptor)
        if os.geteuid() != 0 or status.st_uid != 0:
            return
        if (status.st_uid, status.st_gid) != (owner.st_uid, owner.st_gid):
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
