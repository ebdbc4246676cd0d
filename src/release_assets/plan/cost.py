"""A plan -> its cost: calls to GitHub, bytes to send, and points of the rate limit. Pure."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from math import ceil

from release_assets.digest import Digest
from release_assets.light_dataclasses import dataclass
from release_assets.limits import MAX_EMBEDDED, MAX_PAGE_SIZE
from release_assets.models import Asset
from release_assets.plan.assets import Plan
from release_assets.plan.calls import Send, calls_of
from release_assets.plan.expected_assets import complete_assets, unmatched_patterns
from release_assets.plan.release import CreateRelease, EditRelease, ReleasePlan
from release_assets.plan.steps import Replace, Step, Upload, has_upload

_ANY_DIGEST = Digest.of(sha256())
_DIGEST_LENGTH = 64  # hex digits in a list of checksums


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What it takes to perform a plan, if nothing fails and no other job takes part."""

    calls: int = 0
    uploads: int = 0  # of the calls
    size: int = 0  # bytes to send

    @property
    def points(self) -> int:
        """Points of the rate limit on requests, which counts an upload twice."""
        return self.calls + self.uploads

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            calls=self.calls + other.calls,
            uploads=self.uploads + other.uploads,
            size=self.size + other.size,
        )


@dataclass(frozen=True, kw_only=True)
class PlannedRun:
    """The plan of a run, and what else its cost depends on."""

    plan: Plan
    release_plan: ReleasePlan
    assets: Sequence[Asset]  # of the release, when it was found
    expect: Sequence[str] = ()  # the input
    checksums: str = ""  # the input
    shares_draft: bool = False  # whether other jobs are likely to use the same draft

    @property
    def is_draft(self) -> bool:
        """Whether the release is a draft before its publication."""
        step = self.release_plan.step
        return isinstance(step, CreateRelease) or step.release.draft

    @property
    def stays_incomplete(self) -> bool:
        """Whether `expect` names assets that are missing after the uploads."""
        names = {asset.name for asset in complete_assets(self.assets)} | self.file_names
        expected = [one for one in self.expect if one != self.checksums]
        return bool(unmatched_patterns(expected, names))

    @property
    def file_names(self) -> set[str]:
        """The names of the assets of the files."""
        return {step.file.name for step in self.plan.steps}

    @property
    def asset_count(self) -> int:
        """How many assets the release has after the uploads."""
        return len({asset.name for asset in self.assets} | self.file_names)

    @property
    def pages(self) -> int:
        """How many calls list all of its assets then."""
        return max(1, ceil(self.asset_count / MAX_PAGE_SIZE))


def cost_of(run: PlannedRun) -> Cost:
    """Return the cost of a run, without the calls that were made to plan."""
    return sum(_costs(run), Cost())


def _costs(run: PlannedRun) -> Iterator[Cost]:
    if run.release_plan.skips or run.release_plan.refusals:
        return
    yield from _step_costs(run)
    if isinstance(run.release_plan.step, CreateRelease):
        # To create the draft, and to list drafts after it; also before it, if jobs share it.
        yield Cost(calls=2 + run.shares_draft)
    if isinstance(run.release_plan.step, EditRelease):
        yield Cost(calls=1)
    if run.is_draft:
        yield Cost(calls=1)  # to refresh the draft
        if run.expect and run.asset_count >= MAX_EMBEDDED:
            yield Cost(calls=run.pages)
    if run.is_draft and run.stays_incomplete:
        yield Cost(calls=1)  # to refresh it again after a moment; then the run ends
    else:
        yield from _final_costs(run)


def _final_costs(run: PlannedRun) -> Iterator[Cost]:
    """Yield the cost of what follows once the set is complete."""
    publishes, is_edited = (
        run.release_plan.publishes,
        isinstance(run.release_plan.step, EditRelease),
    )
    if run.checksums:
        yield from _list_costs(run)
    if run.plan.prune:
        yield Cost(calls=run.pages + len(run.plan.prune))
    if publishes:
        # To read the commit of the tag before and after, and to publish.
        yield Cost(calls=3)
    if not run.is_draft or publishes or is_edited or run.checksums or run.plan.prune:
        yield Cost(calls=1)  # to read the release back


def _step_costs(run: PlannedRun) -> Iterator[Cost]:
    steps = run.plan.steps
    yield from map(_step_cost, steps)
    if _has_no_digests(run.assets):
        # Each staged asset is read back.
        yield Cost(calls=sum(isinstance(one, Replace) and has_upload(one) for one in steps))


def _step_cost(step: Step) -> Cost:
    calls = calls_of(step, _ANY_DIGEST)
    uploads = sum(isinstance(call, Send) for call in calls)
    return Cost(calls=len(calls), uploads=uploads, size=step.file.size if uploads else 0)


def _list_costs(run: PlannedRun) -> Iterator[Cost]:
    """Yield the cost of the list of checksums, made from all assets on the release."""
    plan, name = run.plan, run.checksums
    pruned = {asset.name for asset in plan.prune}
    there = {one.name: one for one in complete_assets(run.assets) if one.name not in pruned}
    others = [asset for asset in there.values() if asset.name not in run.file_names]
    # An asset without a digest is downloaded.
    yield Cost(calls=sum(asset.digest is None for asset in others))
    if _has_no_digests(run.assets):
        yield Cost(calls=sum(isinstance(step, Upload) for step in plan.steps))
    if name in there and not plan.writes:
        yield Cost(calls=run.pages)
        return
    listed = (there.keys() | run.file_names) - {name}
    size = sum(_DIGEST_LENGTH + len(f"  {one}\n") for one in listed)
    # The assets are listed before and after, since other jobs may change them.
    yield Cost(calls=2 * run.pages + (4 if name in there else 1), uploads=1, size=size)


def _has_no_digests(assets: Sequence[Asset]) -> bool:
    """Say whether the server seems to report no digests: no asset of the release has one."""
    there = complete_assets(assets)
    return bool(there) and all(asset.digest is None for asset in there)
