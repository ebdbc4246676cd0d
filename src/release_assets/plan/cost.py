"""A plan -> its cost: calls to GitHub, bytes to send, and points of the rate limit. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from release_assets.digest import Digest
from release_assets.models import Asset
from release_assets.plan.assets import Plan
from release_assets.plan.calls import Send, calls_of
from release_assets.plan.expected_assets import complete_assets, unmatched_patterns
from release_assets.plan.release import CreateRelease, EditRelease, ReleasePlan
from release_assets.plan.steps import Replace, Step, Upload, has_upload

_PAGE_SIZE = 100  # assets that one call lists
_MAX_EMBEDDED = 250  # assets; a release with fewer shows all of them itself
_ANY_DIGEST = Digest.of(sha256())
_DIGEST_LENGTH = 64  # hex digits in a list of checksums


@dataclass(frozen=True, slots=True, kw_only=True)
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


def cost_of(
    plan: Plan,
    release_plan: ReleasePlan,
    assets: Sequence[Asset],
    *,
    expect: Sequence[str] = (),
    checksums: str = "",
    shares_draft: bool = False,
) -> Cost:
    """Return the cost of a plan, without the calls that were made to plan.

    assets: of the release, when it was found. expect, checksums: values of the inputs.
    shares_draft: whether other jobs are likely to use the same draft.
    """
    if release_plan.skips:
        return Cost()
    total = sum(_cost_parts(plan, release_plan, assets, expect, checksums), Cost())
    if isinstance(release_plan.step, CreateRelease):
        # To create the draft, and to list drafts after it; also before it, if jobs share it.
        total += Cost(calls=2 + shares_draft)
    if release_plan.publishes and not _is_incomplete(plan, assets, expect, checksums):
        # To read the commit of the tag before and after, and to publish.
        total += Cost(calls=3)
    return total


def _cost_parts(
    plan: Plan,
    release_plan: ReleasePlan,
    assets: Sequence[Asset],
    expect: Sequence[str],
    checksums: str,
) -> Iterator[Cost]:
    yield from map(_step_cost, plan.steps)
    if _has_no_digests(assets):
        # Each staged asset is read back.
        yield Cost(calls=sum(isinstance(one, Replace) and has_upload(one) for one in plan.steps))
    step = release_plan.step
    names = {asset.name for asset in assets} | {step.file.name for step in plan.steps}
    pages = max(1, ceil(len(names) / _PAGE_SIZE))
    if isinstance(step, EditRelease):
        yield Cost(calls=1)
    if isinstance(step, CreateRelease) or step.release.draft:
        yield Cost(calls=1)  # to refresh the draft
        if expect:
            yield Cost(calls=pages if len(names) >= _MAX_EMBEDDED else 0)
            if _is_incomplete(plan, assets, expect, checksums):
                yield Cost(calls=1)  # to refresh it again after a moment; then the run ends
                return
    if checksums:
        yield from _list_cost(plan, checksums, assets, pages)
    if plan.prune:
        yield Cost(calls=pages + len(plan.prune))
    is_draft = isinstance(step, CreateRelease) or step.release.draft
    if (
        not is_draft
        or release_plan.publishes
        or isinstance(step, EditRelease)
        or checksums
        or plan.prune
    ):
        yield Cost(calls=1)  # to read the release back


def _step_cost(step: Step) -> Cost:
    calls = calls_of(step, _ANY_DIGEST)
    uploads = sum(isinstance(call, Send) for call in calls)
    return Cost(calls=len(calls), uploads=uploads, size=step.file.size if uploads else 0)


def _list_cost(plan: Plan, name: str, assets: Sequence[Asset], pages: int) -> Iterator[Cost]:
    """Yield the cost of the list of checksums, made from all assets on the release."""
    of_files = {step.file.name for step in plan.steps}
    uploaded = {step.file.name for step in plan.steps if isinstance(step, Upload)}
    pruned = {asset.name for asset in plan.prune}
    there = {asset.name: asset for asset in complete_assets(assets) if asset.name not in pruned}
    # An asset without a digest is downloaded.
    yield Cost(calls=sum(one.digest is None for one in there.values() if one.name not in of_files))
    if _has_no_digests(assets):
        yield Cost(calls=len(uploaded))
    if name in there and not plan.writes:
        yield Cost(calls=pages)
        return
    listed = (there.keys() | of_files) - {name}
    size = sum(_DIGEST_LENGTH + len(f"  {one}\n") for one in listed)
    # The assets are listed before and after, since other jobs may change them.
    yield Cost(calls=2 * pages + (4 if name in there else 1), uploads=1, size=size)


def _has_no_digests(assets: Sequence[Asset]) -> bool:
    """Say whether the server seems to report no digests: no asset of the release has one."""
    there = complete_assets(assets)
    return bool(there) and all(asset.digest is None for asset in there)


def _is_incomplete(
    plan: Plan, assets: Sequence[Asset], expect: Sequence[str], checksums: str
) -> bool:
    names = {asset.name for asset in complete_assets(assets)} | {
        step.file.name for step in plan.steps
    }
    return bool(unmatched_patterns([one for one in expect if one != checksums], names))
