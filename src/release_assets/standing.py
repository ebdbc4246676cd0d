"""The assets of a release -> what it holds for one file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from release_assets.models import Asset, LocalFile
from release_assets.names import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the release holds for one file."""

    final: Asset | None = None  # under the file's name, complete
    staged: tuple[Asset, ...] = ()  # ours: new bytes of a swap that was not finished
    backups: tuple[Asset, ...] = ()  # ours: old bytes of a swap that was not finished
    husks: tuple[Asset, ...] = ()  # of uploads that failed: they never held anything


class Places:
    """The assets of a release, by what they stand for."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self._by_name: dict[str, list[Asset]] = {}
        self._by_label: dict[str, list[Asset]] = {}
        self._leftovers: dict[str, list[tuple[str, Asset]]] = {}
        for asset in assets:
            mark = marked(asset.name)
            if mark is not None:
                self._leftovers.setdefault(mark.final, []).append((mark.role, asset))
                continue
            self._by_name.setdefault(asset.name.lower(), []).append(asset)
            if asset.label:
                self._by_label.setdefault(asset.label, []).append(asset)

    def standing(self, file: LocalFile) -> Standing:
        """Return what stands for a file: by name, in any case; else by the label of old uploads.

        The label is asked only for a name that GitHub rewrites: if it did so otherwise than we
        foresee, the label still tells.
        """
        same = self._by_name.get(file.name.lower(), [])
        if not same and file.name != file.requested_name:
            same = self._by_label.get(file.requested_name, [])
        same = sorted(same, key=lambda asset: asset.name != file.name)
        left = self._leftovers.get(file.name, [])
        complete = [asset for asset in same if asset.is_complete]
        return Standing(
            final=complete[0] if complete else None,
            staged=tuple(a for role, a in left if role == "new" and a.is_complete),
            backups=tuple(a for role, a in left if role == "old" and a.is_complete),
            husks=tuple(
                asset for asset in (*same, *(asset for _, asset in left)) if not asset.is_complete
            ),
        )
