"""One asset back: the digest of its bytes as GitHub hands them out."""

from hashlib import sha256

from release_assets.github.client import GitHub
from release_assets.github.errors import NotFoundError, TransientError, VerificationFailedError
from release_assets.models import Asset


def download_digest(asset: Asset, github: GitHub, expected: str | None = None) -> str:
    """Return the digest of an asset's bytes, `sha256:<hex>`; try again when the download fails.

    expected: another one is believed only when it is read twice, since much would be done for it.

    Raises: GitHubError.
    """
    session = github.session
    doubtful: str | None = None
    for attempt in range(1, session.max_attempts + 1):
        try:
            digest = _read(asset, github)
        except (TransientError, NotFoundError) as problem:
            if attempt == session.max_attempts:
                raise
            session.wait_to_look(problem, f"reading `{asset.name}` back", attempt)
            continue
        if expected is None or digest in {expected, doubtful}:
            return digest
        doubtful = digest
    if doubtful is None:
        raise AssertionError("max_attempts is at least 1")
    return doubtful


def _read(asset: Asset, github: GitHub) -> str:
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
    return f"sha256:{digest.hexdigest()}"
