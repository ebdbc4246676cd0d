"""Assets back: fetch what is not here yet, and put in place what is whole."""

import os
import shutil
import stat
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

from release_assets import text
from release_assets.digest import Digest
from release_assets.download.errors import FileNotWrittenError, NoRoomError
from release_assets.download.fetch import File, Stream, fetch
from release_assets.download.partial_file import Partial, reserved_names
from release_assets.download.plan import (
    DownloadStep,
    Fetch,
    Keep,
    LocalState,
    Refuse,
    is_decided_by_digest,
    plan_download,
)
from release_assets.errors import NotBegunError, ReleaseAssetsError
from release_assets.files import NotRegularFileError, open_regular_file
from release_assets.github import BadCredentialsError, GitHub, NotFoundError, PermissionDeniedError
from release_assets.models import Asset, Release
from release_assets.plan import ReleaseNotFoundError
from release_assets.reporter import Reporter

FATAL_ERRORS = (BadCredentialsError, PermissionDeniedError, NoRoomError, ReleaseNotFoundError)
"""After one of these no other file can fare better."""

_BLOCK = 256 * 1024  # bytes read at a time for hashing


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadResult:
    """What became of one asset."""

    asset: Asset
    path: Path | None  # None: standard output
    name: Literal["downloaded", "unchanged", "failed"]
    digest: Digest | None = None  # of the bytes that are here
    resumed_at: int = 0  # bytes that an earlier run had left
    seconds: float = 0.0
    error: ReleaseAssetsError | None = None

    @property
    def verified(self) -> bool:
        """Whether GitHub told a digest, and the bytes have it; else their number alone is right."""
        return self.digest is not None and self.digest == self.asset.digest


def look(targets: Sequence[tuple[Asset, Path]], *, overwrite: bool) -> tuple[DownloadStep, ...]:
    """Return what to do about each asset, by what stands where it is to stand."""

    def one(target: tuple[Asset, Path]) -> DownloadStep:
        asset, path = target
        return plan_download(asset, path, _here(path, asset), overwrite=overwrite)

    with ThreadPoolExecutor(4) as pool:
        return tuple(pool.map(one, targets))


def check_room(steps: Sequence[DownloadStep], directory: Path) -> None:
    """Compare what is to come with the room on the disk, before the first byte.

    Raises: NoRoomError.
    """
    needed = sum(step.asset.size for step in steps if isinstance(step, Fetch))
    try:
        free = shutil.disk_usage(directory).free
    except OSError:
        return  # the first file tells better what is wrong
    if needed > free:
        raise NoRoomError(
            f"{text.size(needed)} are to come, and there is room for {text.size(free)}",
            where=str(directory),
            fix="make room, or give another directory with `--dir`",
        )


