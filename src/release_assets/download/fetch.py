"""The bytes of one asset in: gone on with where they broke off, verified at the end."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO, Protocol

from release_assets.digest import Digest
from release_assets.download.errors import FileNotWrittenError
from release_assets.download.partial_file import Partial
from release_assets.github import (
    GitHub,
    GitHubError,
    NotFoundError,
    TransientError,
    UnexpectedAnswerError,
    VerificationFailedError,
)
from release_assets.models import Asset
from release_assets.reporter import Reporter

_WORTH_A_TRY = 1024 * 1024  # bytes: a try that brought so many does not count
_RANGE_REFUSED = 416


class Sink(Protocol):
    """Takes the bytes of an asset."""

    resumed_at: int  # bytes that were there before

    def old(self) -> Iterator[bytes]:
        """Yield the bytes that are there before."""

    def write(self, block: bytes) -> None:
        """Add bytes."""

    def restart(self, problem: GitHubError) -> None:
        """Forget all bytes. Raises: an error, where that cannot be done."""


class File:
    """A file that grows, and may have begun to in an earlier run."""

    def __init__(self, part: Partial) -> None:
        self._part = part
        self.resumed_at = 0

    def old(self) -> Iterator[bytes]:
        """Yield what an earlier run left."""
        return self._part.blocks()

    def write(self, block: bytes) -> None:
        """Add bytes."""
        self._part.write(block)

    def restart(self, problem: GitHubError) -> None:  # noqa: ARG002 - it can be done
        """Forget all bytes."""
        self._part.restart()
        self.resumed_at = 0


class Stream:
    """Standard output: what is written cannot be taken back."""

    def __init__(self, stream: BinaryIO, asset: Asset) -> None:
        self._stream = stream
        self._asset = asset
        self._written = False
        self.resumed_at = 0

    def old(self) -> Iterator[bytes]:
        """Yield nothing."""
        return iter(())

    def write(self, block: bytes) -> None:
        """Write bytes. Raises: FileNotWrittenError when nobody reads them."""
        self._written = True
        try:
            self._stream.write(block)
            self._stream.flush()
        except OSError as error:
            raise FileNotWrittenError(
                f"standard output took no more of `{self._asset.name}`: {error.strerror or error}",
                fix="read it to the end, or give a file with `--output FILE`",
            ) from error

    def restart(self, problem: GitHubError) -> None:
        """Do nothing while nothing is written. Raises: the problem, for good."""
        if self._written:
            raise GitHubError(
                problem.what,
                where=problem.where,
                fix="throw away what came on standard output, and run the command again",
            ) from problem


def fetch(asset: Asset, sink: Sink, github: GitHub, reporter: Reporter) -> Digest:
    """Bring all bytes of an asset into a sink and return their digest; go on where it broke off.

    Raises: ReleaseAssetsError.
    """
    session = github.session
    taken = _Received(asset, sink, lambda count: reporter.moved(asset.name, count, asset.size))
    taken.resume()
    attempt = 1
    while True:
        before = taken.count
        try:
            taken.fetch(github, session.stop.check)
        except (TransientError, NotFoundError) as problem:
            if taken.count - before >= _WORTH_A_TRY:
                attempt = 1
            if attempt >= session.max_attempts or _is_fatal(problem):
                raise
            # What breaks off in the middle says not how long to wait.
            told = isinstance(problem, TransientError) and problem.wait_seconds
            why = problem if told else GitHubError(problem.what)
            session.wait_before_retry(why, f"downloading `{asset.name}`", attempt)
            attempt += 1
        else:
            return taken.digest


def _is_fatal(problem: GitHubError) -> bool:
    return isinstance(problem, TransientError) and problem.wait_seconds is None


class _Received:
    """The bytes of an asset so far, and their digest."""

    def __init__(self, asset: Asset, sink: Sink, moved: Callable[[int], None]) -> None:
        self._asset = asset
        self._sink = sink
        self._moved = moved
        self._hash = sha256()
        self.count = 0

    @property
    def digest(self) -> Digest:
        return Digest.of(self._hash)

    def resume(self) -> None:
        """Go on with what the sink holds already."""
        for block in self._sink.old():
            self._add(block)
        self._sink.resumed_at = self.count
        if self.count > self._asset.size:
            self._restart(self._wrong())

    def fetch(self, github: GitHub, check: Callable[[], None]) -> None:
        """Take what is missing.

        Raises: TransientError when it is not all there then, or not what it should be.
        """
        start = self.count
        self._moved(start)
        try:
            if start < self._asset.size or not start:
                for block in github.download_asset(self._asset.id, start):
                    check()
                    self._sink.write(block)
                    self._add(block)
                    self._moved(min(self.count, self._asset.size))
                    if self.count > self._asset.size:
                        break
        except GitHubError as problem:
            refused = problem.status == _RANGE_REFUSED or isinstance(problem, UnexpectedAnswerError)
            if start and self.count == start and refused:
                # It can be had only from its start.
                self._restart(problem)
                raise TransientError(problem.what) from problem
            raise
        if self.count != self._asset.size or self._asset.digest not in {None, self.digest}:
            wrong = self._wrong()
            self._restart(wrong)
            raise wrong

    def _add(self, block: bytes) -> None:
        self._hash.update(block)
        self.count += len(block)

    def _restart(self, problem: GitHubError) -> None:
        self._sink.restart(problem)
        self._hash = sha256()
        self.count = 0

    def _wrong(self) -> VerificationFailedError:
        what = f"{self.count:,} bytes instead of {self._asset.size:,}"
        if self.count == self._asset.size:
            what = f"the digest {self.digest} instead of {self._asset.digest}"
        return VerificationFailedError(
            f"`{self._asset.name}` came with {what}",
            where=self._asset.url,
            fix="run the command again; nothing wrong was put in place",
        )
