"""Reads the release back at the end, and compares it with what was asked for."""

from collections.abc import Iterator, Mapping, Sequence

from release_assets.events import AssetsRead, ReleaseRead
from release_assets.github.client import GitHub
from release_assets.github.errors import GitHubError
from release_assets.journal import Journal
from release_assets.models import Asset, Release, Result
from release_assets.names import marked
from release_assets.outcome import Outcome
from release_assets.plan.desired_release import DesiredRelease, Fields, is_ours
from release_assets.plan.draft_mark import find_mark, unmarked
from release_assets.plan.release import Create, Edit, Publish, ReleasePlan
from release_assets.publish.view import ReleaseView, assets_of
from release_assets.refusals import ReleaseChangedError

_OURS = ("uploaded", "replaced", "unchanged")


class _DiffersError(GitHubError):
    """It may be a list that lags: read again."""

    title = "Release is not as asked"

    def __init__(self, differences: Sequence[str]) -> None:
        super().__init__("; ".join(differences))
        self.differences = tuple(differences)


def read_release_back(
    view: ReleaseView,
    fresh: ReleaseView | None,
    outcome: Outcome,
    desired: DesiredRelease,
    release_plan: ReleasePlan,
    github: GitHub,
    journal: Journal,
    *,
    deleted: Mapping[int, str],
    is_draft: bool,
) -> Release:
    """Return the release as GitHub shows it at the end, with all that was asked for.

    fresh: a view that was read after the last write, which spares a request. deleted: asset id ->
    name, of what this run has deleted. is_draft: whether it
    may be a draft; one that another job has published meanwhile is what was asked for, too.

    Raises: ReleaseChangedError, GitHubError.
    """
    last: list[Release] = [view.release]

    def attempt(number: int) -> Release:
        known = fresh if number == 1 else None
        release = known.release if known else github.get_release(view.release.id, known=True)
        listed = known.listed if known else None
        assets = listed if listed is not None else _enough_assets(release, outcome, github)
        last[0] = release
        journal.append(ReleaseRead(release=release))
        journal.append(AssetsRead(assets=assets))
        found = [
            *_of_release(release, desired, release_plan, is_draft=is_draft),
            *_of_assets(assets, outcome),
            *_left_over(assets, outcome),
            *(f"`{deleted[a.id]}` is still there" for a in assets if deleted.get(a.id) == a.name),
        ]
        if found:
            raise _DiffersError(found)
        return release

    try:
        return github.session.retry(attempt, "reading the release back", (_DiffersError,))
    except _DiffersError as error:
        raise ReleaseChangedError(
            desired.tag, error.differences, last[0].html_url, _fix(last[0], is_draft=is_draft)
        ) from None


def read_assets_back(view: ReleaseView, outcome: Outcome, tag: str, github: GitHub) -> ReleaseView:
    """Return a draft once it shows all assets of this run, right before it is published.

    Nothing can be added to an immutable release, nor any asset that somebody has deleted meanwhile.

    Raises: ReleaseChangedError, GitHubError.
    """
    last: list[ReleaseView] = [view]

    def attempt(number: int) -> ReleaseView:
        if number > 1:
            release = github.get_release(view.release.id, known=True)
            last[0] = view.with_release(release, github)
        now = last[0].with_assets(github, listed_again=number > 1)
        if found := list(_of_assets(now.assets, outcome)):
            raise _DiffersError(found)
        return now

    try:
        return github.session.retry(attempt, "reading the draft back", (_DiffersError,))
    except _DiffersError as error:
        release = last[0].release
        raise ReleaseChangedError(
            tag, error.differences, release.html_url, _fix(release, is_draft=True)
        ) from None


def _enough_assets(release: Release, outcome: Outcome, github: GitHub) -> Sequence[Asset]:
    """Return the assets of a release that was just read: all that this run needs to see."""
    shown = {asset.id for asset in release.assets}
    ours = {result.asset.id for result in outcome.results if result.asset is not None}
    if ours <= shown and not outcome.pruned:
        return release.assets
    return assets_of(release, github)


def _of_release(
    release: Release, desired: DesiredRelease, release_plan: ReleasePlan, *, is_draft: bool
) -> Iterator[str]:
    """Yield in what the release differs from what was asked for."""
    if release.tag != desired.tag:
        yield f"its tag is `{release.tag}`"
    if release.draft and not is_draft:
        yield "it is a draft"
    step = release_plan.step
    wanted = _wanted_prerelease(desired, release_plan)
    if wanted is not None and wanted != release.prerelease:
        yield "it is a prerelease" if release.prerelease else "it is no prerelease"
    if isinstance(step, Edit | Publish):
        yield from _not_done(step.fields, step.release, release)
    if not release.draft and release_plan.publishes and find_mark(release.body) is not None:
        yield "its notes have the mark of a draft"


def _wanted_prerelease(desired: DesiredRelease, release_plan: ReleasePlan) -> object:
    """Return what was sent, or what the release had already; None where that does not matter."""
    step = release_plan.step
    if isinstance(step, Create) or "prerelease" in release_plan.fields:
        return release_plan.fields.get("prerelease")
    follows = desired.if_exists == "update" or is_ours(step.release)
    is_same = step.release.prerelease == desired.prerelease
    return desired.prerelease if follows and is_same else None


def _not_done(fields: Fields, before: Release, now: Release) -> Iterator[str]:
    """Yield the texts that are as before the run; a person may have written others meanwhile."""
    texts = {
        "name": (before.name or "", now.name or ""),
        "body": (unmarked(before.body), unmarked(now.body)),
    }
    for name, (old, new) in texts.items():
        if name in fields and new == old:
            yield f"its {'title' if name == 'name' else 'notes'} did not change"


def _of_assets(assets: Sequence[Asset], outcome: Outcome) -> Iterator[str]:
    there = {asset.id: asset for asset in assets}
    for result in outcome.results:
        if result.status in _OURS and result.asset is not None:
            yield from _of_asset(there.get(result.asset.id), result.asset, result)


def _left_over(assets: Sequence[Asset], outcome: Outcome) -> Iterator[str]:
    """Yield what is left of swaps of this run's names, by whatever run."""
    brought = {
        result.asset.name.lower()
        for result in outcome.results
        if result.status in _OURS and result.asset is not None
    }
    for asset in assets:
        mark = marked(asset.name)
        if mark is not None and mark.final.lower() in brought:
            yield f"`{asset.name}` is left of a swap"


def _of_asset(now: Asset | None, ours: Asset, result: Result) -> Iterator[str]:
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


def _fix(release: Release, *, is_draft: bool) -> str:
    if release.draft and not is_draft:
        return (
            "push the tag again if it was deleted: GitHub turns the release of a deleted tag into "
            "a draft; then run the job again with `publish: always`"
        )
    return "see who else changes this release while the job runs, then run the job again"