def directory_for(path: Path) -> Path:
    """Make sure of a directory, and return it.

    Raises: FileNotWrittenError.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        usable = os.access(path, os.W_OK | os.X_OK)
    except OSError as error:
        raise FileNotWrittenError(
            f"the directory {path} cannot be made: {error.strerror or error}",
            fix="give another with `--dir`",
        ) from error
    if not usable:
        raise FileNotWrittenError(
            f"the directory {path} cannot be written",
            fix="give one that you may write with `--dir`",
        )
    return path


def fetch_all(
    release: Release,
    steps: Sequence[DownloadStep],
    github: GitHub,
    reporter: Reporter,
    done: dict[int, DownloadResult],
    names: Iterable[str] = (),
) -> None:
    """Carry out landings side by side, the largest first, and tell each when it stands.

    What would stop every one of them stops all, and is the error of the first alone.

    done: filled in with what became of each, by its number. names: of all assets of the release;
    no file that a download grows in gets one of them.
    """
    verdict = _Verdict(release, github)
    reserved = reserved_names(
        (
            *names,
            *(asset.name for asset in release.assets),
            *(step.path.name for step in steps),
        )
    )

    def one(number: int) -> None:
        done[number] = found = _carry_out(steps[number], github, reporter, verdict, reserved)
        if found.name != "failed":
            reporter.line(line_of(found))

    order = sorted(range(len(steps)), key=lambda at: steps[at].asset.size, reverse=True)
    with ThreadPoolExecutor(min(github.session.limiter.max_concurrency, len(order)) or 1) as pool:
        for _ in pool.map(one, order):
            pass


def in_order(
    steps: Sequence[DownloadStep], done: Mapping[int, DownloadResult]
) -> tuple[DownloadResult, ...]:
    """Return what became of each asset that was begun, in the order of the release."""
    return tuple(done[number] for number in range(len(steps)) if number in done)


def fetch_to_stream(
    asset: Asset, stream: BinaryIO, github: GitHub, reporter: Reporter
) -> DownloadResult:
    """Write an asset to a stream as it comes in, and verify it at the end.

    Raises: ReleaseAssetsError; what was written by then is not to be trusted.
    """
    began = github.session.clock.elapsed()
    digest = fetch(asset, Stream(stream, asset), github, reporter)
    seconds = github.session.clock.elapsed() - began
    return DownloadResult(asset=asset, path=None, name="downloaded", digest=digest, seconds=seconds)


def line_of(found: DownloadResult) -> str:
    """Return the line that tells what became of an asset."""
    line = f"{found.name} {found.path or found.asset.name}, {text.size(found.asset.size)}"
    if found.name == "downloaded":
        line += f" in {text.seconds(found.seconds)}"
    if found.resumed_at:
        line += f", after {text.size(found.resumed_at)} of an earlier run"
    if found.digest:
        line += f", {found.digest}"
        line += "" if found.verified else " (GitHub tells no digest to compare)"
    return line


def _here(path: Path, asset: Asset) -> LocalState:
    try:
        status = path.stat()
    except FileNotFoundError:
        # A link to nothing is there all the same.
        return LocalState(kind="other" if path.is_symlink() else "nothing")
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        return LocalState(kind="other")
    if not is_decided_by_digest(asset, status.st_size):
        return LocalState(kind="file", size=status.st_size)
    digest, size = sha256(), 0
    try:
        with os.fdopen(open_regular_file(path), "rb", buffering=0) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except NotRegularFileError:
        return LocalState(kind="other")  # since its status was taken
    except OSError as error:
        raise _unreadable(path, error) from error
    return LocalState(kind="file", size=size, digest=Digest.of(digest))


def _unreadable(path: Path, error: OSError) -> FileNotWrittenError:
    return FileNotWrittenError(
        f"{path} cannot be looked at: {error.strerror or error}",
        fix="give a directory that you may read and write with `--dir`",
    )


class _Verdict:
    """Whether it makes sense to go on."""

    def __init__(self, release: Release, github: GitHub) -> None:
        self._release = release
        self._github = github
        self._judging = threading.Lock()
        self.is_hopeless = False

    def on(self, problem: ReleaseAssetsError, path: Path) -> ReleaseAssetsError:
        """Return what to tell of a file that a problem kept from coming."""
        with self._judging:
            if self.is_hopeless and isinstance(problem, (NotFoundError, *FATAL_ERRORS)):
                return NotBegunError(str(path))  # its cause was told
            if isinstance(problem, NotFoundError):
                problem = self._gone(problem)
            self.is_hopeless = self.is_hopeless or isinstance(problem, FATAL_ERRORS)
            return problem

    def _gone(self, problem: NotFoundError) -> ReleaseAssetsError:
        """Return the problem of an asset, or that of its release, if this is what is gone."""
        try:
            self._github.get_release(self._release.id)
        except NotFoundError:
            return ReleaseNotFoundError(
                f"the release `{self._release.tag}` is not there any more",
                where=self._release.html_url,
                fix="see `release-assets list`, and name a release that is there",
            )
        except ReleaseAssetsError as other:
            return other if isinstance(other, FATAL_ERRORS) else problem
        return problem


def _carry_out(
    step: DownloadStep,
    github: GitHub,
    reporter: Reporter,
    verdict: _Verdict,
    reserved: Collection[str],
) -> DownloadResult:
    """Never raises a ReleaseAssetsError: the others go on."""
    asset, path = step.asset, Path(step.path)
    if isinstance(step, Keep):
        return DownloadResult(asset=asset, path=path, name="unchanged", digest=step.digest)
    try:
        if isinstance(step, Refuse):
            raise step.error
        with github.session.limiter.slot():
            if verdict.is_hopeless:
                raise NotBegunError(str(path))
            return _fetch(asset, Partial(path, asset, reserved), path, github, reporter)
    except ReleaseAssetsError as error:
        return DownloadResult(asset=asset, path=path, name="failed", error=verdict.on(error, path))


def _fetch(
    asset: Asset, part: Partial, path: Path, github: GitHub, reporter: Reporter
) -> DownloadResult:
    began = github.session.clock.elapsed()
    try:
        sink = File(part)
        digest = fetch(asset, sink, github, reporter)
        part.put_in_place()
    finally:
        part.leave()
    seconds = github.session.clock.elapsed() - began
    return DownloadResult(
        asset=asset,
        path=path,
        name="downloaded",
        digest=digest,
        resumed_at=sink.resumed_at,
        seconds=seconds,
    )
