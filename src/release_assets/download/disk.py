"""The disk before a download: the existing files, the free space and the directory."""

import os
import shutil
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from release_assets import text
from release_assets.digest import hash_blocks
from release_assets.download.errors import FileNotWrittenError, NoRoomError
from release_assets.download.plan import (
    DownloadStep,
    Fetch,
    LocalState,
    needs_digest,
    plan_download,
)
from release_assets.files import NotRegularFileError, open_regular_file
from release_assets.models import Asset

_BLOCK = 256 * 1024  # bytes read at a time for hashing


def plan_downloads(
    targets: Sequence[tuple[Asset, Path]], *, overwrite: bool
) -> tuple[DownloadStep, ...]:
    """Return the step for each asset, given what the disk holds at its path.

    Raises: FileNotWrittenError when a path cannot be read.
    """

    def plan(target: tuple[Asset, Path]) -> DownloadStep:
        asset, path = target
        return plan_download(asset, path, _read_local_state(path, asset), overwrite=overwrite)

    with ThreadPoolExecutor(4) as pool:
        return tuple(pool.map(plan, targets))


def check_free_space(steps: Sequence[DownloadStep], directory: Path) -> None:
    """Compare the size of all downloads with the free space on the disk.

    Raises: NoRoomError.
    """
    needed = sum(step.asset.size for step in steps if isinstance(step, Fetch))
    try:
        free = shutil.disk_usage(directory).free
    except OSError:
        return  # the first download will report the cause more precisely
    if needed > free:
        raise NoRoomError(
            f"the downloads need {text.size(needed)}, but only {text.size(free)} are free",
            where=str(directory),
            fix="free some space, or choose another directory with `--dir`",
        )


def create_directory(path: Path) -> Path:
    """Create a directory unless it exists, check that it is writable, and return it.

    Raises: FileNotWrittenError.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(path, os.W_OK | os.X_OK)
    except OSError as error:
        raise FileNotWrittenError(
            f"the directory {path} cannot be created: {error.strerror or error}",
            fix="choose another directory with `--dir`",
        ) from error
    if not is_writable:
        raise FileNotWrittenError(
            f"the directory {path} is not writable",
            fix="choose a writable directory with `--dir`",
        )
    return path


def _read_local_state(path: Path, asset: Asset) -> LocalState:
    try:
        status = path.stat()
    except FileNotFoundError:
        # A broken link is in the way too.
        return LocalState(kind="other" if path.is_symlink() else "nothing")
    except OSError as error:
        raise _unreadable_error(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        return LocalState(kind="other")
    if not needs_digest(asset, status.st_size):
        return LocalState(kind="file", size=status.st_size)
    return _read_hashed_state(path)


def _read_hashed_state(path: Path) -> LocalState:
    try:
        with os.fdopen(open_regular_file(path), "rb", buffering=0) as stream:
            digest, size = hash_blocks(iter(lambda: stream.read(_BLOCK), b""))
    except NotRegularFileError:
        return LocalState(kind="other")  # the file was replaced after stat()
    except OSError as error:
        raise _unreadable_error(path, error) from error
    return LocalState(kind="file", size=size, digest=digest)


def _unreadable_error(path: Path, error: OSError) -> FileNotWrittenError:
    return FileNotWrittenError(
        f"{path} cannot be read: {error.strerror or error}",
        fix="choose another directory with `--dir`",
    )
