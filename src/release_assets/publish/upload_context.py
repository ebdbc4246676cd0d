"""The settings and the state that all uploads of a run share."""

import threading
from collections.abc import Mapping, Sequence

from release_assets.digest import Digest
from release_assets.github import GitHub, TransientError
from release_assets.light_dataclasses import dataclass, field
from release_assets.models import Asset, LocalFile, Release
from release_assets.plan import Overwrite
from release_assets.publish.deletion_guard import DeletionGuard
from release_assets.publish.single_flight import SingleFlight
from release_assets.reporter import Reporter


@dataclass(frozen=True, kw_only=True)
class UploadContext:
    """The settings and the state that all uploads of a run share."""

    github: GitHub
    release: Release
    files: tuple[LocalFile, ...]  # of the whole run
    overwrite: Overwrite
    verify_by_download: bool  # whether to download assets without a digest
    listing: SingleFlight[Sequence[Asset]]  # the assets that are on the release now
    reporter: Reporter
    digests: Mapping[str, Digest]  # asset name -> digest of the file, if it was hashed
    deleted: dict[int, str] = field(default_factory=dict)  # asset id -> name
    known_ids: set[int] = field(default_factory=set)  # of assets that existed before an upload
    guard: DeletionGuard = field(default_factory=DeletionGuard)
    abort: threading.Event = field(default_factory=threading.Event)  # set: start no more uploads
    swaps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1_000))

    def delete(self, asset: Asset, successor: Asset | None = None) -> None:
        """Delete an asset that no step relies on. If the response is lost, check the list.

        successor: the new asset, if this asset may contain the last content of its name. It must
        still be on the release.

        Raises: UnsafePlanError, GitHubError.
        """
        self.guard.check(asset)
        if successor is not None:
            self.github.get_asset(successor.id)
        try:
            self.github.delete_asset(asset.id)
        except TransientError:
            if any(asset.id == other.id for other in self.listing.get()):
                raise
        self.deleted[asset.id] = asset.name
