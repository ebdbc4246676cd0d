"""Reads the release back before it is published and at the end, and verifies it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import TypeVar

from release_assets.github import GitHub, GitHubError, NotFoundError
from release_assets.models import Asset, Release
from release_assets.plan import ReleaseChangedError
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.differences import Expected, asset_differences, replaced_assets
from release_assets.publish.lists import assets_of
from release_assets.report import AssetsRead, Outcome, ReleaseRead
from release_assets.wording import words

Value = TypeVar("Value")


class _DiffersError(GitHubError):
    """The release differs from what is expected; retryable, since GitHub may lag."""

    title = "Release is not as requested"

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
    attempt = partial(_read_and_compare, current, expected, current.outcome, whole)
    tag, may_be_draft = expected.desired.tag, expected.may_be_draft
    return _retry(attempt, "reading the release back", current, tag, may_be_draft=may_be_draft)


def read_draft_back(
    current: CurrentRelease, tag: str, reported: Collection[int], checksum_list: str
) -> Release:
    """Return a draft once it has all assets of this run, right before it is published.

    A missing asset cannot be added any more once the release is immutable. If another job has
    published it meanwhile, it is returned as it is.

    reported, checksum_list: see `asset_differences`.

    Raises: ReleaseChangedError, GitHubError.
    """
    outcome = current.outcome

    def attempt(number: int) -> Release:
        if number > 1:
            current.read_by_id()
            if not current.release.draft:
                return current.release
        current.view = current.view.with_assets(current.github, listed_again=number > 1)
        assets = current.view.assets
        _confirm_replacements(assets, outcome, checksum_list, current.github)
        _check_equal(asset_differences(assets, outcome, reported, checksum_list))
        current.journal.append(AssetsRead(assets=assets))
        return current.release

    return _retry(attempt, "reading the draft back", current, tag, may_be_draft=True)


def _read_and_compare(
    current: CurrentRelease, expected: Expected, outcome: Outcome, whole: bool, attempt: int
) -> Sequence[Asset]:
    """Read the release, if its view is stale, and return its assets once it is as expected.

    outcome: before the release is read back.

    Raises: _DiffersError, GitHubError.
    """
    if attempt > 1 or current.is_stale:
        current.read_by_id()
    assets: Sequence[Asset] | None = current.view.listed
    if assets is None:
        assets = _enough_assets(current.release, outcome, current.github, whole=whole)
    _confirm_replacements(assets, outcome, expected.checksum_list, current.github)
    current.journal.append(ReleaseRead(release=current.release))
    current.journal.append(AssetsRead(assets=assets))
    _check_equal(expected.differences(current.release, assets, outcome))
    return assets


def _confirm_replacements(
    assets: Sequence[Asset], outcome: Outcome, checksum_list: str, github: GitHub
) -> None:
    """Return if each asset that took the place of one of this run is there, read by its own id.

    Raises: _DiffersError, GitHubError.
    """
    for ours, now in replaced_assets(assets, outcome, checksum_list):
        try:
            confirmed = github.get_asset(now.id)
        except NotFoundError:
            confirmed = None
        if confirmed is None or (confirmed.name, confirmed.digest) != (now.name, now.digest):
            raise _DiffersError([f"`{ours.name}` was replaced by another asset"])


def _check_equal(differences: Iterable[str]) -> None:
    """Return if there is no difference. Raises: _DiffersError."""
    if found := tuple(differences):
        raise _DiffersError(found)


def _retry(
    attempt: Callable[[int], Value],
    action: str,
    current: CurrentRelease,
    tag: str,
    *,
    may_be_draft: bool,
) -> Value:
    """Return what an attempt returns, once the release is as expected.

    Raises: ReleaseChangedError, GitHubError.
    """
    try:
        return current.github.session.retry(attempt, action, (_DiffersError,))
    except _DiffersError as error:
        release = current.release
        fix = _fix(release, may_be_draft=may_be_draft)
        raise ReleaseChangedError(tag, error.differences, release.html_url, fix) from None


def _enough_assets(
    release: Release, outcome: Outcome, github: GitHub, *, whole: bool
) -> Sequence[Asset]:
    """Return the assets of a release that was just read, at least those of this run."""
    embedded = {asset.id for asset in release.assets}
    ours = {result.asset.id for result in outcome.results if result.asset is not None}
    if ours <= embedded and not whole:
        return release.assets
    return assets_of(release, github)


def _fix(release: Release, *, may_be_draft: bool) -> str:
    if release.draft and not may_be_draft:
        return words(
            "if the tag was deleted, push it again, because GitHub turns the release of a deleted "
            "tag into a draft; then {RUN_AGAIN} with {publish: always}"
        )
    return words("find out what else changes this release while the job runs, then {RUN_AGAIN}")
