"""The bytes of one file out, and whether they arrived."""

from collections.abc import Callable, Iterator

from release_assets.content import read_blocks
from release_assets.digest import Digest
from release_assets.errors import FileChangedError
from release_assets.github.errors import (
    NotWritableError,
    PermissionDeniedError,
    VerificationFailedError,
)
from release_assets.github.transport import BLOCK
from release_assets.models import Asset, LocalFile
from release_assets.read_back import download_digest
from release_assets.stop import Stop
from release_assets.work import Work

_LARGE = 16 * 1024 * 1024
"""Bytes; hashing what is not larger takes less time than a thread beside it would save."""


def send(file: LocalFile, name: str, work: Work) -> Asset:
    """Upload under a name and verify what arrived; what is wrong is deleted at once."""

    def moved(count: int) -> None:
        if not count:
            work.began[file.name] = work.github.session.clock.elapsed()
        work.say.moved(file.name, count, file.size)

    body = Body(file, work.github.session.stop, moved)
    try:
        asset = work.github.upload_asset(
            work.release, name=name, label=file.label, content_type=file.content_type, body=body
        )
    except NotWritableError as error:
        # The release was just there: GitHub may lag behind itself once, but not twice.
        if file.name not in work.unwritable:
            work.unwritable.add(file.name)
            raise
        raise PermissionDeniedError(
            error.what, where=error.where, fix=error.fix, status=error.status
        ) from error
    known = work.digests.get(file.name)
    if body.digest is not None and known is not None and body.digest != known:
        work.discard(asset)
        raise FileChangedError(file.shown)
    if body.digest is not None:
        work.digests[file.name] = body.digest
    wrong = _wrong(asset, body.digest, file, work)
    if wrong:
        if asset.is_complete or asset.is_husk:
            work.discard(asset)  # of any other state nobody knows what becomes of it
        raise VerificationFailedError(
            f"{file.shown} did not arrive whole: {wrong}",
            where=asset.name,
            fix="run the job again: it looks what stands, and sends what does not",
        )
    return asset


def _wrong(asset: Asset, digest: str | None, file: LocalFile, work: Work) -> str:
    """Return what is wrong with an upload, nothing when all that can be compared agrees."""
    if not asset.is_complete:
        return f"its state is {asset.state!r}"
    if asset.size != file.size:
        return f"{asset.size} bytes of {file.size}"
    there = asset.digest
    if there is None and work.download_to_verify:
        there = download_digest(asset, work.github, digest)
    if there is not None and there != digest:
        return f"its digest is {there}, not {digest}"
    return ""


class Body:
    """The bytes of a file for an upload: read anew for every try, hashed as they go."""

    def __init__(
        self, file: LocalFile, stop: Stop, moved: Callable[[int], None] = lambda _: None
    ) -> None:
        self._file = file
        self._stop = stop
        self._moved = moved  # told how many bytes went out
        self.digest: str | None = None  # once all bytes were read

    def __len__(self) -> int:
        return self._file.size

    def __iter__(self) -> Iterator[bytes]:
        self.digest = None
        left = self._file.size
        self._moved(0)
        with Digest(beside=left > _LARGE) as digest:
            for block in read_blocks(self._file, BLOCK, digest.held):
                self._stop.check()
                digest.update(block)
                left -= len(block)
                if not left:
                    self.digest = digest.end()
                yield block  # type: ignore[misc] # a view of bytes, which is sent as they are
                self._moved(self._file.size - left)
