"""Which assets no call may delete: those that the run keeps, renames or relies on."""

import threading
from collections.abc import Iterable

from release_assets.models import Asset
from release_assets.plan import UnsafePlanError


class DeletionGuard:
    """Checks each deletion, right before it, against what every file of the run relies on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._relied_on: dict[str, frozenset[int]] = {}  # name of a file's asset -> asset ids

    def protect(self, name: str, assets: Iterable[Asset]) -> None:
        """Note the assets that a file relies on from now on, in place of those before."""
        with self._lock:
            self._relied_on[name] = frozenset(asset.id for asset in assets)

    def check(self, asset: Asset) -> None:
        """Return when an asset may be deleted.

        Raises: UnsafePlanError when a file of this run relies on it.
        """
        with self._lock:
            if any(asset.id in ids for ids in self._relied_on.values()):
                raise UnsafePlanError(asset.name, asset.id)
