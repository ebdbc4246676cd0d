"""Deletes duplicate drafts: those that this run created in vain, and those of earlier runs."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from release_assets.github import GitHub, GitHubError
from release_assets.models import Asset, Release
from release_assets.plan import is_ours
from release_assets.publish.release_lookup import is_deleted
from release_assets.publish.view import assets_of, list_releases_of_tag
from release_assets.reporter import Reporter

DELETE_BY_HAND = "To fix: delete the empty one by hand"


def delete_orphans(
    ids: Collection[int],
    tag: str,
    deleted_assets: Collection[int],
    github: GitHub,
    reporter: Reporter,
) -> None:
    """Delete orphaned drafts of a tag: this run created them, and no job uses them.

    deleted_assets: ids of assets that this run deleted from them. GitHub may still list these.
    """
    for draft_id in ids:
        try:
            draft = _find_orphan(draft_id, tag, github, reporter)
        except GitHubError as error:
            text = f"draft {draft_id} may still exist ({error.what}). {DELETE_BY_HAND}"
            reporter.warning("Duplicate drafts", text)
            continue
        if draft is not None:
            is_empty = all(asset.id in deleted_assets for asset in draft.assets)
            _delete_draft(draft, github, reporter, is_redundant=is_empty)


def delete_duplicates(
    duplicates: Sequence[Release], assets: Collection[Asset], github: GitHub, reporter: Reporter
) -> None:
    """Delete each draft of this action if the published release has all of its assets.

    assets: of the published release.
    """
    published = {(asset.name, asset.digest) for asset in assets if asset.is_complete}
    for duplicate in duplicates:
        if not (duplicate.draft and is_ours(duplicate)):
            continue
        try:
            # Another job may have uploaded to it since the list was read.
            draft = _find_orphan(duplicate.id, duplicate.tag, github, reporter)
        except GitHubError as error:
            text = f"draft {duplicate.id} may still exist ({error.what}). {DELETE_BY_HAND}"
            reporter.warning("Duplicate drafts", text)
            continue
        if draft is not None and all(
            asset.digest and (asset.name, asset.digest) in published for asset in draft.assets
        ):
            _delete_draft(draft, github, reporter, is_redundant=True)


def _find_orphan(draft_id: int, tag: str, github: GitHub, reporter: Reporter) -> Release | None:
    """Return an orphaned draft with all its assets; None if there is nothing to delete.

    Raises: GitHubError.
    """
    release = _find_by_id(draft_id, tag, github)
    if release is None:
        return None  # another job deleted it
    if release.draft:
        return replace(release, assets=assets_of(release, github))
    # Another job published it, unless this answer is wrong: then the list still shows a draft.
    if any(one.id == draft_id and one.draft for one in list_releases_of_tag(tag, github)):
        reporter.warning("Duplicate drafts", f"draft {draft_id} may still exist. {DELETE_BY_HAND}")
    return None


def _find_by_id(draft_id: int, tag: str, github: GitHub) -> Release | None:
    """Return a draft by its id, or else from the list; None when neither shows it."""
    if release := github.find_release(draft_id):
        return release
    return next((one for one in list_releases_of_tag(tag, github) if one.id == draft_id), None)


def _delete_draft(
    draft: Release, github: GitHub, reporter: Reporter, *, is_redundant: bool
) -> None:
    """Delete a draft that no job uses; warn if it stays, since that is no reason to fail.

    draft: as it was a moment ago. is_redundant: whether its assets are not needed.
    """
    if draft.assets and not is_redundant:
        # Another job found this draft before it could see the older one, and uploaded to it.
        what = f"draft {draft.id} is not empty, and stays ({draft.html_url})"
        fix = "To fix: delete it by hand once nobody needs what it holds"
        reporter.warning("Duplicate drafts", f"{what}. {fix}")
        return

    def check_unchanged(_error: GitHubError) -> None:
        """Raise a GitHubError if another job has used the draft while GitHub made this run wait."""
        now = github.find_release(draft.id)
        if now is None:
            return
        known = {asset.id for asset in draft.assets}
        if not now.draft or any(asset.id not in known for asset in assets_of(now, github)):
            raise GitHubError(
                "another job uses it now",
                where=draft.html_url,
                fix="delete it by hand once no job needs its assets",
            )

    try:
        github.delete_release(draft.id, before_resend=check_unchanged)
    except GitHubError as error:
        if not is_deleted(draft.id, github):
            what = f"the empty draft {draft.id} could not be deleted ({error.what})"
            reporter.warning("Duplicate drafts", f"{what}. {DELETE_BY_HAND}")
    else:
        if not is_deleted(draft.id, github):
            reporter.warning(
                "Duplicate drafts", f"draft {draft.id} may still exist. {DELETE_BY_HAND}"
            )
            return
        reporter.line(f"deleted duplicate draft {draft.id}")
