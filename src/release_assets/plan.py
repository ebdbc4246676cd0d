"""LocalFile x Asset -> Upload | Keep | Relabel | Replace | Skip | Refuse, and Prune. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from release_assets.errors import ReleaseAssetsError
from release_assets.models import MAX_ASSETS, Asset, LocalFile
from release_assets.names import marked
from release_assets.refusals import (
    AssetExistsError,
    CaseClashError,
    TooManyAssetsError,
    UnclearAssetError,
)
from release_assets.standing import Places, Standing

Overwrite = Literal["false", "true", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """No asset of that name: send it."""

    file: LocalFile
    clear: tuple[Asset, ...] = ()  # husks of failed uploads, and rubbish of ours, deleted first


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The same bytes are there."""

    file: LocalFile
    asset: Asset
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabel:
    """The same bytes are there, under another label."""

    file: LocalFile
    asset: Asset
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """Other bytes are there, or were a moment ago: swap."""

    file: LocalFile
    old: Asset | None  # under the final name, or aside under its backup name; None: gone
    staged: Asset | None = None  # the new bytes, there already: an interrupted run sent them
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """The wanted bytes are there, put aside by an interrupted run: give them their name back."""

    file: LocalFile
    asset: Asset
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Other bytes are there, and are to stay."""

    file: LocalFile
    asset: Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Other bytes are there, and nobody said what to do."""

    file: LocalFile
    error: ReleaseAssetsError


