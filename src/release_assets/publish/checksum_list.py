"""Uploads the list of checksums; repeats it if other jobs changed the assets meanwhile."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from release_assets.digest import Digest, checksum_lines
from release_assets.files import fingerprint_of, hash_file
from release_assets.github import download_digest
from release_assets.light_dataclasses import replace
from release_assets.models import Asset, LocalFile, Result, Status
from release_assets.names import asset_name
from release_assets.plan import (
    KnownDigests,
    RemoteAssets,
    Step,
    assets_kept_by,
    assets_to_read,
    complete_assets,
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
    checksum_list = _ChecksumList(name, context)
    for _ in range(_MAX_UPLOADS):
        if result := checksum_list.upload(assets()):
            done(result)
        if checksum_list.is_current:
            return


class _ChecksumList:
    """The list of checksums, and what of it this run has uploaded."""

    def __init__(self, name: str, context: UploadContext) -> None:
        self._name = name
        self._context = context
        self._known: dict[int, Digest] = {}  # digests that were read back, by asset id
        self._uploaded: Digest | None = None  # of the list that was uploaded last
        self._status: Status | None = None  # of the first upload
        self.is_current = False  # whether the release has the list of its assets

    def upload(self, assets: Sequence[Asset]) -> Result | None:
        """Upload the list of these assets; return None if this run has already uploaded it.

        Raises: ReleaseAssetsError, when an asset cannot be read back.
        """
        with _written(self._name, self._lines(assets)) as file:
            digest = hash_file(file)
            if digest == self._uploaded:
                self.is_current = True
                return None
            self._uploaded = digest
            context = replace(self._context, overwrite="true", digests={file.name: digest})
            step = _plan(file, assets, digest, context)
            context.guard.protect(file.name, assets_kept_by(step))
            result = perform(step, context)
        self.is_current = not is_write(step)
        self._status = self._status or result.status
        return result if result.error else replace(result, status=self._status)

    def _lines(self, assets: Sequence[Asset]) -> str:
        """Return the list of all other complete assets.

        If GitHub does not report the digest of an asset, it is read back once.

        Raises: GitHubError.
        """
        listed = [one for one in complete_assets(assets) if one.name != asset_name(self._name)]
        for asset in listed:
            if asset.digest is None and asset.id not in self._known:
                self._known[asset.id] = download_digest(asset, self._context.github)
        return checksum_lines([(one.name, one.digest or self._known[one.id]) for one in listed])


def _plan(file: LocalFile, assets: Sequence[Asset], digest: Digest, context: UploadContext) -> Step:
    read = assets_to_read([file], assets, every=context.verify_by_download)
    remote = {asset.id: download_digest(asset, context.github) for asset in read}
    state = RemoteAssets(assets, context.files).state_of(file)
    known = KnownDigests(local={file.name: digest}, remote=remote)
    return with_digests(plan_step(file, state, overwrite="true", known=known), remote)


@contextmanager
def _written(name: str, content: str) -> Iterator[LocalFile]:
    """Write the list to a temporary file."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "checksums")
        path.write_text(content, encoding="utf-8", newline="\n")
        identity = fingerprint_of(path)
        yield LocalFile(
            path=path,
            shown=name,
            requested_name=name,
            name=asset_name(name),
            label=None,
            content_type="text/plain",
            size=identity.size,
            fingerprint=identity,
        )
