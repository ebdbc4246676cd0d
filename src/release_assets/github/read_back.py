"""Download an asset to compute its digest, where GitHub shows none."""

from collections.abc import Iterable, Iterator

from release_assets.digest import Digest, hash_blocks
from release_assets.github.client import GitHub
from release_assets.github.errors import NotFoundError, TransientError, VerificationFailedError
from release_assets.models import Asset
from release_assets.wording import words


def download_digest(asset: Asset, github: GitHub, expected: Digest | None = None) -> Digest:
    """Return the digest of an asset's bytes; retry when the download fails.

    expected: another digest is returned only when two downloads in a row have it, since the asset
    would then be uploaded again.

    Raises: GitHubError.
    """
    digest = _read_with_retry(asset, github)
    for _ in range(github.session.max_attempts - 1):
        if expected is None or digest == expected:
            break
        before, digest = digest, _read_with_retry(asset, github)
        if digest == before:
            break
    return digest


def _read_with_retry(asset: Asset, github: GitHub) -> Digest:
    what, retryable = f"reading `{asset.name}` back", (TransientError, NotFoundError)
    return github.session.retry(lambda _: _read(asset, github), what, retryable)


def _read(asset: Asset, github: GitHub) -> Digest:
    digest, size = hash_blocks(_until_longer(github.download_asset(asset.id), asset.size))
    if size != asset.size:
        more = "at least " if size > asset.size else ""
        raise VerificationFailedError(
            f"the download of `{asset.name}` has {more}{size} bytes instead of {asset.size}",
            fix=words("{RUN_AGAIN}"),
        )
    return digest


def _until_longer(blocks: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    """Yield blocks until they have more than so many bytes: a faulty server may never end."""
    size = 0
    for block in blocks:
        yield block
        size += len(block)
        if size > most_bytes:
            return
