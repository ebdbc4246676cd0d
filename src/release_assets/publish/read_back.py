"""Reads the release back before it is published and at the end, and verifies it."""

from collections.abc import Collection, Sequence

from release_assets.github import GitHub, GitHubError
from release_assets.models import Asset, Release
from release_assets.plan import ReleaseChangedError
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.differences import Expected, asset_differences
from release_assets.publish.view import assets_of
from release_assets.report import AssetsRead, Outcome, ReleaseRead
from release_assets.wording import words


class _DiffersError(GitHubError):
    """The release differs from what is expected; retryable, since GitHub may lag."""

    title = "Release is not as asked"

    def __init__(self, differences: Sequence[str]) -> None:
        super().__init__("; ".join(differences))
        self.differences = tuple(differences)


def read_release_back(
    current: CurrentRelease, expected: Expected, *, whole: bool
) -> Sequence[Asset]:
    """Return the assets of the release at the end, once it is as expected.

    No request is made if the view was read after the last write. whole: whether all assets are
    needed; otherwise those that the release shows itself are enough, if they include this run's.

    Raises: ReleaseChangedError, GitHubError.
    """
    github, journal = current.github, current.journal
    outcome = current.outcome

    def attempt(number: int) -> Sequence[Asset]:
        if number > 1 or current.is_stale:
            release = github.get_release(current.release.id, retry_not_found=True)
            current.view = current.view.with_release(release, github)
        assets: Sequence[Asset] | None = current.view.listed
        if assets is None:
            assets = _enough_assets(current.release, outcome, github, whole=whole)
        journal.append(ReleaseRead(release=current.release))
        journal.append(AssetsRead(assets=assets))
        if found := tuple(expected.differences(current.release, assets, outcome)):
            raise _DiffersError(found)
        return assets

    try:
        return github.session.retry(attempt, "reading the release back", (_DiffersError,))
    except _DiffersError as error:
        fix = _fix(current.release, may_be_draft=expected.may_be_draft)
        raise _changed_error(current.release, expected.desired.tag, error, fix) from None


def read_draft_back(current: CurrentRelease, tag: str, reported: Collection[int]) -> Release:
    """Return a draft once it has all assets of this run, right before it is published.

    A missing asset cannot be added any more once the release is immutable.

    Raises: ReleaseChangedError, GitHubError.
    """
    github, outcome = current.github, current.outcome

    def attempt(number: int) -> Release:
        if number > 1:
            release = github.get_release(current.release.id, retry_not_found=True)
            current.view = current.view.with_release(release, github)
        current.view = current.view.with_assets(github, listed_again=number > 1)
        if found := tuple(asset_differences(current.view.assets, outcome, reported)):
            raise _DiffersError(found)
        return current.release

    try:
        return github.session.retry(attempt, "reading the draft back", (_DiffersError,))
    except _DiffersError as error:
        raise _changed_error(
            current.release, tag, error, _fix(current.release, may_be_draft=True)
        ) from None


def _enough_assets(
    release: Release, outcome: Outcome, github: GitHub, *, whole: bool
) -> Sequence[Asset]:
    """Return the assets of a release that was just read, at least those of this run."""
    embedded = {asset.id for asset in release.assets}
    ours = {result.asset.id for result in outcome.results if result.asset is not None}
    if ours <= embedded and not whole:
        return release.assets
    return assets_of(release, github)


def _changed_error(
    release: Release, tag: str, error: _DiffersError, fix: str
) -> ReleaseChangedError:
    return ReleaseChangedError(tag, error.differences, release.html_url, fix)


def _fix(release: Release, *, may_be_draft: bool) -> str:
    if release.draft and not may_be_draft:
        return words(
            "push the tag again if it was deleted: GitHub turns the release of a deleted tag into"
            " a draft; then {RUN_AGAIN} with {publish: always}"
        )
    return words("see who else changes this release while the job runs, then {RUN_AGAIN}")
