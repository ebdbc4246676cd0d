"""The assets of a release -> what it holds for one file. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from release_assets.models import Asset, LocalFile
from release_assets.names import may_be_renamed_to, parse_swap_name


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteState:
    """What the release holds under one name."""

    # All but the starters are complete, or in a state that we do not know.
    final: Asset | None = None  # under the name itself
    staged: tuple[Asset, ...] = ()  # new content of a swap that was not finished
    backups: tuple[Asset, ...] = ()  # old content of a swap that was not finished
    starters: tuple[Asset, ...] = ()  # of uploads that failed: they never held anything


class RemoteAssets:
    """The assets of a release, by the name that they stand for."""

    def __init__(self, assets: Sequence[Asset], files: Iterable[LocalFile] = ()) -> None:
        taken = {file.name.lower() for file in files}
        self._by_name: dict[str, list[Asset]] = {}
        self._by_label: dict[str, list[str]] = {}  # -> names, and final names of leftovers
        self._leftovers: dict[str, list[tuple[str, Asset]]] = {}
        for asset in assets:
            mark = parse_swap_name(asset.name)
            name = mark.final if mark else asset.name
            if mark is not None:
                self._leftovers.setdefault(name, []).append((mark.role, asset))
            else:
                self._by_name.setdefault(name.lower(), []).append(asset)
            if asset.label and name.lower() not in taken:
                self._by_label.setdefault(asset.label, []).append(name)

    def state_of(self, file: LocalFile) -> RemoteState:
        """Return what the release holds for a file: by name, in any case; else by its label."""
        return self.state_named(self._name(file))

    def state_named(self, name: str) -> RemoteState:
        """Return what the release holds under a name, in any case; this very name comes first."""
        same = self._by_name.get(name.lower(), [])
        same = sorted(same, key=lambda asset: asset.name != name)
        left = self._leftovers.get(name, [])
        return RemoteState(
            final=next((asset for asset in same if not asset.is_starter), None),
            staged=tuple(a for role, a in left if role == "new" and not a.is_starter),
            # The complete ones first: of several the first is kept to the end.
            backups=tuple(
                sorted(
                    (a for role, a in left if role == "old" and not a.is_starter),
                    key=lambda asset: not asset.is_complete,
                )
            ),
            starters=tuple(a for a in (*same, *(asset for _, asset in left)) if a.is_starter),
        )

    def _name(self, file: LocalFile) -> str:
        """Return the name that a file has on the release.

        The label counts only for a name that GitHub rewrites: if it did so otherwise than we
        foresee, the label still identifies the asset, as long as the name can have come of it.
        """
        is_there = file.name.lower() in self._by_name or file.name in self._leftovers
        if is_there or file.name == file.requested_name or file.label != file.requested_name:
            return file.name
        for name in self._by_label.get(file.requested_name, ()):
            if may_be_renamed_to(file.requested_name, name):
                return name
        return file.name
