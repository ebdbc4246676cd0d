"""Performs downloads in parallel, and stops all of them after a fatal error."""

import threading
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from release_assets.download.errors import NoRoomError
from release_assets.download.fetch import FileSink, StreamSink, fetch
from release_assets.download.partial_file import PartialFile, reserved_names
from release_assets.download.plan import DownloadStep, Keep, Refuse
from release_assets.download.result import DownloadResult, result_line
from release_assets.errors import NotStartedError, ReleaseAssetsError
from release_assets.github import BadCredentialsError, GitHub, NotFoundError, PermissionDeniedError
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset, Release
from release_assets.plan import ReleaseNotFoundError
from release_assets.reporter import Reporter

FATAL_ERRORS = (BadCredentialsError, PermissionDeniedError, NoRoomError, ReleaseNotFoundError)
"""Errors that will fail every remaining download."""


def fetch_all(
    release: Release,
    steps: Sequence[DownloadStep],
    github: GitHub,
    reporter: Reporter,
    results: dict[int, DownloadResult],
    asset_names: Iterable[str] = (),
) -> None:
    """Perform the steps in parallel, the largest first, and log each result.

    A fatal error stops all downloads; only the first one reports it.

    results: filled in with the result of each step, by its index. asset_names: names of all assets
    of the release; no partial file gets one of them.
    """
    downloader = _Downloader(
        github=github,
        reporter=reporter,
        abort=_AbortCheck(release, github),
        reserved=_reserved(release, steps, asset_names),
    )

    def perform(index: int) -> None:
        results[index] = result = downloader.perform(steps[index])
        if result.status != "failed":
            reporter.line(result_line(result))

    order = sorted(range(len(steps)), key=lambda index: steps[index].asset.size, reverse=True)
    with ThreadPoolExecutor(min(github.session.limiter.max_concurrency, len(order)) or 1) as pool:
        for _ in pool.map(perform, order):
            pass


def fetch_to_stream(
    asset: Asset, stream: BinaryIO, github: GitHub, reporter: Reporter
) -> DownloadResult:
    """Write an asset to a stream while it is downloaded, and verify it at the end.

    Raises: ReleaseAssetsError; the bytes that were written before are not verified.
    """
    started = github.session.clock.elapsed()
    digest = fetch(asset, StreamSink(stream, asset), github, reporter)
    seconds = github.session.clock.elapsed() - started
    return DownloadResult(
        asset=asset, path=None, status="downloaded", digest=digest, seconds=seconds
    )


class _AbortCheck:
    """Decides which errors are fatal, and remembers whether there was one."""

    def __init__(self, release: Release, github: GitHub) -> None:
        self._release = release
        self._github = github
        self._lock = threading.Lock()
        self.is_aborted = False

    def error_to_report(self, error: ReleaseAssetsError, path: Path) -> ReleaseAssetsError:
        """Return the error to report for a failed download; abort if it is fatal."""
        with self._lock:
            if self.is_aborted and isinstance(error, (NotFoundError, *FATAL_ERRORS)):
                return NotStartedError(str(path))  # the first download has reported the cause
            if isinstance(error, NotFoundError):
                error = self._check_release(error)
            self.is_aborted = self.is_aborted or isinstance(error, FATAL_ERRORS)
            return error

    def _check_release(self, error: NotFoundError) -> ReleaseAssetsError:
        """Return the error of the asset, or another one if the whole release is missing."""
        try:
            self._github.get_release(self._release.id)
        except NotFoundError:
            return ReleaseNotFoundError(
                f"the release `{self._release.tag}` no longer exists",
                where=self._release.html_url,
                fix="name another release, or publish this one again",
            )
        except ReleaseAssetsError as other:
            return other if isinstance(other, FATAL_ERRORS) else error
        return error


@dataclass(frozen=True, kw_only=True)
class _Downloader:
    """Performs the steps of one run."""

    github: GitHub
    reporter: Reporter
    abort: _AbortCheck
    reserved: Collection[str]  # names that no partial file gets

    def perform(self, step: DownloadStep) -> DownloadResult:
        """Return the result of a step; a ReleaseAssetsError is in it, so that others continue."""
        asset, path = step.asset, Path(step.path)
        if isinstance(step, Keep):
            return DownloadResult(asset=asset, path=path, status="unchanged", digest=step.digest)
        try:
            if isinstance(step, Refuse):
                raise step.error
            with self.github.session.limiter.slot():
                if self.abort.is_aborted:
                    raise NotStartedError(str(path))
                return self._fetch(asset, path)
        except ReleaseAssetsError as error:
            error = self.abort.error_to_report(error, path)
            return DownloadResult(asset=asset, path=path, status="failed", error=error)

    def _fetch(self, asset: Asset, path: Path) -> DownloadResult:
        partial = PartialFile(path, asset, self.reserved)
        started = self.github.session.clock.elapsed()
        try:
            sink = FileSink(partial)
            digest = fetch(asset, sink, self.github, self.reporter)
            partial.move_to_target()
        finally:
            partial.close()
        return DownloadResult(
            asset=asset,
            path=path,
            status="downloaded",
            digest=digest,
            resumed_at=sink.resumed_at,
            seconds=self.github.session.clock.elapsed() - started,
        )


def _reserved(
    release: Release, steps: Sequence[DownloadStep], asset_names: Iterable[str]
) -> frozenset[str]:
    """Return the names that belong to an asset or a target."""
    targets = (step.path.name for step in steps)
    return reserved_names([*asset_names, *(asset.name for asset in release.assets), *targets])
