"""Uploads the list of checksums; repeats it if other jobs changed the assets meanwhile."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from release_assets.digest import Digest, checksum_lines
from release_assets.files import fingerprint_of, hash_file
from release_assets.github import GitHub, download_digest
from release_assets.models import Asset, LocalFile, Result
from release_assets.names import asset_name, parse_swap_name
from release_assets.plan import (
    KnownDigests,
    RemoteAssets,
    Step,
    assets_kept_by,
    assets_to_read,
    is_write,
    plan_step,
    with_digests,
)
from release_assets.publish.upload import perform
from release_assets.publish.upload_context import UploadContext

_MAX_UPLOADS = 3  # if many jobs publish at the same time, the last one uploads the final list


def upload_checksum_list(
    name: str,
    assets: Callable[[], Sequence[Asset]],
    context: UploadContext,
    done: Callable[[Result], None],
) -> None:
    """Upload the list of checksums, until it matches the assets of the release.

    assets: returns the assets to list. done: called with the result of each upload.

    Raises: ReleaseAssetsError.
    """
    known: dict[int, Digest] = {}  # digests that were read back, by asset id
    first: Result | None = None
    uploaded: Digest | None = None
    for _ in range(_MAX_UPLOADS):
        listed = assets()
        with _list_file(name, listed, known, context.github) as file:
            digest = hash_file(file)
            if digest == uploaded:
                return
            uploaded = digest
            list_context = replace(context, overwrite="true", digests={file.name: digest})
            step = _plan(file, listed, digest, list_context)
            list_context.guard.protect(file.name, assets_kept_by(step))
            result = perform(step, list_context)
        first = first or result
        done(result if result.error else replace(result, status=first.status))
        if not is_write(step):
            return


def _plan(file: LocalFile, assets: Sequence[Asset], digest: Digest, context: UploadContext) -> Step:
    read = assets_to_read([file], assets, every=context.verify_by_download)
    remote = {asset.id: download_digest(asset, context.github) for asset in read}
    state = RemoteAssets(assets, context.files).state_of(file)
    known = KnownDigests(local={file.name: digest}, remote=remote)
    return with_digests(plan_step(file, state, overwrite="true", known=known), remote)


@contextmanager
def _list_file(
    name: str, assets: Sequence[Asset], known: dict[int, Digest], github: GitHub
) -> Iterator[LocalFile]:
    """Write the list of all other complete assets to a temporary file.

    known: asset id -> digest that was read back. If GitHub does not report the digest of an asset,
    it is read back once, and added here.
    """
    final = asset_name(name)
    listed = [
        asset
        for asset in assets
        if asset.is_complete and parse_swap_name(asset.name) is None and asset.name != final
    ]
    for asset in listed:
        if asset.digest is None and asset.id not in known:
            known[asset.id] = download_digest(asset, github)
    digests = [(asset.name, asset.digest or known[asset.id]) for asset in listed]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "checksums")
        path.write_text(checksum_lines(digests), encoding="utf-8", newline="\n")
        identity = fingerprint_of(path)
        yield LocalFile(
            path=path,
            shown=name,
            requested_name=name,
            name=final,
            label=None,
            content_type="text/plain",
            size=identity.size,
            fingerprint=identity,
        )