Step = Upload | Keep | Relabel | Replace | Restore | Skip | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Digests that were found out, `sha256:<hex>`."""

    local: Mapping[str, str] = field(default_factory=dict)  # asset name -> digest of the file
    remote: Mapping[int, str] = field(default_factory=dict)  # asset id -> digest, by download

    def of(self, asset: Asset) -> str | None:
        """Return the digest of an asset's bytes, None when nobody knows it."""
        return asset.digest or self.remote.get(asset.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, in the order of the files."""

    steps: tuple[Step, ...]
    prune: tuple[Asset, ...] = ()
    faults: tuple[ReleaseAssetsError, ...] = ()  # of the set as a whole

    @property
    def refusals(self) -> tuple[ReleaseAssetsError, ...]:
        """Everything that stands against the plan."""
        refused = tuple(step.error for step in self.steps if isinstance(step, Refuse))
        return refused + self.faults

    @property
    def writes(self) -> bool:
        """Whether anything on the release would change."""
        return bool(self.prune) or any(writes(step) for step in self.steps)


def writes(step: Step) -> bool:
    """Say whether a step changes anything on the release."""
    return not isinstance(step, Keep | Skip | Refuse) or bool(getattr(step, "clear", ()))


def plan(
    files: Sequence[LocalFile],
    assets: Sequence[Asset],
    *,
    overwrite: Overwrite,
    known: Known,
    prune: Iterable[Asset] = (),
    extra: Sequence[str] = (),
) -> Plan:
    """Lay the disk beside the release and return what to do.

    known: holds the digest of every file that `files_to_hash` names. extra: names of assets that
    the run writes after the files, such as the list of checksums.

    Never raises: refusals are part of the plan, so that it can tell them all at once.
    """
    places = Places(assets, files)
    steps = tuple(
        step_for(file, places.standing(file), overwrite=overwrite, known=known) for file in files
    )
    pruned = tuple(prune)
    faults = tuple(_capacity(steps, assets, pruned, extra))
    return Plan(steps=steps, prune=pruned, faults=faults)


def files_to_hash(
    files: Sequence[LocalFile], assets: Sequence[Asset], *, overwrite: Overwrite
) -> tuple[LocalFile, ...]:
    """Return the files whose digest a plan needs; the others are hashed while they are sent."""
    places = Places(assets, files)
    return tuple(file for file in files if _needs_digest(places.standing(file), file, overwrite))


def assets_to_read(files: Sequence[LocalFile], assets: Sequence[Asset]) -> tuple[Asset, ...]:
    """Return the assets that only a download can compare: of a file's size, without digest."""
    places = Places(assets, files)
    standing = (places.standing(file) for file in files)
    return tuple(
        asset
        for file, there in zip(files, standing, strict=True)
        for asset in (there.final, *there.staged, *there.backups)
        if asset is not None and asset.is_complete
        if asset.digest is None and asset.size == file.size
    )


def step_for(file: LocalFile, there: Standing, *, overwrite: Overwrite, known: Known) -> Step:
    """Return what to do with a file, given what the release holds for it.

    Never raises: a refusal is a step too.
    """
    digest = known.local.get(file.name)
    if there.final is None and not there.staged and not there.backups:
        return Upload(file=file, clear=there.husks)
    good = _first_with(digest, file, there.staged, known)
    rubbish = there.husks + tuple(asset for asset in there.staged if asset is not good)
    if there.final is None:
        return _step_without_final(file, there, good, rubbish, digest, known)
    leftovers = rubbish + there.backups
    if _is_same(there.final, file, digest, known):
        clear = leftovers + ((good,) if good else ())
        if _differs_in_case(file, there.final) and overwrite != "skip":
            if overwrite == "true":
                return Restore(file=file, asset=there.final, clear=clear)
            return Refuse(file=file, error=_objection(file, there.final, (), known))
        if file.label is not None and file.label != (there.final.label or ""):
            return Relabel(file=file, asset=there.final, clear=clear)
        return Keep(file=file, asset=there.final, clear=clear)
    if overwrite == "skip":
        return Skip(file=file, asset=there.final)
    if overwrite == "true" and (there.final.is_complete or not there.backups):
        return Replace(file=file, old=there.final, staged=good, clear=leftovers)
    return Refuse(file=file, error=_objection(file, there.final, there.backups, known))


def _step_without_final(
    file: LocalFile,
    there: Standing,
    good: Asset | None,
    rubbish: tuple[Asset, ...],
    digest: str | None,
    known: Known,
) -> Step:
    """Return what to do where a swap died between its two renames, or after an upload aside."""
    old = there.backups[0] if there.backups else None
    others = rubbish + there.backups[1:]
    if good is not None:
        return Replace(file=file, old=old, staged=good, clear=others)
    if old is None:
        return Upload(file=file, clear=others)
    if _is_same(old, file, digest, known):
        return Restore(file=file, asset=old, clear=others)
    # Whoever put it aside was told to overwrite it.
    return Replace(file=file, old=old, clear=others)


def final_name(step: Replace | Restore) -> str:
    """Return the name that the new bytes are to bear at the end.

    The file's own; where GitHub once rewrote that otherwise than we foresee, what it made of it.
    """
    there = (step.old or step.staged) if isinstance(step, Replace) else step.asset
    if there is None or _differs_in_case(step.file, there):
        return step.file.name
    mark = marked(there.name)
    return mark.final if mark else there.name


def _differs_in_case(file: LocalFile, asset: Asset) -> bool:
    return asset.name != file.name and asset.name.lower() == file.name.lower()


def _objection(
    file: LocalFile, there: Asset, backups: Sequence[Asset], known: Known
) -> ReleaseAssetsError:
    """Return why what bears the name of a file is neither left nor swapped."""
    if not there.is_complete:
        # Beside a backup also where it may be swapped: each may hold the last of its bytes, and
        # only one can stay until the new ones stand.
        aside = backups[0].name if backups else None
        return UnclearAssetError(file.shown, there.name, there.state, there.address, aside=aside)
    if _differs_in_case(file, there):
        return CaseClashError(file.shown, file.name, there.name)
    is_known = known.of(there) is not None or there.size != file.size
    return AssetExistsError(file.shown, there.name, there.address, known=is_known)


def _is_same(asset: Asset, file: LocalFile, digest: str | None, known: Known) -> bool:
    """Say whether an asset surely holds the bytes of a file."""
    may_be = asset.is_complete and asset.size == file.size
    return may_be and digest is not None and known.of(asset) == digest


def _first_with(
    digest: str | None, file: LocalFile, assets: Iterable[Asset], known: Known
) -> Asset | None:
    """Return the staged asset with the bytes of a file.

    On a server without digests its name tells: it begins with that of the bytes.
    """
    for asset in assets:
        mark = marked(asset.name)
        told = digest is not None and mark is not None and digest[7:].startswith(mark.digest)
        unknown = known.of(asset) is None and asset.size == file.size and asset.is_complete
        if _is_same(asset, file, digest, known) or (unknown and told):
            return asset
    return None


def _needs_digest(there: Standing, file: LocalFile, overwrite: Overwrite) -> bool:
    if there.staged or there.backups:
        return True
    if there.final is None:
        return False
    # A different size tells without reading; but a swap names its assets by the digest.
    return overwrite == "true" or (there.final.is_complete and there.final.size == file.size)


def free_places(steps: Sequence[Step], assets: Sequence[Asset]) -> int:
    """Return how many swaps may be under way at once: each holds one place more for a while."""
    uploads = sum(isinstance(step, Upload) for step in steps)
    return max(1, MAX_ASSETS - len(assets) - uploads)


def _capacity(
    steps: Sequence[Step], assets: Sequence[Asset], pruned: Sequence[Asset], extra: Sequence[str]
) -> Iterator[ReleaseAssetsError]:
    cleared = {asset.id for step in steps for asset in getattr(step, "clear", ())}
    uploads = sum(isinstance(step, Upload) for step in steps)
    swap = any(isinstance(step, Replace) and step.staged is None for step in steps)
    is_husk = {asset.name.lower(): asset.is_husk for asset in assets}
    added = sum(name.lower() not in is_husk for name in extra)
    # What is there of them is swapped only where it is no longer right.
    stale = pruned or any(isinstance(step, Upload | Replace | Restore) for step in steps)
    last_swap = bool(stale) and any(not is_husk.get(name.lower(), True) for name in extra)
    count = len(assets) - len(cleared) + uploads
    most = max(count + swap, count + added + last_swap)
    if uploads + swap + added + last_swap and most > MAX_ASSETS:
        yield TooManyAssetsError(count + added, MAX_ASSETS, swap=swap or last_swap)
