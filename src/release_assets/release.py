"""Finds the release, looks at it again, makes it public."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from urllib.parse import quote

from release_assets.draft_mark import is_marked, unmarked
from release_assets.errors import ContradictionError, ReleaseAssetsError
from release_assets.github.client import GitHub
from release_assets.github.errors import (
    PERMISSION_FIX,
    GitHubError,
    NotFoundError,
    NotWritableError,
)
from release_assets.inputs import Inputs
from release_assets.models import Asset, Release
from release_assets.refusals import ReleaseNotFoundError

_TOLD_WHOLE = 250  # assets, below which a release tells them all


def find_release(inputs: Inputs, github: GitHub) -> Release | None:
    """Return the release that the inputs mean, None when its tag has none.

    Of several drafts of a tag, the one with the lowest id: every job comes to the same.

    Raises: ReleaseNotFoundError for an id that does not exist, ContradictionError for an id whose
        release has another tag, GitHubError.
    """
    if inputs.release_id is None:
        # Where a draft is likely, it is new, and on the first page.
        return _find_by_tag(inputs.tag or "", github, draft_first=inputs.shares_draft)
    try:
        # A step before this one may just have made it.
        release = github.get_release(inputs.release_id, known=True)
    except NotFoundError as error:
        raise ReleaseNotFoundError(
            f"there is no release {inputs.release_id}, or the token may not see it",
            where=inputs.repository,
            fix="correct `release-id`; drafts are visible only with `contents: write`",
        ) from error
    if inputs.tag is not None and release.tag != inputs.tag:
        raise ContradictionError(
            f"`release-id` {release.id} is the release `{release.tag}`, not `{inputs.tag}`",
            where=release.html_url,
            fix="give `tag` or `release-id`, or make them agree",
        )
    return release


def look_at(release: Release, inputs: Inputs, github: GitHub) -> tuple[Release, ...]:
    """Return a release as it is now, and the drafts besides; first that which all jobs agree on.

    Raises: NotFoundError when there is none any more, GitHubError.
    """
    if inputs.release_id is not None:
        return (github.get_release(release.id),)
    found = listed(release.tag, github)
    if all(one.id != release.id for one in found):
        # It is public and far down the list, or the list lags, or it is gone.
        try:
            found.append(github.get_release(release.id))
        except NotFoundError:
            if not found:
                raise
    first = first_of(found)
    return (first, *(one for one in found if one.id != first.id))


def is_spare(draft: Release, assets: Iterable[Asset]) -> bool:
    """Say whether a run of ours made a draft of which all is among these assets, too."""
    there = {(asset.name, asset.digest) for asset in assets if asset.is_complete}
    whole = all(one.digest and (one.name, one.digest) in there for one in draft.assets)
    return draft.draft and is_marked(draft.body) and whole


def is_gone(release: Release, errors: Iterable[ReleaseAssetsError], github: GitHub) -> bool:
    """Say whether errors are there because the release is no longer there."""
    if not any(isinstance(error, GitHubError) and error.status == 404 for error in errors):
        return False
    return is_gone_by_id(release.id, github)


def is_gone_by_id(release_id: int, github: GitHub) -> bool:
    """Say whether GitHub knows no release of this id."""
    try:
        github.get_release(release_id)
    except GitHubError as error:
        return isinstance(error, NotFoundError)
    return False


def make_public(release: Release, inputs: Inputs, github: GitHub) -> Release:
    """Make a draft public and return it as it is then: its URLs have changed.

    release: as it was a moment ago, since its notes are sent along when they hold a mark.

    Raises: GitHubError, when it stays a draft.
    """
    fields: dict[str, object] = {"tag_name": release.tag, "draft": False}
    if is_marked(release.body):
        fields["body"] = unmarked(release.body)
    if inputs.make_latest:
        fields["make_latest"] = inputs.make_latest
    if inputs.discussion_category:
        # Taken only by the request that publishes.
        fields["discussion_category_name"] = inputs.discussion_category
    try:
        return github.update_release(release.id, fields)
    except GitHubError as error:
        # The answer may be lost; and what is public by then may refuse a second request.
        try:
            now = github.get_release(release.id)
        except GitHubError:
            raise error from None
        if not now.draft:
            return now
        if isinstance(error, NotWritableError):
            raise NotWritableError(
                error.what, where=error.where, fix=write_fix(inputs), status=error.status
            ) from error
        raise


def public_address(release: Release, asset: Asset) -> str:
    """Return where an asset can be downloaded once its release is public.

    Source: https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases
    """
    base = release.html_url.replace("/releases/tag/", "/releases/download/", 1)
    return f"{base}/{quote(asset.name)}"


def write_fix(inputs: Inputs) -> str:
    """Return what to do when GitHub knows nothing to write to.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release (a commit that
    changes workflows needs more than to write contents)
    """
    if not inputs.creation.target:
        return PERMISSION_FIX
    return (
        f"{PERMISSION_FIX}; if `target` changes files below .github/workflows against the default "
        "branch, GitHub asks for a `token` with the workflow permission, which a job's own token "
        "never has: push the tag instead, and leave `target` out"
    )


def assets_of(release: Release, github: GitHub) -> tuple[Asset, ...]:
    """Return the assets of a release that was just read, with a call only where there are many.

    Source: https://github.com/microsoft/azure-pipelines-tasks/issues/14095 (near 1000 assets a
    release does not tell them all)
    """
    if len(release.assets) < _TOLD_WHOLE:
        return release.assets
    return github.list_assets(release.id)


def whole(release: Release, github: GitHub) -> Release:
    """Return a release that was just read with all its assets: many are not told with it."""
    return replace(release, assets=assets_of(release, github))


def holds(release: Release, count: int, github: GitHub) -> bool:
    """Say whether a release that was just read may hold so many assets, with one call at most."""
    shown = len(release.assets)
    if shown < _TOLD_WHOLE or shown >= count:
        return True  # it tells them itself
    return github.has_asset_at(release.id, count)


def _find_by_tag(tag: str, github: GitHub, *, draft_first: bool) -> Release | None:
    pages = github.list_releases()
    seen: list[tuple[Release, ...]] = []
    if draft_first:
        seen.append(next(pages, ()))
        if any(release.tag == tag for release in seen[0]):
            return first_of(_of_tag(tag, chain(seen, pages)))
    # What is public is in the list, too, where the way by its tag lags behind.
    if release := github.find_release_by_tag(tag):
        return release
    found = _of_tag(tag, chain(seen, pages))
    return first_of(found) if found else None


def listed(tag: str, github: GitHub) -> list[Release]:
    """Return the releases of a tag that the list shows: all drafts, or the one that is public.

    Raises: GitHubError.
    """
    return _of_tag(tag, github.list_releases())


def _of_tag(tag: str, pages: Iterable[tuple[Release, ...]]) -> list[Release]:
    found: list[Release] = []
    for page in pages:
        same = [release for release in page if release.tag == tag]
        found += same
        # Drafts of one tag have one date (that of its commit) and so stand side by side.
        if found and not (same and page[-1] in same):
            break
    return found


def first_of(found: Iterable[Release]) -> Release:
    """Return the release that all jobs agree on: the public one, else the oldest draft."""
    return min(found, key=lambda release: (release.draft, release.id))
