"""What a plan costs: calls to GitHub, bytes, and how much of the rate limit. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from release_assets.draft_mark import is_made_for
from release_assets.expect import finished, unmet
from release_assets.inputs import Inputs
from release_assets.models import Asset, Release
from release_assets.names import marked
from release_assets.plan import Keep, Plan, Refuse, Replace, Skip, Step, Upload

_PAGE = 100  # assets that one call lists
_TOLD_WHOLE = 250  # assets, from which on a release does not tell them all
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


def cost_of(plan: Plan, inputs: Inputs, release: Release | None, assets: Sequence[Asset]) -> Cost:
    """Return what it costs to perform a plan.

    release, assets: as they were found.
    """
    if release is None and not plan.steps:
        return Cost()
    return sum(_parts(plan, inputs, release, assets), Cost())


def _parts(
    plan: Plan, inputs: Inputs, release: Release | None, assets: Sequence[Asset]
) -> Iterator[Cost]:
    if release is None:
        yield Cost(calls=_calls_to_create(inputs))
    yield from map(_of_step, plan.steps)
    names = {asset.name for asset in assets} | {step.file.name for step in plan.steps}
    pages = max(1, ceil(len(names) / _PAGE))
    if release is None or release.draft:
        yield Cost(calls=1)  # to look what it is by then
        if inputs.expect:
            yield Cost(calls=pages if len(names) >= _TOLD_WHOLE else 0)
            if _is_incomplete(plan, inputs, assets):
                yield Cost(calls=1)  # to look again, a little later; that is all
                return
    if inputs.checksums:
        yield from _of_list(plan, inputs.checksums, assets, pages)
    if plan.prune:
        yield Cost(calls=pages + len(plan.prune))
    if _is_made_public(plan, inputs, release):
        yield Cost(calls=1)


def _calls_to_create(inputs: Inputs) -> int:
    # To create, and to look whether another job did; where one is likely, also before.
    return 2 + inputs.shares_draft + inputs.creation.generate_notes


def _of_step(step: Step) -> Cost:
    cleared = Cost(calls=len(getattr(step, "clear", ())))
    match step:
        case Upload():
            return cleared + Cost(calls=1, uploads=1, size=step.file.size)
        case Replace():
            return cleared + _of_swap(step)
        case Keep() | Skip() | Refuse():
            return cleared
        case _:
            return cleared + Cost(calls=1)


def _of_swap(step: Replace) -> Cost:
    """Return the cost of what is left to do of: send aside, rename, rename, delete."""
    sent = step.staged is None
    renamed = step.old is not None and marked(step.old.name) is None
    return Cost(
        calls=sent + renamed + 1 + (step.old is not None),
        uploads=int(sent),
        size=step.file.size if sent else 0,
    )


def _of_list(plan: Plan, name: str, assets: Sequence[Asset], pages: int) -> Iterator[Cost]:
    """Yield the cost of the list of checksums: it is made of what the release then holds."""
    sent = {step.file.name for step in plan.steps}
    gone = {asset.name for asset in plan.prune}
    there = {asset.name: asset for asset in finished(assets) if asset.name not in gone}
    # What GitHub knows no digest of is read.
    yield Cost(calls=sum(one.digest is None for one in there.values() if one.name not in sent))
    if name in there and not plan.writes:
        yield Cost(calls=pages)
        return
    listed = (there.keys() | sent) - {name}
    size = sum(_DIGITS + len(f"  {one}\n") for one in listed)
    # Looked at before and after, since other jobs may change the set.
    yield Cost(calls=2 * pages + (4 if name in there else 1), uploads=1, size=size)


def _is_incomplete(plan: Plan, inputs: Inputs, assets: Sequence[Asset]) -> bool:
    names = {asset.name for asset in finished(assets)} | {step.file.name for step in plan.steps}
    return bool(unmet([one for one in inputs.expect if one != inputs.checksums], names))


def _is_made_public(plan: Plan, inputs: Inputs, release: Release | None) -> bool:
    if (release is not None and not release.draft) or inputs.publish == "never":
        return False
    if release is None or inputs.publish == "always" or inputs.expect:
        return True
    return is_made_for(release.body, {step.file.name for step in plan.steps})
