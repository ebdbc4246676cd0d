"""LocalFile x Asset -> Upload | Keep | Relabel | Replace | Skip | Refuse, and Prune. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from release_assets.errors import ReleaseAssetsError
from release_assets.models import MAX_ASSETS, Asset, LocalFile
from release_assets.plan.errors import (
    AssetExistsError,
    CaseClashError,
    TooManyAssetsError,
    UnknownStateError,
    UnsafePlanError,
)
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.leftovers import Leftovers, classify_leftovers
from release_assets.plan.remote_state import RemoteAssets, RemoteState
from release_assets.plan.steps import (
    Keep,
    Refuse,
    Relabel,
    Replace,
    Restore,
    Skip,
    Step,
    Upload,
    assets_kept_by,
    deletions_of,
    differs_in_case,
    is_write,
    obsolete_assets_of,
)

Overwrite = Literal["false", "true", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do with the assets, in the order of the files."""

    steps: tuple[Step, ...]
    prune: tuple[Asset, ...] = ()
    faults: tuple[ReleaseAssetsError, ...] = ()  # of the set as a whole

    @property
    def refusals(self) -> tuple[ReleaseAssetsError, ...]:
        """Every reason not to perform the plan."""
        refused = tuple(step.error for step in self.steps if isinstance(step, Refuse))
        return refused + self.faults

    @property
    def writes(self) -> bool:
        """Whether anything on the release would change."""
        return bool(self.prune) or any(is_write(step) for step in self.steps)


def plan_assets(
    files: Sequence[LocalFile],
    assets: Sequence[Asset],
    *,
    overwrite: Overwrite,
    known: KnownDigests,
    prune: Iterable[Asset] = (),
    extra: Sequence[str] = (),
) -> Plan:
    """Compare the files with the assets of the release and return what to do.

    known: holds the digest of every file that `files_to_hash` names, and of every asset that
    `assets_to_read` names. extra: names of assets that the run uploads after the files, such as
    the list of checksums.

    Never raises: refusals are part of the plan, so that all can be reported at once.
    """
    remote = RemoteAssets(assets, files)
    steps = tuple(
        plan_step(file, remote.state_of(file), overwrite=overwrite, known=known) for file in files
    )
    # The name of an asset of ours may be another than foreseen: what a step uses is not pruned.
    used = {asset.id for step in steps for asset in (*assets_kept_by(step), *deletions_of(step))}
    pruned = tuple(asset for asset in prune if asset.id not in used)
    faults = (*_capacity(steps, assets, pruned, extra), *_unsafe_deletions(steps))
    return Plan(steps=steps, prune=pruned, faults=faults)


def files_to_hash(
    files: Sequence[LocalFile], assets: Sequence[Asset], *, overwrite: Overwrite
) -> tuple[LocalFile, ...]:
    """Return the files whose digest a plan needs; the others are hashed while they are sent."""
    remote = RemoteAssets(assets, files)
    return tuple(file for file in files if _needs_digest(remote.state_of(file), file, overwrite))


def assets_to_read(
    files: Sequence[LocalFile], assets: Sequence[Asset], *, every: bool
) -> tuple[Asset, ...]:
    """Return the assets that only a download can compare: of a file's size, without a digest.

    every: False for those alone that an interrupted run has staged. They are always read, since
    they may replace an asset.
    """
    remote = RemoteAssets(assets, files)
    states = ((file, remote.state_of(file)) for file in files)
    return tuple(
        asset
        for file, state in states
        for asset in ((state.final, *state.staged, *state.backups) if every else state.staged)
        if asset is not None and asset.is_complete
        if asset.digest is None and asset.size == file.size
    )


def plan_step(
    file: LocalFile, state: RemoteState, *, overwrite: Overwrite, known: KnownDigests
) -> Step:
    """Return what to do with a file, given what the release holds for it.

    Never raises: a refusal is a step too.
    """
    digest = known.local.get(file.name)
    found = classify_leftovers(state, digest, known) if digest else _unsorted(state)
    if state.final is None:
        return _step_without_final(file, found, known)
    clear = found.obsolete
    if _is_same(state.final, file, known):
        clear += (found.staged,) if found.staged else ()
        if differs_in_case(file, state.final) and overwrite != "skip":
            if overwrite == "true":
                return Restore(file=file, asset=state.final, clear=clear)
            return Refuse(file=file, error=_objection(file, state.final, (), known))
        if file.label is not None and file.label != (state.final.label or ""):
            return Relabel(file=file, asset=state.final, clear=clear)
        return Keep(file=file, asset=state.final, clear=clear)
    if overwrite == "skip":
        return Skip(file=file, asset=state.final)
    if overwrite == "true" and (state.final.is_complete or not state.backups):
        return Replace(file=file, old=state.final, staged=found.staged, clear=clear)
    return Refuse(file=file, error=_objection(file, state.final, state.backups, known))


