"""Puts the list of checksums on the release, last; again if other jobs changed the set meanwhile."""

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

_MAX_LISTS = 3  # where many jobs publish at once, the last one writes the final list


def add_list(
    name: str,
    assets: Callable[[], Sequence[Asset]],
    context: UploadContext,
    done: Callable[[Result], None],
) -> None:
    """Write the list of what the release holds, until it tells what is there.

    assets: reads the assets to list. done: called with each result.

    Raises: ReleaseAssetsError.
    """
    known: dict[int, Digest] = {}  # digests that were read back, by asset id
    first: Result | None = None
    written: Digest | None = None
    for _ in range(_MAX_LISTS):
        there = assets()
        with _list_file(name, there, known, context.github) as file:
            digest = hash_file(file)
            if digest == written:
                return
            written = digest
            own = replace(context, overwrite="true", digests={file.name: digest})
            step = _step(file, there, digest, own)
            own.guard.protect(file.name, assets_kept_by(step))
            result = perform(step, own)
        first = first or result
        done(result if result.error else replace(result, status=first.status))
        if not is_write(step):
            return


def _step(file: LocalFile, assets: Sequence[Asset], digest: Digest, context: UploadContext) -> Step:
    read = assets_to_read([file], assets, every=context.verify_by_download)
    remote = {asset.id: download_digest(asset, context.github) for asset in read}
    state = RemoteAssets(assets, context.files).state_of(file)
    known = KnownDigests(local={file.name: digest}, remote=remote)
    return with_digests(plan_step(file, state, overwrite="true", known=known), remote)


@contextmanager
def _list_file(
    name: str, assets: Sequence[Asset], known: dict[int, Digest], github: GitHub
) -> Iterator[LocalFile]:
    """Write the list of all complete assets but itself to a file, for as long as it is needed.

    known: asset id -> digest, of what this run has sent or compared. A digest that neither GitHub
    nor this run knows is found out by download, and put there.
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
