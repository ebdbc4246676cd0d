"""The assets of a release -> what it holds for one file. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from release_assets.models import Asset, LocalFile
from release_assets.names import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the release holds for one file."""

    # All but the husks are complete, or in a state that we do not know.
    final: Asset | None = None  # under the file's name
    staged: tuple[Asset, ...] = ()  # ours: new bytes of a swap that was not finished
    backups: tuple[Asset, ...] = ()  # ours: old bytes of a swap that was not finished
    husks: tuple[Asset, ...] = ()  # of uploads that failed: they never held anything


class Places:
    """The assets of a release, by what they stand for."""

    def __init__(self, assets: Sequence[Asset], files: Iterable[LocalFile] = ()) -> None:
        taken = {file.name.lower() for file in files}
        self._by_name: dict[str, list[Asset]] = {}
        self._by_label: dict[str, list[str]] = {}  # -> names, and final names of leftovers
        self._leftovers: dict[str, list[tuple[str, Asset]]] = {}
        for asset in assets:
            mark = marked(asset.name)
            name = mark.final if mark else asset.name
            if mark is not None:
                self._leftovers.setdefault(name, []).append((mark.role, asset))
            else:
                self._by_name.setdefault(name.lower(), []).append(asset)
            if asset.label and name.lower() not in taken:
                self._by_label.setdefault(asset.label, []).append(name)

    def standing(self, file: LocalFile) -> Standing:
        """Return what stands for a file: by name, in any case; else by the label of old uploads."""
        name = self._name(file)
        same = self._by_name.get(name.lower(), [])
        same = sorted(same, key=lambda asset: asset.name != file.name)
        left = self._leftovers.get(name, [])
        return Standing(
            final=next((asset for asset in same if not asset.is_husk), None),
            staged=tuple(a for role, a in left if role == "new" and not a.is_husk),
            # The complete ones first: of several the first is held to the end.
            backups=tuple(
                sorted(
                    (a for role, a in left if role == "old" and not a.is_husk),
                    key=lambda asset: not asset.is_complete,
                )
            ),
            husks=tuple(a for a in (*same, *(asset for _, asset in left)) if a.is_husk),
        )

    def _name(self, file: LocalFile) -> str:
        """Return the name that a file has on the release.

        The label is asked only for a name that GitHub rewrites: if it did so otherwise than we
        foresee, the label still tells, as long as the name can have come of it.
        """
        is_there = file.name.lower() in self._by_name or file.name in self._leftovers
        if is_there or file.name == file.requested_name or file.label != file.requested_name:
            return file.name
        likely = {_letters(file.name), _letters(file.requested_name)}
        for name in self._by_label.get(file.requested_name, ()):
            if _letters(name) in likely:
                return name
        return file.name


def _letters(name: str) -> str:
    """Return what every renaming leaves alone."""
    letters = (letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return "".join(letters).removeprefix("default")
