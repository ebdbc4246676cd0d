"""Finds the release of a run, creates its draft, agrees with other jobs, deletes duplicates."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from release_assets.errors import ReleaseAssetsError
from release_assets.github import (
    GitHub,
    GitHubError,
    NotFoundError,
    NotWritableError,
    TransientError,
)
from release_assets.inputs import ContradictionError, Inputs
from release_assets.models import Asset, Release
from release_assets.names import is_untagged
from release_assets.plan import CreateRelease, ReleaseNotFoundError, UntaggedReleaseError, is_ours
from release_assets.publish.permission import write_fix
from release_assets.publish.view import assets_of, elect_confirmed, of_tag, releases_of
from release_assets.reporter import Reporter

_READS = 3  # of the list, for a draft whose creation was not answered, before another is created
_LAG_SECONDS = 2.0
_SPREAD_SECONDS = 3, 10  # least and most, over which jobs that find no release create one
_BY_HAND = "To fix: delete the empty one by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedDraft:
    """The release that all jobs use, after this one has created a draft or found another's."""

    release: Release
    created: bool  # whether it is the one that this run created
    orphans: tuple[int, ...] = ()  # ids of other drafts that this run created


def find_release(inputs: Inputs, github: GitHub) -> Release | None:
    """Return the release that the inputs mean, None when its tag has none.

    Of several drafts of a tag, the one with the lowest id: every job finds the same.

    Raises: ReleaseNotFoundError for an id that does not exist, ContradictionError for an id whose
        release has another tag, UntaggedReleaseError, GitHubError.
    """
    if inputs.release_id is None:
        # Where a draft is likely, it is new, and on the first page.
        return _find_by_tag(inputs.tag or "", github, draft_first=inputs.shares_draft)
    try:
        # A step before this one may just have created it.
        release = github.get_release(inputs.release_id, retry_not_found=True)
    except NotFoundError as error:
        raise _no_such_id(inputs, github) from error
    if release.draft and is_untagged(release.tag):
        if inputs.tag is None:
            raise UntaggedReleaseError(release.id, release.tag, release.html_url)
        return release  # it gets its tag back
    if inputs.tag is not None and release.tag != inputs.tag:
        raise ContradictionError(
            f"`release-id` {release.id} is the release `{release.tag}`, not `{inputs.tag}`",
            where=release.html_url,
            fix="give `tag` or `release-id`, or make them agree",
        )
    return release


def create_draft(
    create: CreateRelease,
    inputs: Inputs,
    github: GitHub,
    reporter: Reporter,
    *,
    expected: int,
    created: Callable[[Release], None],
) -> AgreedDraft:
    """Create a draft for the tag, unless another job was faster; return what all jobs use.

    expected: how many assets the set has; the more, the longer jobs spread their creating.
    created: called with the draft as soon as it is there, whatever fails later.

    Raises: GitHubError.
    """
    if inputs.shares_draft and (found := _created_by_another_job(create.tag, github, expected)):
        return AgreedDraft(release=found, created=False)
    made, unconfirmed = _create(create, inputs, github)
    reporter.line(f"created draft {made.tag}, id {made.id}")
    created(made)
    try:
        return _agree(made, unconfirmed, github)
    except GitHubError:
        what = f"there may be an older draft than {made.id}. {_BY_HAND}"
        reporter.warning("Duplicate drafts", what)
        raise


def delete_orphans(
    ids: Collection[int],
    tag: str,
    deleted_assets: Collection[int],
    github: GitHub,
    reporter: Reporter,
) -> None:
    """Delete drafts of a tag that this run created, and that no job uses.

    deleted_assets: ids of assets that this run has deleted from them, whether GitHub shows that
    already or not.
    """
    for draft_id in ids:
        try:
            release = _find_by_id(draft_id, tag, github)
            if release is None:
                continue  # another job has deleted it
            if not release.draft:
                # Another job has published it; the list tells, should this answer be wrong.
                if any(one.id == draft_id and one.draft for one in releases_of(tag, github)):
                    reporter.warning(
                        "Duplicate drafts", f"draft {draft_id} may still exist. {_BY_HAND}"
                    )
                continue
            draft = replace(release, assets=assets_of(release, github))
        except GitHubError as error:
            text = f"draft {draft_id} may still exist ({error.what}). {_BY_HAND}"
            reporter.warning("Duplicate drafts", text)
            continue
        is_empty = all(asset.id in deleted_assets for asset in draft.assets)
        _delete_duplicate(draft, github, reporter, is_needless=is_empty)


def delete_duplicates(
    duplicates: Sequence[Release], assets: Collection[Asset], github: GitHub, reporter: Reporter
) -> None:
    """Delete drafts of this action all of whose assets the published release has, too.

    assets: of the published release.
    """
    there = {(asset.name, asset.digest) for asset in assets if asset.is_complete}
    for one in duplicates:
        if not (one.draft and is_ours(one)):
            continue
        draft = replace(one, assets=assets_of(one, github))
        if all(asset.digest and (asset.name, asset.digest) in there for asset in draft.assets):
            _delete_duplicate(draft, github, reporter, is_needless=True)


def is_gone(release: Release, errors: Sequence[ReleaseAssetsError], github: GitHub) -> bool:
    """Say whether errors are there because the release is no longer there."""
    if not any(isinstance(error, GitHubError) and error.status == 404 for error in errors):
        return False
    return _is_gone_by_id(release.id, github)


