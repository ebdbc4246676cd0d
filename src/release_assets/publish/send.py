"""Uploads one file, verifies the asset, and discards a corrupt one."""

from collections.abc import Callable, Iterator

from release_assets.digest import Digest
from release_assets.files import FileChangedError, ParallelHash, read_blocks
from release_assets.github import BLOCK, NotFoundError, VerificationFailedError, download_digest
from release_assets.light_dataclasses import dataclass, replace
from release_assets.models import Asset, LocalFile
from release_assets.publish.upload_context import UploadContext
from release_assets.stop import Stop
from release_assets.wording import words

_LARGE = 16 * 1024 * 1024
"""Bytes; a smaller file is hashed in the same thread, since a second thread saves no time."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An upload that GitHub confirmed, and the error if it is corrupt."""

    asset: Asset  # with the digest that was read back, if any
    digest: Digest | None  # of the content that was sent
    error: FileChangedError | VerificationFailedError | None = None


@dataclass(frozen=True, kw_only=True)
class FileToSend:
    """A file to upload under a name, how to verify it, and what to call meanwhile."""

    file: LocalFile
    name: str
    expected: Digest | None  # of the file, if it is known
    read_back: bool  # whether to download the asset if GitHub reports no digest
    moved: Callable[[int], None]  # called with the bytes that were sent so far
    uploaded: Callable[[Asset], None]  # called with the asset before it is verified


def send(to_send: FileToSend, context: UploadContext) -> Sent:
    """Upload a file under a name, and verify the asset.

    Raises: GitHubError, FileChangedError.
    """
    file = to_send.file
    body = Body(file, context.github.session.stop, to_send.moved)
    asset = context.github.upload_asset(
        context.release,
        name=to_send.name,
        label=file.label,
        content_type=file.content_type,
        body=body,
        known_ids=context.known_ids,
    )
    to_send.uploaded(asset)
    return _verify(asset, body.digest, to_send, context)


def _verify(
    asset: Asset, digest: Digest | None, to_send: FileToSend, context: UploadContext
) -> Sent:
    """Compare an upload with the file.

    digest: of the bytes that were sent.

    Raises: GitHubError.
    """
    file = to_send.file
    if digest is not None and to_send.expected is not None and digest != to_send.expected:
        return Sent(asset=asset, digest=digest, error=FileChangedError(file.shown))
    is_whole = asset.is_complete and asset.size == file.size
    if to_send.read_back and asset.digest is None and is_whole:
        asset = replace(asset, digest=download_digest(asset, context.github, digest))
    return Sent(asset=asset, digest=digest, error=_verification_error(asset, digest, file))


def discard(asset: Asset, context: UploadContext) -> None:
    """Delete a corrupt asset that this run has just uploaded.

    The response with its id may be wrong, too. So the asset is deleted only if the release lists this
    id and name. The list may lag, so it is read again.

    Raises: GitHubError.
    """

    def delete(_attempt: int) -> None:
        if not any((asset.id, asset.name) == (one.id, one.name) for one in context.listing.get()):
            raise NotFoundError("GitHub does not list it yet", where=asset.name)
        if not context.github.delete_asset(asset.id):
            raise NotFoundError("GitHub does not know it yet", where=asset.name)

    try:
        context.github.session.retry(delete, f"deleting {asset.name}", (NotFoundError,))
    except NotFoundError:
        return  # the next replan deletes it, if it is listed then


def _verification_error(
    asset: Asset, digest: Digest | None, file: LocalFile
) -> VerificationFailedError | None:
    """Return an error if state, size or digest of an upload differ from the file; else None."""
    if not asset.is_complete:
        what = f"its state is {asset.state!r}"
    elif asset.size != file.size:
        what = f"GitHub has {asset.size:,} of {file.size:,} bytes"
    elif asset.digest is not None and asset.digest != digest:
        what = f"its digest is {asset.digest}, not {digest}"
    else:
        return None
    return VerificationFailedError(
        f"the upload did not arrive intact: {what}",
        where=file.shown,
        fix=words(
            "{RUN_AGAIN}; if it happens again, something on the way changes bytes: check proxies, "
            "or use another runner"
        ),
    )


class Body:
    """The body of an upload: read from the file at every attempt, and hashed on the way."""

    def __init__(
        self, file: LocalFile, stop: Stop, moved: Callable[[int], None] = lambda _: None
    ) -> None:
        self._file = file
        self._stop = stop
        self._moved = moved
        self.digest: Digest | None = None  # None until all bytes are read

    def __len__(self) -> int:
        return self._file.size

    def __iter__(self) -> Iterator[bytes]:
        self.digest = None
        remaining = self._file.size
        self._moved(0)
        with ParallelHash(in_thread=remaining > _LARGE) as digest:
            for block in read_blocks(self._file, BLOCK, digest.buffer_count):
                self._stop.check()
                digest.update(block)
                remaining -= len(block)
                if not remaining:
                    self.digest = digest.end()
                yield block  # type: ignore[misc] # a memoryview, sent without a copy
                self._moved(self._file.size - remaining)
