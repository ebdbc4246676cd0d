"""The assets of a release -> the remote state of one file. Pure."""

from collections.abc import Iterable, Sequence

from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset, LocalFile
from release_assets.names import may_be_renamed_to, parse_swap_name


@dataclass(frozen=True, kw_only=True)
class RemoteState:
    """The assets of one name: final, staged and backup assets, and starters."""

    # All but the starters are complete, or in an unknown state.
    final: Asset | None = None  # has the name itself
    staged: tuple[Asset, ...] = ()  # new content of an interrupted swap
    backups: tuple[Asset, ...] = ()  # old content of an interrupted swap
    starters: tuple[Asset, ...] = ()  # failed uploads, without content


class RemoteAssets:
    """The assets of a release, by their final name."""

    def __init__(self, assets: Sequence[Asset], files: Iterable[LocalFile] = ()) -> None:
        taken = {file.name.lower() for file in files}
        self._by_name: dict[str, list[Asset]] = {}
        self._by_label: dict[str, list[str]] = {}  # label -> final names
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
        """Return the remote state of a file: by its name in any case, or else by its label."""
        return self.state_named(self._final_name(file))

    def state_named(self, name: str) -> RemoteState:
        """Return the remote state of a name, in any case; the exact name is preferred."""
        same = self._by_name.get(name.lower(), [])
        same = sorted(same, key=lambda asset: asset.name != name)
        leftovers = self._leftovers.get(name, [])
        return RemoteState(
            final=next((asset for asset in same if not asset.is_starter), None),
            staged=tuple(a for role, a in leftovers if role == "new" and not a.is_starter),
            # Complete backups first, since the first one is kept.
            backups=tuple(
                sorted(
                    (a for role, a in leftovers if role == "old" and not a.is_starter),
                    key=lambda asset: not asset.is_complete,
                )
            ),
            starters=tuple(a for a in (*same, *(asset for _, asset in leftovers)) if a.is_starter),
        )

    def _final_name(self, file: LocalFile) -> str:
        """Return the name of the asset of a file.

        The label matters only if GitHub rewrites the name. If it did so in an unexpected way, the
        label still identifies the asset, if its name may be a rewritten form of the file's name.
        """
        is_there = file.name.lower() in self._by_name or file.name in self._leftovers
        if is_there or file.name == file.requested_name or file.label != file.requested_name:
            return file.name
        for name in self._by_label.get(file.requested_name, ()):
            if may_be_renamed_to(file.requested_name, name):
                return name
        return file.name
