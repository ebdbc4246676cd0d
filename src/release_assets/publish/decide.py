"""Decides what to do: hashes files, reads assets back if needed, and makes the plan."""

from collections.abc import Mapping, Sequence

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.files import hash_files
from release_assets.github import GitHub, download_digest
from release_assets.inputs import Inputs
from release_assets.light_dataclasses import dataclass, field, replace
from release_assets.models import Asset, LocalFile
from release_assets.plan import (
    ActualRelease,
    Cost,
    CreateRelease,
    ImmutableReleaseError,
    KnownDigests,
    Plan,
    PlannedRun,
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
from release_assets.publish.lists import assets_of

NOTHING_HASHED: Mapping[str, Digest] = {}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The plan of a run, and what it was made from."""

    inputs: Inputs
    release_plan: ReleasePlan
    assets: tuple[Asset, ...]  # of the release, when it was found
    warnings: tuple[PlanWarning, ...]
    plan: Plan = field(default_factory=lambda: Plan(steps=()))
    digests: Mapping[str, Digest] = field(default_factory=dict)  # of files, by asset name

    def wanted(self) -> dict[str, Digest | None]:
        """Return the names that the run will upload or change, with the known digests."""
        names = [step.file.name for step in self.plan.steps if is_write(step)]
        wanted = {name: self.digests.get(name) for name in names}
        return wanted | ({self.inputs.checksums: None} if self.inputs.checksums else {})

    @property
    def writes(self) -> bool:
        """Whether the run changes the release or its assets."""
        return self.plan.writes or self.release_plan.writes

    @property
    def refusals(self) -> tuple[ReleaseAssetsError, ...]:
        """All errors that forbid to perform the plan."""
        step = self.release_plan.step
        release = None if isinstance(step, CreateRelease) else step.release
        is_changed = self.plan.writes or self.plan.refusals
        if release is not None and release.immutable and is_changed:
            return (ImmutableReleaseError(release.tag, release.html_url),)
        return self.release_plan.refusals + self.plan.refusals

    @property
    def cost(self) -> Cost:
        """What it takes to perform the plan."""
        return cost_of(
            PlannedRun(
                plan=self.plan,
                release_plan=self.release_plan,
                assets=self.assets,
                expect=self.inputs.expect,
                checksums=self.inputs.checksums,
                shares_draft=self.inputs.shares_draft,
            )
        )


def decide(
    found: Discovery,
    inputs: Inputs,
    github: GitHub,
    hashed: Mapping[str, Digest] = NOTHING_HASHED,
) -> Decision:
    """Return the decision for the files and the release that were found.

    hashed: asset name -> digest of a file that is hashed already.

    Raises: ReleaseAssetsError when a file or a staged asset cannot be read.
    """
    decision = _decide_release(found, inputs, github)
    if decision.release_plan.skips or decision.refusals:
        return decision
    digests = {**hashed, **_hash_files(found.files, decision, hashed)}
    plan = _plan(found.files, decision, digests, github)
    warnings = (*found.warnings, *decision.warnings)
    return replace(decision, plan=plan, digests=digests, warnings=warnings)


def _decide_release(found: Discovery, inputs: Inputs, github: GitHub) -> Decision:
    """Return the decision for the release alone, without steps for the files."""
    release = found.release
    if release is None:
        plan = plan_creation(found.desired, tag_exists=found.tag_commit is not None)
    else:
        actual = ActualRelease(
            release=release, is_latest=found.is_latest, tag_commit=found.tag_commit
        )
        plan = plan_release(found.desired, actual)
    return Decision(
        inputs=inputs,
        release_plan=plan,
        assets=assets_of(release, github) if release is not None else (),
        warnings=(*plan.warnings, *target_warnings(found.desired, found.tag_commit)),
    )


def _hash_files(
    files: Sequence[LocalFile], decision: Decision, hashed: Mapping[str, Digest]
) -> dict[str, Digest]:
    """Hash the files that the plan compares, in parallel, and return the new digests."""
    needed = files_to_hash(files, decision.assets, overwrite=decision.inputs.overwrite)
    needed = tuple(file for file in needed if file.name not in hashed)
    return {file.name: one for file, one in zip(needed, hash_files(needed), strict=True)}


def _plan(
    files: Sequence[LocalFile], decision: Decision, digests: Mapping[str, Digest], github: GitHub
) -> Plan:
    """Return the plan for the files and the assets. Raises: GitHubError."""
    inputs, assets = decision.inputs, decision.assets
    to_read = assets_to_read(files, assets, every=inputs.verify == "download")
    remote = {asset.id: download_digest(asset, github) for asset in to_read}
    extra = [inputs.checksums] if inputs.checksums else []
    plan = plan_assets(
        files,
        assets,
        overwrite=inputs.overwrite,
        known=KnownDigests(local=digests, remote=remote),
        prune=_assets_to_prune(files, decision, extra),
        extra=extra,
    )
    return replace(plan, steps=tuple(with_digests(step, remote) for step in plan.steps))


def _assets_to_prune(
    files: Sequence[LocalFile], decision: Decision, extra: Sequence[str]
) -> tuple[Asset, ...]:
    if not files:
        return ()  # every asset would be pruned
    inputs, keep = decision.inputs, [*(file.name for file in files), *extra]
    return assets_to_prune(inputs.prune, decision.assets, keep=keep, expected=inputs.expect)
