"""Download an asset to compute its digest, where GitHub shows none."""

from hashlib import sha256

from release_assets.digest import Digest
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
    session = github.session

    def read_with_retry() -> Digest:
        retryable = (TransientError, NotFoundError)
        return session.retry(
            lambda _: _read(asset, github), f"reading `{asset.name}` back", retryable
        )

    digest = read_with_retry()
    for _ in range(session.max_attempts - 1):
        if expected is None or digest == expected:
            break
        before, digest = digest, read_with_retry()
        if digest == before:
            break
    return digest


def _read(asset: Asset, github: GitHub) -> Digest:
    digest = sha256()
    size = 0
    for block in github.download_asset(asset.id):
        digest.update(block)
        size += len(block)
        if size > asset.size:
            break  # a faulty server may never end
    if size != asset.size:
        more = "at least " if size > asset.size else ""
        raise VerificationFailedError(
            f"the download of `{asset.name}` has {more}{size} bytes instead of {asset.size}",
            fix=words("{RUN_AGAIN}"),
        )
    return Digest.of(digest)
