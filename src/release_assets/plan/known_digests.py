"""The known digests of local files and of remote assets. Pure."""

from collections.abc import Mapping

from release_assets.digest import Digest
from release_assets.light_dataclasses import dataclass, field
from release_assets.models import Asset


@dataclass(frozen=True, kw_only=True)
class KnownDigests:
    """The digests of files that were hashed, and of assets that were read back."""

    local: Mapping[str, Digest] = field(default_factory=dict)  # asset name -> digest of the file
    remote: Mapping[int, Digest] = field(
        default_factory=dict
    )  # asset id -> digest that was read back

    def of(self, asset: Asset) -> Digest | None:
        """Return the digest of an asset's content; None if it is unknown.

        It is known if GitHub reports it, or if the content was read back. The digest in a staging
        or backup name proves nothing about the content.
        """
        return asset.digest or self.remote.get(asset.id)
