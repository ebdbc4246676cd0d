"""The digests that are known of local files and of remote assets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from release_assets.digest import Digest
from release_assets.models import Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDigests:
    """Digests that were found out."""

    local: Mapping[str, Digest] = field(default_factory=dict)  # asset name -> digest of the file
    remote: Mapping[int, Digest] = field(
        default_factory=dict
    )  # asset id -> digest that was read back

    def of(self, asset: Asset) -> Digest | None:
        """Return the digest of an asset's content, None when nobody knows it.

        Known means that GitHub reports it, or that the content was read back. A name that we chose
        ourselves proves nothing about the content.
        """
        return asset.digest or self.remote.get(asset.id)
