"""What a plan costs: calls to GitHub, bytes, and how much of the rate limit. Pure."""

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

_PAGE = 100  # assets that one call lists
_TOLD_WHOLE = 250  # assets, from which on a release does not tell them all
_ANY = Digest.of(sha256())
_DIGITS = 64  # of a digest in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What is still to come once the plan stands, if nothing fails and no other job takes part."""

    calls: int = 0
    uploads: int = 0  # of the calls
    size: int = 0  # bytes to send

    @property
    def points(self) -> int:
        """How the limit on requests counts the calls: an upload twice."""
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
    """Return what it costs to perform a plan, the calls made for planning aside.

    assets: of the release, as it was found. expect, checksums: as the inputs say. shares_draft:
    whether other jobs are likely to fill the same draft.
    """
    if release_plan.skips:
        return Cost()
    parts = _parts(plan, release_plan, assets, expect, checksums)
    found = sum(parts, Cost())
    if isinstance(release_plan.step, CreateRelease):
        # To create, and to look whether another job did; where one is likely, also before.
        found += Cost(calls=2 + shares_draft)
    if release_plan.publishes and not _is_incomplete(plan, assets, expect, checksums):
        # The commit of the tag before and after, and the request that publishes.
        found += Cost(calls=3)
    return found


def _parts(
    plan: Plan,
    release_plan: ReleasePlan,
    assets: Sequence[Asset],
    expect: Sequence[str],
    checksums: str,
) -> Iterator[Cost]:
    yield from map(_of_step, plan.steps)
    if _has_no_digests(assets):
        # What is to replace an asset is read back.
        yield Cost(calls=sum(isinstance(s, Replace) and has_upload(s) for s in plan.steps))
    step = release_plan.step
    names = {asset.name for asset in assets} | {step.file.name for step in plan.steps}
    pages = max(1, ceil(len(names) / _PAGE))
    if isinstance(step, EditRelease):
        yield Cost(calls=1)
    if isinstance(step, CreateRelease) or step.release.draft:
        yield Cost(calls=1)  # to refresh the draft
        if expect:
            yield Cost(calls=pages if len(names) >= _TOLD_WHOLE else 0)
            if _is_incomplete(plan, assets, expect, checksums):
                yield Cost(calls=1)  # to refresh it once more, a little later; that is all
                return
    if checksums:
        yield from _of_list(plan, checksums, assets, pages)
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
        yield Cost(calls=1)  # to read the end back


def _of_step(step: Step) -> Cost:
    calls = calls_of(step, _ANY)
    sends = sum(isinstance(call, Send) for call in calls)
    return Cost(calls=len(calls), uploads=sends, size=step.file.size if sends else 0)


def _of_list(plan: Plan, name: str, assets: Sequence[Asset], pages: int) -> Iterator[Cost]:
    """Yield the cost of the list of checksums: it is made of what the release then holds."""
    sent = {step.file.name for step in plan.steps}
    unread = {step.file.name for step in plan.steps if isinstance(step, Upload)}
    gone = {asset.name for asset in plan.prune}
    there = {asset.name: asset for asset in complete_assets(assets) if asset.name not in gone}
    # What GitHub reports no digest of is read.
    yield Cost(calls=sum(one.digest is None for one in there.values() if one.name not in sent))
    if _has_no_digests(assets):
        yield Cost(calls=len(unread))
    if name in there and not plan.writes:
        yield Cost(calls=pages)
        return
    listed = (there.keys() | sent) - {name}
    size = sum(_DIGITS + len(f"  {one}\n") for one in listed)
    # Looked at before and after, since other jobs may change the set.
    yield Cost(calls=2 * pages + (4 if name in there else 1), uploads=1, size=size)


def _has_no_digests(assets: Sequence[Asset]) -> bool:
    """Say whether the server reports no digests, as far as the release tells."""
    there = complete_assets(assets)
    return bool(there) and all(asset.digest is None for asset in there)


def _is_incomplete(
    plan: Plan, assets: Sequence[Asset], expect: Sequence[str], checksums: str
) -> bool:
    names = {asset.name for asset in complete_assets(assets)} | {
        step.file.name for step in plan.steps
    }
    return bool(unmatched_patterns([one for one in expect if one != checksums], names))
