"""Protects the assets that a run keeps, renames or relies on from deletion."""

import threading
from collections.abc import Iterable

from release_assets.models import Asset
from release_assets.plan import UnsafePlanError


class DeletionGuard:
    """Knows which assets each file of a run relies on; checked before every deletion."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._protected: dict[str, frozenset[int]] = {}  # name of a file's asset -> asset ids

    def protect(self, name: str, assets: Iterable[Asset]) -> None:
        """Protect the assets that a file relies on, instead of those before."""
        with self._lock:
            self._protected[name] = frozenset(asset.id for asset in assets)

    def check(self, asset: Asset) -> None:
        """Return when an asset may be deleted.

        Raises: UnsafePlanError when a file of this run relies on it.
        """
        with self._lock:
            if any(asset.id in ids for ids in self._protected.values()):
                raise UnsafePlanError(asset.name, asset.id)
