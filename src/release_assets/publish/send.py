"""The content of one file, uploaded and verified."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from release_assets.digest import Digest
from release_assets.files import FileChangedError, ParallelHash, read_blocks
from release_assets.github import BLOCK, NotFoundError, VerificationFailedError, download_digest
from release_assets.models import Asset, LocalFile
from release_assets.publish.context import UploadContext
from release_assets.stop import Stop

_LARGE = 16 * 1024 * 1024
"""Bytes; hashing what is not larger takes less time than a thread beside it would save."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An upload that GitHub confirmed, and what is wrong with it."""

    asset: Asset  # with the digest that was read back, where it was
    digest: Digest | None  # of the file, as it was sent
    fault: FileChangedError | VerificationFailedError | None = None


def send(
    file: LocalFile,
    name: str,
    context: UploadContext,
    *,
    expected: Digest | None,
    read_back: bool,
    moved: Callable[[int], None],
    uploaded: Callable[[Asset], None],
) -> Sent:
    """Upload a file under a name and compare what arrived.

    expected: digest of the file, if it is known. read_back: whether to download what GitHub
    reports no digest of. moved: called with the bytes that were sent so far. uploaded: called with
    the asset once GitHub has confirmed it, before its content is compared.

    Raises: GitHubError, FileChangedError.
    """
    body = Body(file, context.github.session.stop, moved)
    asset = context.github.upload_asset(
        context.release,
        name=name,
        label=file.label,
        content_type=file.content_type,
        body=body,
        known_ids=context.known_ids,
    )
    uploaded(asset)
    if body.digest is not None and expected is not None and body.digest != expected:
        return Sent(asset=asset, digest=body.digest, fault=FileChangedError(file.shown))
    if read_back and asset.digest is None and asset.is_complete and asset.size == file.size:
        asset = replace(asset, digest=download_digest(asset, context.github, body.digest))
    return Sent(asset=asset, digest=body.digest, fault=_fault(asset, body.digest, file))


def discard(asset: Asset, context: UploadContext) -> None:
    """Delete an asset that this run has just uploaded, and that is wrong.

    Only once the release lists it under the name that it was uploaded under: the answer that gave
    its id was wrong already. GitHub may list it late, so it is asked again.

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
        return  # planning again deletes it, should it show


def _fault(asset: Asset, digest: Digest | None, file: LocalFile) -> VerificationFailedError | None:
    """Return what is wrong with an upload, None when all that can be compared agrees."""
    if not asset.is_complete:
        what = f"its state is {asset.state!r}"
    elif asset.size != file.size:
        what = f"{asset.size} bytes of {file.size}"
    elif asset.digest is not None and asset.digest != digest:
        what = f"its digest is {asset.digest}, not {digest}"
    else:
        return None
    return VerificationFailedError(
        f"{file.shown} did not arrive whole: {what}",
        where=asset.name,
        fix="run the job again: it reads what is on the release, and sends what is not",
    )


class Body:
    """The content of a file for an upload: read anew for every attempt, hashed while it is sent."""

    def __init__(
        self, file: LocalFile, stop: Stop, moved: Callable[[int], None] = lambda _: None
    ) -> None:
        self._file = file
        self._stop = stop
        self._moved = moved
        self.digest: Digest | None = None  # once all bytes were read

    def __len__(self) -> int:
        return self._file.size

    def __iter__(self) -> Iterator[bytes]:
        self.digest = None
        left = self._file.size
        self._moved(0)
        with ParallelHash(in_thread=left > _LARGE) as digest:
            for block in read_blocks(self._file, BLOCK, digest.buffer_count):
                self._stop.check()
                digest.update(block)
                left -= len(block)
                if not left:
                    self.digest = digest.end()
                yield block  # type: ignore[misc] # a view of bytes, which is sent as they are
                self._moved(self._file.size - left)
