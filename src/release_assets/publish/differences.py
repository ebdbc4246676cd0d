"""What a run asked for x what GitHub shows at its end -> in what they differ. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from release_assets.models import Asset, Release, Result
from release_assets.names import parse_swap_name
from release_assets.plan import (
    CreateRelease,
    DesiredRelease,
    EditRelease,
    Fields,
    PublishRelease,
    ReleasePlan,
    find_mark,
    is_ours,
    without_mark,
)
from release_assets.report import Outcome

_OURS = ("uploaded", "replaced", "unchanged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a run has to find at its end."""

    desired: DesiredRelease
    plan: ReleasePlan
    # Whether it may be a draft; one that another job has published is what was asked for, too.
    may_be_draft: bool
    deleted: Mapping[int, str]  # asset id -> name, of what this run has deleted
    reported: Collection[int]  # ids of assets whose digest GitHub reported when the run began

    def differences(
        self, release: Release, assets: Sequence[Asset], outcome: Outcome
    ) -> Iterator[str]:
        """Yield in what a release and its assets differ from what was asked for."""
        yield from self._of_release(release)
        yield from of_assets(assets, outcome, self.reported)
        yield from _left_over(assets, outcome)
        for asset in assets:
            if self.deleted.get(asset.id) == asset.name:
                yield f"`{asset.name}` is still there"

    def _of_release(self, release: Release) -> Iterator[str]:
        if release.tag != self.desired.tag:
            yield f"its tag is `{release.tag}`"
        if release.draft and not self.may_be_draft:
            yield "it is a draft"
        wanted = _wanted_prerelease(self.desired, self.plan)
        if wanted is not None and wanted != release.prerelease:
            yield "it is a prerelease" if release.prerelease else "it is no prerelease"
        step = self.plan.step
        if isinstance(step, EditRelease | PublishRelease):
            yield from _not_done(step.fields, step.release, release)
        if not release.draft and self.plan.publishes and find_mark(release.body) is not None:
            yield "its notes have the mark of a draft"


def _wanted_prerelease(desired: DesiredRelease, release_plan: ReleasePlan) -> object:
    """Return what was sent, or what the release had already; None where that does not matter."""
    step = release_plan.step
    if isinstance(step, CreateRelease) or "prerelease" in release_plan.fields:
        return release_plan.fields.get("prerelease")
    follows = desired.if_exists == "update" or is_ours(step.release)
    is_same = step.release.prerelease == desired.prerelease
    return desired.prerelease if follows and is_same else None


def _not_done(fields: Fields, before: Release, now: Release) -> Iterator[str]:
    """Yield the texts that are as before the run; a person may have written others meanwhile."""
    texts = {
        "name": (before.name or "", now.name or ""),
        "body": (without_mark(before.body), without_mark(now.body)),
    }
    for name, (old, new) in texts.items():
        if name in fields and new == old:
            yield f"its {'title' if name == 'name' else 'notes'} did not change"


def of_assets(
    assets: Sequence[Asset], outcome: Outcome, reported: Collection[int]
) -> Iterator[str]:
    """Yield in what the assets of this run differ from its files.

    reported: ids of assets whose digest GitHub reported when the run began.
    """
    there = {asset.id: asset for asset in assets}
    for result in outcome.results:
        if result.status in _OURS and result.asset is not None:
            ours = result.asset
            is_reported = ours.id in reported
            yield from _of_asset(there.get(ours.id), ours, result, is_reported=is_reported)


def _left_over(assets: Sequence[Asset], outcome: Outcome) -> Iterator[str]:
    """Yield what is left of swaps of this run's names, by whatever run."""
    brought = {
        result.asset.name.lower()
        for result in outcome.results
        if result.status in _OURS and result.asset is not None
    }
    for asset in assets:
        mark = parse_swap_name(asset.name)
        if mark is not None and mark.final.lower() in brought:
            yield f"`{asset.name}` is left of a swap"


def _of_asset(
    now: Asset | None, ours: Asset, result: Result, *, is_reported: bool
) -> Iterator[str]:
    if now is None:
        yield f"`{ours.name}` is not on it"
        return
    if now.name != ours.name:
        yield f"`{ours.name}` is called `{now.name}`"
    if not now.is_complete:
        yield f"`{ours.name}` is in the state `{now.state}`"
    if result.file.label is not None and (now.label or "") != (ours.label or ""):
        yield f"`{ours.name}` has the label `{now.label or ''}`"
    digest = now.digest or result.digest
    if now.size != result.file.size or digest != (result.digest or digest):
        yield f"`{ours.name}` has other content"
    elif is_reported and now.digest is None:
        yield f"`{ours.name}` had a digest, and has none now"
