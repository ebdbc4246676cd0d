"""Expected release x the release that was read back -> their differences. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from release_assets.light_dataclasses import dataclass
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
from release_assets.report import CurrentAssets, Outcome

_ON_RELEASE = ("uploaded", "replaced", "unchanged")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The release that a run expects at its end."""

    desired: DesiredRelease
    plan: ReleasePlan
    # Whether it may be a draft. A release that another job published is accepted, too.
    may_be_draft: bool
    deleted: Mapping[int, str]  # asset id -> name, of assets that this run deleted
    reported: Collection[int]  # ids of assets whose digest GitHub reported when the run began
    checksum_list: str = ""  # its name, as requested; empty: this run uploads none

    def differences(
        self, release: Release, assets: Sequence[Asset], outcome: Outcome
    ) -> Iterator[str]:
        """Yield how a release and its assets differ from what is expected."""
        yield from self._release_differences(release)
        yield from asset_differences(assets, outcome, self.reported, self.checksum_list)
        yield from _leftovers(assets, outcome)
        for asset in assets:
            if self.deleted.get(asset.id) == asset.name:
                yield f"`{asset.name}` is still there"

    def _release_differences(self, release: Release) -> Iterator[str]:
        if release.tag != self.desired.tag:
            yield f"its tag is `{release.tag}`"
        if release.draft and not self.may_be_draft:
            yield "it is a draft"
        expected = _expected_prerelease(self.desired, self.plan)
        if expected is not None and expected != release.prerelease:
            yield "it is a prerelease" if release.prerelease else "it is not a prerelease"
        step = self.plan.step
        if isinstance(step, EditRelease | PublishRelease):
            yield from _unchanged_texts(step.fields, step.release, release)
        if not release.draft and self.plan.publishes and find_mark(release.body) is not None:
            yield "its notes still have the mark of a draft"


def _expected_prerelease(desired: DesiredRelease, release_plan: ReleasePlan) -> object:
    """Return the value that was sent, or that the release had; None if any value is accepted."""
    step = release_plan.step
    if isinstance(step, CreateRelease) or "prerelease" in release_plan.fields:
        return release_plan.fields.get("prerelease")
    follows = desired.if_exists == "update" or is_ours(step.release)
    is_same = step.release.prerelease == desired.prerelease
    return desired.prerelease if follows and is_same else None


def _unchanged_texts(fields: Fields, before: Release, now: Release) -> Iterator[str]:
    """Yield the texts that did not change. A person may have changed them to others meanwhile."""
    texts = {
        "name": (before.name or "", now.name or ""),
        "body": (without_mark(before.body), without_mark(now.body)),
    }
    for name, (old, new) in texts.items():
        if name in fields and new == old:
            yield f"its {'title' if name == 'name' else 'notes'} did not change"


def asset_differences(
    assets: Sequence[Asset], outcome: Outcome, reported: Collection[int], checksum_list: str
) -> Iterator[str]:
    """Yield how the assets of this run differ from its files.

    reported: ids of assets whose digest GitHub reported when the run began.
    checksum_list: its name, as requested; another job may have replaced it.
    """
    names = {asset.name for asset in assets}
    for result, ours, now in _own_assets(assets, outcome, checksum_list):
        if now is None and ours.name in names:
            yield f"`{ours.name}` was replaced by another asset"
        elif now is None:
            yield f"`{ours.name}` is not on it"
        elif now.id == ours.id:
            is_reported = ours.id in reported
            yield from _one_asset_differences(now, ours, result, is_reported=is_reported)


def replaced_assets(
    assets: Sequence[Asset], outcome: Outcome, checksum_list: str
) -> Iterator[tuple[Asset, Asset]]:
    """Yield each asset of this run that another asset has replaced, as good as it, and that one.

    checksum_list: see `asset_differences`.
    """
    for _, ours, now in _own_assets(assets, outcome, checksum_list):
        if now is not None and now.id != ours.id:
            yield ours, now


def _own_assets(
    assets: Sequence[Asset], outcome: Outcome, checksum_list: str
) -> Iterator[tuple[Result, Asset, Asset | None]]:
    """Yield each result with its asset, and with what has its place now."""
    current = CurrentAssets(assets)
    for result in outcome.results:
        ours = result.asset
        if result.status in _ON_RELEASE and ours is not None:
            is_list = result.file.requested_name == checksum_list
            yield result, ours, current.of(result, is_checksum_list=is_list)


def _leftovers(assets: Sequence[Asset], outcome: Outcome) -> Iterator[str]:
    """Yield the leftovers of swaps of this run's names, even if another run left them."""
    names = {
        result.asset.name.lower()
        for result in outcome.results
        if result.status in _ON_RELEASE and result.asset is not None
    }
    for asset in assets:
        mark = parse_swap_name(asset.name)
        if mark is not None and mark.final.lower() in names:
            yield f"`{asset.name}` is left from a swap"


def _one_asset_differences(
    now: Asset, ours: Asset, result: Result, *, is_reported: bool
) -> Iterator[str]:
    if now.name != ours.name:
        yield f"`{ours.name}` is now called `{now.name}`"
    if not now.is_complete:
        yield f"`{ours.name}` is in the state `{now.state}`"
    if result.file.label is not None and (now.label or "") != (ours.label or ""):
        yield f"`{ours.name}` has the label `{now.label or ''}`"
    digest = now.digest or result.digest
    if now.size != result.file.size or digest != (result.digest or digest):
        yield f"`{ours.name}` has different content"
    elif is_reported and now.digest is None:
        yield f"`{ours.name}` had a digest, and has none now"
