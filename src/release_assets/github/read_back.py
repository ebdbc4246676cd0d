"""One asset back: the digest of its bytes as GitHub hands them out."""

from hashlib import sha256

from release_assets.digest import Digest
from release_assets.github.client import GitHub
from release_assets.github.errors import NotFoundError, TransientError, VerificationFailedError
from release_assets.models import Asset


def download_digest(asset: Asset, github: GitHub, expected: Digest | None = None) -> Digest:
    """Return the digest of an asset's bytes, retry when the download fails.

    expected: another one is believed only when it is read twice, since much would be done for it.

    Raises: GitHubError.
    """
    session = github.session

    def read() -> Digest:
        retryable = (TransientError, NotFoundError)
        return session.retry(
            lambda _: _read(asset, github), f"reading `{asset.name}` back", retryable
        )

    digest = read()
    for _ in range(session.max_attempts - 1):
        if expected is None or digest == expected:
            break
        before, digest = digest, read()
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
            break  # it may have no end
    if size != asset.size:
        more = "at least " if size > asset.size else ""
        raise VerificationFailedError(
            f"the download of `{asset.name}` has {more}{size} bytes instead of {asset.size}",
            fix="run the job again",
        )
    return Digest.of(digest)
