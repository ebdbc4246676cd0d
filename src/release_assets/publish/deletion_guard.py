"""Protects the assets that a run keeps, renames or relies on from deletion."""

import threading
from collections import Counter
from collections.abc import Iterable

from release_assets.models import Asset
from release_assets.plan import UnsafePlanError


class DeletionGuard:
    """Knows which assets each file of a run relies on; checked before every deletion."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids_of: dict[str, tuple[int, ...]] = {}  # name of a file's asset -> asset ids
        self._uses: Counter[int] = Counter()  # asset id -> how many files rely on it

    def protect(self, name: str, assets: Iterable[Asset]) -> None:
        """Protect the assets that a file relies on, instead of those before."""
        with self._lock:
            self._uses.subtract(self._ids_of.get(name, ()))
            self._ids_of[name] = tuple(asset.id for asset in assets)
            self._uses.update(self._ids_of[name])

    def check(self, asset: Asset) -> None:
        """Return when an asset may be deleted.

        Raises: UnsafePlanError when a file of this run relies on it.
        """
        with self._lock:
            if self._uses[asset.id] > 0:
                raise UnsafePlanError(asset.name, asset.id)