def _find_by_tag(tag: str, github: GitHub, *, draft_first: bool) -> Release | None:
    pages = github.list_releases()
    seen: list[tuple[Release, ...]] = []
    if draft_first:
        seen.append(next(pages, ()))
        if any(release.tag == tag for release in seen[0]):
            if release := elect_confirmed(of_tag(tag, chain(seen, pages)), tag, github):
                return release
            pages, seen = github.list_releases(), []  # it was wrong, or is by now
    # What is public is in the list, too, where the lookup by tag lags behind.
    if release := github.find_release_by_tag(tag):
        return release
    return elect_confirmed(of_tag(tag, chain(seen, pages)), tag, github)


def _no_such_id(inputs: Inputs, github: GitHub) -> ReleaseNotFoundError:
    if not inputs.is_event_release or inputs.tag is None:
        return ReleaseNotFoundError(
            f"there is no release {inputs.release_id}, or the token may not see it",
            where=inputs.repository,
            fix="correct `release-id`; drafts are visible only with `contents: write`",
        )
    now = github.find_release_by_tag(inputs.tag)
    other = f"; `{inputs.tag}` has the release {now.id} now" if now else ""
    return ReleaseNotFoundError(
        f"the release {inputs.release_id} that started this workflow is gone{other}",
        where=inputs.repository,
        fix=f"set `tag: {inputs.tag}` to publish to whatever release the tag has, or run the "
        "workflow of the new release",
    )


def _created_by_another_job(tag: str, github: GitHub, expected: int) -> Release | None:
    """Return the draft that another job creates within a moment, if any does.

    Many jobs may find nothing at the same time; each duplicate draft costs two of the few calls
    that may create something.
    """
    clock = github.session.clock
    seconds = min(max(expected, _SPREAD_SECONDS[0]), _SPREAD_SECONDS[1])
    clock.sleep(clock.chance() * seconds)
    return elect_confirmed(releases_of(tag, github), tag, github)


def _create(create: CreateRelease, inputs: Inputs, github: GitHub) -> tuple[Release, int]:
    """Create a draft; return it, and how many more may have been created without an answer.

    Raises: GitHubError.
    """
    session, tag = github.session, create.tag
    fields = {"tag_name": tag, "draft": True, **create.fields}
    unconfirmed: list[TransientError] = []

    def attempt(_number: int) -> Release:
        # The answer may be lost and the draft there, though not yet in the list.
        for read in range(_READS if unconfirmed else 0):
            if found := elect_confirmed(releases_of(tag, github), tag, github):
                return found
            if read < _READS - 1:
                session.wait_before_retry(unconfirmed[-1], f"creating release `{tag}`", read + 1)
        try:
            return github.create_release(fields)
        except TransientError as error:
            unconfirmed.append(error)
            raise

    try:
        made = session.retry(attempt, f"creating release `{tag}`", (TransientError,))
    except NotWritableError as error:
        raise NotWritableError(
            error.what, where=error.where, fix=write_fix(inputs), status=error.status
        ) from error
    except TransientError:
        if found := elect_confirmed(releases_of(tag, github), tag, github):
            return found, len(unconfirmed)
        raise
    return made, len(unconfirmed)


def _agree(made: Release, unconfirmed: int, github: GitHub) -> AgreedDraft:
    """Return the draft that all jobs use.

    unconfirmed: how many more drafts may have been created.

    Raises: GitHubError.
    """
    seen = {release.id: release for release in (made, *releases_of(made.tag, github))}
    if unconfirmed and len(seen) == 1:
        github.session.clock.sleep(_LAG_SECONDS)
        seen |= {release.id: release for release in releases_of(made.tag, github)}
    first = elect_confirmed(seen.values(), made.tag, github, known=made.id)
    if first is not None and made.id != first.id:
        return AgreedDraft(release=first, created=False, orphans=(made.id,))
    same = [one for one in seen.values() if one.draft and one.name == made.name]
    orphans = sorted((one.id for one in same if one.id != made.id), reverse=True)
    return AgreedDraft(release=made, created=True, orphans=tuple(orphans[:unconfirmed]))


def _delete_duplicate(
    draft: Release, github: GitHub, reporter: Reporter, *, is_needless: bool
) -> None:
    """Delete a draft that no job uses; one that stays is no reason to fail.

    draft: as it was a moment ago. is_needless: whether nobody needs what it holds.
    """
    if draft.assets and not is_needless:
        # Another job saw it before the one that is older.
        what = f"draft {draft.id} is not empty, and stays ({draft.html_url})"
        fix = "To fix: delete it by hand once nobody needs what it holds"
        reporter.warning("Duplicate drafts", f"{what}. {fix}")
        return
    try:
        github.delete_release(draft.id)
    except GitHubError as error:
        if not _is_gone_by_id(draft.id, github):
            what = f"the empty draft {draft.id} could not be deleted ({error.what}). {_BY_HAND}"
            reporter.warning("Duplicate drafts", what)
    else:
        if not _is_gone_by_id(draft.id, github):
            reporter.warning("Duplicate drafts", f"draft {draft.id} may still exist. {_BY_HAND}")
            return
        reporter.line(f"deleted duplicate draft {draft.id}")


def _find_by_id(draft_id: int, tag: str, github: GitHub) -> Release | None:
    """Return a draft; one that GitHub does not find by its id may still be in the list."""
    if release := github.find_release(draft_id):
        return release
    return next((one for one in releases_of(tag, github) if one.id == draft_id), None)


def _is_gone_by_id(release_id: int, github: GitHub) -> bool:
    try:
        github.get_release(release_id)
    except GitHubError as error:
        return isinstance(error, NotFoundError)
    return False
