"""Files x assets of the release -> one step for each file, and the assets to prune. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The steps for the assets, in the order of the files."""

    steps: tuple[Step, ...]
    prune: tuple[Asset, ...] = ()
    errors: tuple[ReleaseAssetsError, ...] = ()  # that concern the plan as a whole

    @property
    def refusals(self) -> tuple[ReleaseAssetsError, ...]:
        """All errors that forbid to perform the plan."""
        refused = tuple(step.error for step in self.steps if isinstance(step, Refuse))
        return refused + self.errors

    @property
    def writes(self) -> bool:
        """Whether the plan changes the release."""
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
    """Compare the files with the assets of the release, and return the plan.

    known: must contain the digest of each file that `files_to_hash` returns, and of each asset
    that `assets_to_read` returns. extra: names of assets that the run uploads after the files,
    such as the list of checksums.

    Never raises: refusals are part of the plan, so that all are reported together.
    """
    remote = RemoteAssets(assets, files)
    steps = tuple(
        plan_step(file, remote.state_of(file), overwrite=overwrite, known=known) for file in files
    )
    # GitHub may have renamed an asset in an unexpected way: an asset that a step uses is kept.
    used = {asset.id for step in steps for asset in (*assets_kept_by(step), *deletions_of(step))}
    pruned = tuple(asset for asset in prune if asset.id not in used)
    errors = (*_capacity_errors(steps, assets, pruned, extra), *_unsafe_deletions(steps))
    return Plan(steps=steps, prune=pruned, errors=errors)


def files_to_hash(
    files: Sequence[LocalFile], assets: Sequence[Asset], *, overwrite: Overwrite
) -> tuple[LocalFile, ...]:
    """Return the files to hash before planning; the others are hashed during their upload."""
    remote = RemoteAssets(assets, files)
    return tuple(file for file in files if _needs_digest(remote.state_of(file), file, overwrite))


def assets_to_read(
    files: Sequence[LocalFile], assets: Sequence[Asset], *, every: bool
) -> tuple[Asset, ...]:
    """Return the assets to download before planning: same size as the file, and no digest.

    every: whether to include final and backup assets. Staged assets of an interrupted run are
    always included, since they may replace an asset.
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
    """Return the step for a file, given its remote state.

    Never raises: a refusal is a step too.
    """
    digest = known.local.get(file.name)
    found = classify_leftovers(state, digest, known)
    if state.final is None:
        return _step_without_final(file, found, known)
    if _has_same_content(state.final, file, known):
        staged = (found.staged,) if found.staged else ()
        return _step_for_same_content(file, state.final, found.obsolete + staged, overwrite)
    if overwrite == "skip":
        return Skip(file=file, asset=state.final)
    if overwrite == "true" and (state.final.is_complete or not state.backups):
        return Replace(file=file, old=state.final, staged=found.staged, obsolete=found.obsolete)
    return Refuse(file=file, error=_refusal(file, state.final, state.backups, known))


def _step_for_same_content(
    file: LocalFile, final: Asset, obsolete: tuple[Asset, ...], overwrite: Overwrite
) -> Step:
    """Return the step if the asset with the final name has the content of the file."""
    if differs_in_case(file, final) and overwrite != "skip":
        if overwrite == "true":
            return Restore(file=file, asset=final, obsolete=obsolete)
        return Refuse(file=file, error=CaseClashError(file.shown, file.name, final.name))
    if file.label is not None and file.label != (final.label or ""):
        return Relabel(file=file, asset=final, obsolete=obsolete)
    return Keep(file=file, asset=final, obsolete=obsolete)


def _step_without_final(file: LocalFile, found: Leftovers, known: KnownDigests) -> Step:
    """Return the step if no asset has the final name: the file is new, or a swap was interrupted."""
    if found.staged is not None:
        return Replace(file=file, old=found.current, staged=found.staged, obsolete=found.obsolete)
    if found.current is None:
        return Upload(file=file, obsolete=found.obsolete)
    if _has_same_content(found.current, file, known):
        return Restore(file=file, asset=found.current, obsolete=found.obsolete)
    # An earlier run renamed it to replace it, so `overwrite` was set then.
    return Replace(file=file, old=found.current, obsolete=found.obsolete)


def _refusal(
    file: LocalFile, existing: Asset, backups: Sequence[Asset], known: KnownDigests
) -> ReleaseAssetsError:
    """Return why the existing asset can be neither kept nor replaced."""
    if not existing.is_complete:
        # With a backup it is refused even if `overwrite` is set: both may contain the last good
        # content, and a swap can keep only one of them.
        backup = backups[0].name if backups else None
        return UnknownStateError(
            file.shown, existing.name, existing.state, existing.address, backup=backup
        )
    if differs_in_case(file, existing):
        return CaseClashError(file.shown, file.name, existing.name)
    is_known = known.of(existing) is not None or existing.size != file.size
    return AssetExistsError(file.shown, existing.name, existing.address, known=is_known)


def _has_same_content(asset: Asset, file: LocalFile, known: KnownDigests) -> bool:
    """Say whether an asset is known to have the content of a file."""
    digest = known.local.get(file.name)
    may_be = asset.is_complete and asset.size == file.size
    return may_be and digest is not None and known.of(asset) == digest


def _needs_digest(state: RemoteState, file: LocalFile, overwrite: Overwrite) -> bool:
    if state.staged or state.backups:
        return True
    if state.final is None:
        return False
    # Different sizes prove different content; but the names of a swap contain the digest.
    return overwrite == "true" or (state.final.is_complete and state.final.size == file.size)


def max_concurrent_swaps(steps: Sequence[Step], assets: Sequence[Asset]) -> int:
    """Return how many swaps may run at once: each one adds an asset until it ends."""
    uploads = sum(isinstance(step, Upload) for step in steps)
    return max(1, MAX_ASSETS - len(assets) - uploads)


def _unsafe_deletions(steps: Sequence[Step]) -> Iterator[UnsafePlanError]:
    """Yield an error for each asset that one step deletes and another one keeps or deletes."""
    kept = {asset.id for step in steps for asset in assets_kept_by(step)}
    deleted: set[int] = set()
    for asset in (asset for step in steps for asset in deletions_of(step)):
        if asset.id in kept or asset.id in deleted:
            yield UnsafePlanError(asset.name, asset.id)
        deleted.add(asset.id)


def _capacity_errors(
    steps: Sequence[Step], assets: Sequence[Asset], pruned: Sequence[Asset], extra: Sequence[str]
) -> Iterator[ReleaseAssetsError]:
    """Yield an error if the release would exceed the limit of assets at any moment."""
    obsolete = {asset.id for step in steps for asset in obsolete_assets_of(step)}
    uploads = sum(isinstance(step, Upload) for step in steps)
    swap = any(isinstance(step, Replace) and step.staged is None for step in steps)
    is_starter = {asset.name.lower(): asset.is_starter for asset in assets}
    added = sum(name.lower() not in is_starter for name in extra)
    # An extra asset that exists is swapped only if its content changes.
    is_outdated = pruned or any(isinstance(step, Upload | Replace | Restore) for step in steps)
    last_swap = bool(is_outdated) and any(not is_starter.get(name.lower(), True) for name in extra)
    count = len(assets) - len(obsolete) + uploads
    most = max(count + swap, count + added + last_swap)
    if uploads + swap + added + last_swap and most > MAX_ASSETS:
        yield TooManyAssetsError(count + added, MAX_ASSETS, swap=swap or last_swap)
