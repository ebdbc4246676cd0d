"""Finds the release that the inputs name, by its id or by its tag."""

from itertools import chain

from release_assets.github import GitHub, NotFoundError
from release_assets.inputs import ContradictionError, ReleaseRef
from release_assets.models import Release
from release_assets.names import is_untagged
from release_assets.plan import ReleaseNotFoundError, UntaggedReleaseError
from release_assets.publish.elected_release import elect_confirmed
from release_assets.publish.lists import filter_by_tag
from release_assets.wording import words


def find_release(ref: ReleaseRef, github: GitHub, *, draft_first: bool = False) -> Release | None:
    """Return the release that is meant; None when the tag has none.

    draft_first: whether a draft is likely. It is new, and so on the first page of the list.

    If a tag has several drafts, every job elects the one with the lowest id.

    Raises: ReleaseNotFoundError for an id that does not exist, ContradictionError for an id whose
        release has another tag, UntaggedReleaseError, GitHubError.
    """
    if ref.id is None:
        return _find_by_tag(ref.tag or "", github, draft_first=draft_first)
    release = _get_by_id(ref.id, ref, github)
    _check_tag(release, ref.tag)
    return release


def _find_by_tag(tag: str, github: GitHub, *, draft_first: bool) -> Release | None:
    pages = github.list_releases()
    read: list[tuple[Release, ...]] = []
    if draft_first:
        read.append(next(pages, ()))
        if any(release.tag == tag for release in read[0]):
            if release := elect_confirmed(filter_by_tag(tag, chain(read, pages)), tag, github):
                return release
            pages, read = github.list_releases(), []  # the list was wrong, or is stale by now
    # If the lookup by tag lags, a public release is still found in the list.
    if release := github.find_release_by_tag(tag):
        return release
    return elect_confirmed(filter_by_tag(tag, chain(read, pages)), tag, github)


def _get_by_id(release_id: int, ref: ReleaseRef, github: GitHub) -> Release:
    try:
        # An earlier step of the job may have created it a moment ago.
        return github.get_release(release_id, retry_not_found=True)
    except NotFoundError as error:
        raise _no_such_id(ref, github) from error


def _check_tag(release: Release, tag: str | None) -> None:
    """Return if a release has the tag of the inputs, or has lost it, so that the run restores it.

    Raises: UntaggedReleaseError, ContradictionError.
    """
    if release.draft and is_untagged(release.tag):
        if tag is None:
            raise UntaggedReleaseError(release.id, release.tag, release.html_url)
    elif tag is not None and release.tag != tag:
        raise ContradictionError(
            words(
                "{release-id} {} is the release of `{}`, not of `{}`", release.id, release.tag, tag
            ),
            where=release.html_url,
            fix=words("remove {tag} or {release-id}, or correct one of them"),
        )


def _no_such_id(ref: ReleaseRef, github: GitHub) -> ReleaseNotFoundError:
    if not ref.is_of_event or ref.tag is None:
        return ReleaseNotFoundError(
            f"there is no release {ref.id}, or the token may not see it",
            where=github.repository,
            fix=words("correct {release-id}; a draft is visible only with `contents: write`"),
        )
    now = github.find_release_by_tag(ref.tag)
    other = f"; `{ref.tag}` has the release {now.id} now" if now else ""
    return ReleaseNotFoundError(
        f"the release {ref.id} that started this workflow is gone{other}",
        where=github.repository,
        fix=words(
            "set {tag: {}} to publish to the release that the tag has now, or run the workflow of "
            "the new release",
            ref.tag,
        ),
    )
