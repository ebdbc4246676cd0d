"""Decides what to do: hashes files, reads assets back if needed, and makes the plan."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.files import hash_file
from release_assets.github import GitHub, download_digest
from release_assets.inputs import Inputs
from release_assets.models import Asset, LocalFile, Release
from release_assets.plan import (
    ActualRelease,
    Cost,
    ImmutableReleaseError,
    KnownDigests,
    Plan,
    PlanWarning,
    ReleasePlan,
    assets_to_prune,
    assets_to_read,
    cost_of,
    files_to_hash,
    is_write,
    plan_assets,
    plan_creation,
    plan_release,
    target_warnings,
    with_digests,
)
from release_assets.publish.discover import Discovery

_MAX_HASH_THREADS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The plan of a run, and what it was made from."""

    plan: Plan
    release_plan: ReleasePlan
    cost: Cost
    digests: dict[str, Digest]  # asset name -> digest of the file, if it was hashed
    assets: tuple[Asset, ...]  # of the release, when it was found
    refusals: tuple[ReleaseAssetsError, ...]
    warnings: tuple[PlanWarning, ...]

    def wanted(self, checksums: str) -> dict[str, Digest | None]:
        """Return the names that the run will upload or change, with the known digests."""
        names = [step.file.name for step in self.plan.steps if is_write(step)]
        wanted = {name: self.digests.get(name) for name in names}
        return wanted | ({checksums: None} if checksums else {})

    @property
    def writes(self) -> bool:
        """Whether the run changes the release or its assets."""
        return self.plan.writes or self.release_plan.writes


def decide(
    found: Discovery,
    release: Release | None,
    assets: Sequence[Asset],
    inputs: Inputs,
    github: GitHub,
    *,
    digests: dict[str, Digest] | None = None,
    created: bool = False,
) -> Decision:
    """Return the decision for a release and its assets.

    digests: of files that are hashed already. created: whether this run created the release.

    Raises: ReleaseAssetsError when a file or a staged asset cannot be read.
    """
    release_plan = _release_plan(found, release, created=created)
    if release_plan.skips or release_plan.refusals:
        return _empty_decision(release_plan, assets)
    known = dict(digests or {})
    known |= _hash_files(found.files, assets, inputs, known)
    plan = _plan(found.files, assets, known, inputs, github)
    cost = cost_of(
        plan,
        release_plan,
        assets,
        expect=inputs.expect,
        checksums=inputs.checksums,
        shares_draft=inputs.shares_draft,
    )
    return Decision(
        plan=plan,
        release_plan=release_plan,
        cost=cost,
        digests=known,
        assets=tuple(assets),
        refusals=_refusals(plan, release),
        warnings=(*found.warnings, *release_plan.warnings),
    )


def _empty_decision(release_plan: ReleasePlan, assets: Sequence[Asset]) -> Decision:
    return Decision(
        plan=Plan(steps=()),
        release_plan=release_plan,
        cost=Cost(),
        digests={},
        assets=tuple(assets),
        refusals=release_plan.refusals,
        warnings=release_plan.warnings,
    )


def _release_plan(found: Discovery, release: Release | None, *, created: bool) -> ReleasePlan:
    if release is None:
        plan = plan_creation(found.desired, tag_exists=found.tag_commit is not None)
    else:
        actual = ActualRelease(
            release=release,
            created_by_us=created,
            is_latest=found.is_latest,
            tag_commit=found.tag_commit,
        )
        plan = plan_release(found.desired, actual)
    warnings = target_warnings(found.desired, found.tag_commit)
    return replace(plan, warnings=(*plan.warnings, *warnings))


def _hash_files(
    files: Sequence[LocalFile],
    assets: Sequence[Asset],
    inputs: Inputs,
    known: dict[str, Digest],
) -> dict[str, Digest]:
    """Hash the files that the plan compares, in parallel, and return the new digests."""
    needed = files_to_hash(files, assets, overwrite=inputs.overwrite)
    needed = tuple(file for file in needed if file.name not in known)
    if not needed:
        return {}
    with ThreadPoolExecutor(min(len(needed), _MAX_HASH_THREADS)) as pool:
        hashed = list(pool.map(hash_file, needed))
    return {file.name: digest for file, digest in zip(needed, hashed, strict=True)}


def _plan(
    files: Sequence[LocalFile],
    assets: Sequence[Asset],
    digests: dict[str, Digest],
    inputs: Inputs,
    github: GitHub,
) -> Plan:
    every = inputs.verify == "download"
    remote = {
        asset.id: download_digest(asset, github)
        for asset in assets_to_read(files, assets, every=every)
    }
    names = [file.name for file in files] + ([inputs.checksums] if inputs.checksums else [])
    plan = plan_assets(
        files,
        assets,
        overwrite=inputs.overwrite,
        known=KnownDigests(local=digests, remote=remote),
        # Without any files, every asset would be pruned.
        prune=assets_to_prune(inputs.prune, assets, keep=names, expected=inputs.expect)
        if files
        else (),
        extra=[inputs.checksums] if inputs.checksums else [],
    )
    return replace(plan, steps=tuple(with_digests(step, remote) for step in plan.steps))


def _refusals(plan: Plan, release: Release | None) -> tuple[ReleaseAssetsError, ...]:
    if release is not None and release.immutable and (plan.writes or plan.refusals):
        return (ImmutableReleaseError(release.tag, release.html_url),)
    return plan.refusals