def _unsorted(state: RemoteState) -> Leftovers:
    """Return what is kept where no digest was needed: there are no leftovers but starters."""
    return Leftovers(current=state.final, staged=None, obsolete=state.starters)


def _step_without_final(file: LocalFile, found: Leftovers, known: KnownDigests) -> Step:
    """Return what to do where no asset has the final name: a swap was interrupted, or none began."""
    if found.staged is not None:
        return Replace(file=file, old=found.current, staged=found.staged, clear=found.obsolete)
    if found.current is None:
        return Upload(file=file, clear=found.obsolete)
    if _is_same(found.current, file, known):
        return Restore(file=file, asset=found.current, clear=found.obsolete)
    # Whoever gave it its backup name was told to overwrite it.
    return Replace(file=file, old=found.current, clear=found.obsolete)


def _objection(
    file: LocalFile, there: Asset, backups: Sequence[Asset], known: KnownDigests
) -> ReleaseAssetsError:
    """Return why the asset with the name of a file is neither kept nor replaced."""
    if not there.is_complete:
        # Beside a backup also where it may be replaced: each may hold the last of its content,
        # and only one can stay until the new content is there.
        aside = backups[0].name if backups else None
        return UnknownStateError(file.shown, there.name, there.state, there.address, aside=aside)
    if differs_in_case(file, there):
        return CaseClashError(file.shown, file.name, there.name)
    is_known = known.of(there) is not None or there.size != file.size
    return AssetExistsError(file.shown, there.name, there.address, known=is_known)


def _is_same(asset: Asset, file: LocalFile, known: KnownDigests) -> bool:
    """Say whether an asset surely has the content of a file."""
    digest = known.local.get(file.name)
    may_be = asset.is_complete and asset.size == file.size
    return may_be and digest is not None and known.of(asset) == digest


def _needs_digest(state: RemoteState, file: LocalFile, overwrite: Overwrite) -> bool:
    if state.staged or state.backups:
        return True
    if state.final is None:
        return False
    # Another size is enough to tell them apart; but a swap names its assets by the digest.
    return overwrite == "true" or (state.final.is_complete and state.final.size == file.size)


def max_concurrent_swaps(steps: Sequence[Step], assets: Sequence[Asset]) -> int:
    """Return how many swaps may be under way at once: each needs one place more for a while."""
    uploads = sum(isinstance(step, Upload) for step in steps)
    return max(1, MAX_ASSETS - len(assets) - uploads)


def _unsafe_deletions(steps: Sequence[Step]) -> Iterator[UnsafePlanError]:
    """Yield an error for each asset that the plan deletes and, elsewhere, keeps or relies on."""
    keeps = {asset.id for step in steps for asset in assets_kept_by(step)}
    seen: set[int] = set()
    for asset in (asset for step in steps for asset in deletions_of(step)):
        if asset.id in keeps or asset.id in seen:
            yield UnsafePlanError(asset.name, asset.id)
        seen.add(asset.id)


def _capacity(
    steps: Sequence[Step], assets: Sequence[Asset], pruned: Sequence[Asset], extra: Sequence[str]
) -> Iterator[ReleaseAssetsError]:
    gone = {asset.id for step in steps for asset in obsolete_assets_of(step)}
    uploads = sum(isinstance(step, Upload) for step in steps)
    swap = any(isinstance(step, Replace) and step.staged is None for step in steps)
    is_starter = {asset.name.lower(): asset.is_starter for asset in assets}
    added = sum(name.lower() not in is_starter for name in extra)
    # What is there of them is swapped only where it is no longer right.
    stale = pruned or any(isinstance(step, Upload | Replace | Restore) for step in steps)
    last_swap = bool(stale) and any(not is_starter.get(name.lower(), True) for name in extra)
    count = len(assets) - len(gone) + uploads
    most = max(count + swap, count + added + last_swap)
    if uploads + swap + added + last_swap and most > MAX_ASSETS:
        yield TooManyAssetsError(count + added, MAX_ASSETS, swap=swap or last_swap)
