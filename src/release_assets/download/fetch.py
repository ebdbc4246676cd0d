"""Downloads the bytes of one asset, resumes after an interruption, and verifies them."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO, Protocol

from release_assets.digest import Digest
from release_assets.download.errors import FileNotWrittenError
from release_assets.download.partial_file import PartialFile
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

_PROGRESS_BYTES = 1024 * 1024  # in one attempt
_RANGE_NOT_SATISFIABLE = 416


class Sink(Protocol):
    """A destination for the bytes of an asset."""

    resumed_at: int  # bytes that an earlier run had written

    def existing_blocks(self) -> Iterator[bytes]:
        """Yield the bytes that exist already."""

    def write(self, block: bytes) -> None:
        """Append bytes."""

    def restart(self, error: GitHubError) -> None:
        """Discard all bytes. Raises: an error when that is impossible."""


class FileSink:
    """A partial file, which an earlier run may have started."""

    def __init__(self, partial: PartialFile) -> None:
        self._partial = partial
        self.resumed_at = 0

    def existing_blocks(self) -> Iterator[bytes]:
        """Yield the bytes that an earlier run has written."""
        return self._partial.blocks()

    def write(self, block: bytes) -> None:
        """Append bytes."""
        self._partial.write(block)

    def restart(self, error: GitHubError) -> None:  # noqa: ARG002 - a file can always be restarted
        """Discard all bytes."""
        self._partial.restart()
        self.resumed_at = 0


class StreamSink:
    """Standard output, which cannot discard what was written."""

    def __init__(self, stream: BinaryIO, asset: Asset) -> None:
        self._stream = stream
        self._asset = asset
        self._written = False
        self.resumed_at = 0

    def existing_blocks(self) -> Iterator[bytes]:
        """Yield nothing."""
        return iter(())

    def write(self, block: bytes) -> None:
        """Write bytes. Raises: FileNotWrittenError when the reader has closed the stream."""
        self._written = True
        try:
            self._stream.write(block)
            self._stream.flush()
        except OSError as error:
            raise FileNotWrittenError(
                f"`{self._asset.name}` cannot be written to standard output: {error.strerror or error}",
                fix="read all of the output, or write to a file with `--output FILE`",
            ) from error

    def restart(self, error: GitHubError) -> None:
        """Do nothing if nothing was written. Raises: the error, as a permanent one, otherwise."""
        if self._written:
            raise GitHubError(
                error.what,
                where=error.where,
                fix="discard what was written to standard output, and run the command again",
            ) from error


def fetch(asset: Asset, sink: Sink, github: GitHub, reporter: Reporter) -> Digest:
    """Write all bytes of an asset to a sink and return their digest; resume after interruptions.

    Raises: ReleaseAssetsError.
    """
    session = github.session
    transfer = _Transfer(asset, sink, lambda count: reporter.moved(asset.name, count, asset.size))
    transfer.resume()
    session.retry(
        lambda _: transfer.fetch(github, session.stop.check),
        f"downloading `{asset.name}`",
        (TransientError, NotFoundError),
        transfer.has_progressed,
    )
    return transfer.digest


class _Transfer:
    """The bytes of an asset that were received, and their digest."""

    def __init__(self, asset: Asset, sink: Sink, moved: Callable[[int], None]) -> None:
        self._asset = asset
        self._sink = sink
        self._moved = moved
        self._hash = sha256()
        self.count = 0
        self._start = 0  # of the last attempt

    @property
    def digest(self) -> Digest:
        return Digest.of(self._hash)

    def has_progressed(self) -> bool:
        """Say whether the last attempt received enough for the attempts to count from 1 again."""
        return self.count - self._start >= _PROGRESS_BYTES

    def resume(self) -> None:
        """Continue after the bytes that the sink has already."""
        for block in self._sink.existing_blocks():
            self._add(block)
        self._sink.resumed_at = self.count
        if self.count > self._asset.size:
            self._restart(self._mismatch_error())

    def fetch(self, github: GitHub, check: Callable[[], None]) -> None:
        """Download the missing bytes, and verify size and digest of all.

        Raises: TransientError when bytes are missing or wrong.
        """
        self._start = self.count
        self._moved(self.count)
        try:
            if self.count < self._asset.size or not self.count:
                self._receive(github, check)
        except GitHubError as error:
            if not self._is_refused_range(error):
                raise
            # The server does not support this range: download from the start.
            self._restart(error)
            raise TransientError(error.what) from error
        self._verify()

    def _receive(self, github: GitHub, check: Callable[[], None]) -> None:
        for block in github.download_asset(self._asset.id, self.count):
            check()
            self._sink.write(block)
            self._add(block)
            self._moved(min(self.count, self._asset.size))
            if self.count > self._asset.size:
                break

    def _verify(self) -> None:
        if self.count != self._asset.size or self._asset.digest not in {None, self.digest}:
            mismatch = self._mismatch_error()
            self._restart(mismatch)
            raise mismatch

    def _is_refused_range(self, error: GitHubError) -> bool:
        is_refusal = error.status == _RANGE_NOT_SATISFIABLE
        is_refusal = is_refusal or isinstance(error, UnexpectedAnswerError)
        return is_refusal and self.count == self._start > 0

    def _add(self, block: bytes) -> None:
        self._hash.update(block)
        self.count += len(block)

    def _restart(self, error: GitHubError) -> None:
        self._sink.restart(error)
        self._hash = sha256()
        self.count = 0

    def _mismatch_error(self) -> VerificationFailedError:
        what = f"{self.count:,} of {self._asset.size:,} bytes arrived"
        if self.count == self._asset.size:
            what = f"its digest is {self.digest}, not {self._asset.digest}"
        return VerificationFailedError(
            f"`{self._asset.name}` did not arrive intact: {what}",
            where=self._asset.url,
            fix="run the command again; what arrived was discarded",
        )
