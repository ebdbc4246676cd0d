"""The result of a file x the assets that were read last -> its asset now. Pure."""

from collections.abc import Iterable

from release_assets.models import Asset, Result


class CurrentAssets:
    """The assets of a release as they were read last."""

    def __init__(self, assets: Iterable[Asset] = ()) -> None:
        self._by_id: dict[int, Asset] = {}
        self._by_name: dict[str, Asset] = {}
        for asset in assets:
            self._by_id[asset.id] = asset
            self._by_name[asset.name] = asset

    def __contains__(self, asset: Asset) -> bool:
        """Say whether the asset is still there, perhaps with another name."""
        return asset.id in self._by_id

    def of(self, result: Result, *, is_checksum_list: bool) -> Asset | None:
        """Return the asset of a result as it is now; None if the release does not have it.

        Another job may have replaced it. An asset with the same content is as good; and of the
        list of checksums, which every job of a matrix uploads, the last one counts.
        """
        ours = result.asset
        if ours is None:
            return None
        if same := self._by_id.get(ours.id):
            return same
        other = self._by_name.get(ours.name)
        if other is None or not other.is_complete:
            return None
        digest = ours.digest or result.digest
        has_content = digest is not None and other.digest == digest
        return other if is_checksum_list or has_content else None
