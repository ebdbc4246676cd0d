"""Deletes duplicate drafts: those that this run created in vain, and those of earlier runs."""

from collections.abc import Collection, Iterable, Sequence

from release_assets.github import GitHub, GitHubError
from release_assets.light_dataclasses import replace
from release_assets.models import Asset, Release, Result
from release_assets.plan import is_ours
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.deleted_release import is_deleted
from release_assets.publish.lists import assets_of, find_listed, list_releases_of_tag
from release_assets.reporter import Reporter


class OrphanedDrafts:
    """The drafts that this run created or found, and that no job uses."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._deleted_assets: set[int] = set()  # ids of assets that this run deleted from them

    def add(self, ids: Iterable[int]) -> None:
        """Add drafts by their ids."""
        self._ids.update(ids)

    def discard(self, draft_id: int) -> None:
        """Keep a draft, because it is the one that all jobs use."""
        self._ids.discard(draft_id)

    def abandon(self, draft: Release, results: Iterable[Result], github: GitHub) -> None:
        """Add a draft that is superseded, and delete what this run uploaded to it.

        Raises: GitHubError.
        """
        for result in results:
            if result.changed and result.asset is not None:
                github.delete_asset(result.asset.id)
                self._deleted_assets.add(result.asset.id)
        if is_ours(draft):
            self._ids.add(draft.id)

    def delete(self, tag: str, github: GitHub, reporter: Reporter) -> None:
        """Delete the drafts, which have this tag; warn of those that stay."""
        for draft_id in self._ids:
            draft = _find_orphan(draft_id, tag, github, reporter)
            if draft is None:
                continue
            # GitHub may still list the assets that this run deleted.
            if all(asset.id in self._deleted_assets for asset in draft.assets):
                _delete_draft(draft, github, reporter)
            else:
                _report_used_orphan(draft, reporter)


def warn_of_unmarked_drafts(duplicates: Sequence[Release], current: CurrentRelease) -> None:
    """Warn of other drafts of the tag that have no mark of this action, and so are not touched."""
    for duplicate in duplicates:
        if duplicate.draft and not is_ours(duplicate):
            current.warn(
                "Duplicate drafts",
                f"`{duplicate.tag}` has another draft, {duplicate.id}, which this run does not use. "
                f"To fix: delete it if nobody needs it ({duplicate.html_url})",
            )


def delete_duplicates(
    duplicates: Sequence[Release], assets: Collection[Asset], github: GitHub, reporter: Reporter
) -> None:
    """Delete each draft of this action if the published release has all of its assets.

    assets: of the published release.
    """
    published = {(asset.name, asset.digest) for asset in assets if asset.is_complete}
    for duplicate in duplicates:
        if not is_ours(duplicate):
            continue
        # Another job may have uploaded to it since the list was read.
        draft = _find_orphan(duplicate.id, duplicate.tag, github, reporter)
        if draft is not None and all(
            asset.digest and (asset.name, asset.digest) in published for asset in draft.assets
        ):
            _delete_draft(draft, github, reporter)


def warn_of_duplicate(what: str, reporter: Reporter) -> None:
    """Warn of a duplicate draft that a person may have to delete."""
    reporter.warning(
        "Duplicate drafts",
        f"{what}. To fix: delete the duplicate by hand, on the releases page",
    )


def _report_used_orphan(draft: Release, reporter: Reporter) -> None:
    """Warn that another job found this draft before the older one, and uploaded to it."""
    what = f"draft {draft.id} is not empty, so it stays ({draft.html_url})"
    fix = "To fix: delete it by hand once nobody needs its assets"
    reporter.warning("Duplicate drafts", f"{what}. {fix}")


def _find_orphan(draft_id: int, tag: str, github: GitHub, reporter: Reporter) -> Release | None:
    """Return an orphaned draft with all its assets; None if there is nothing to delete.

    Warn if it may exist: that is no reason to fail.
    """
    try:
        release = _find_by_id(draft_id, tag, github)
        if release is None:
            return None  # another job deleted it
        if release.draft:
            return replace(release, assets=assets_of(release, github))
        # Another job published it, unless this answer is wrong: then the list still shows a draft.
        if any(one.id == draft_id and one.draft for one in list_releases_of_tag(tag, github)):
            warn_of_duplicate(f"draft {draft_id} may still exist", reporter)
    except GitHubError as error:
        warn_of_duplicate(f"draft {draft_id} may still exist ({error.what})", reporter)
    return None


def _find_by_id(draft_id: int, tag: str, github: GitHub) -> Release | None:
    """Return a draft by its id, or else from the list; None when neither shows it."""
    if release := github.find_release(draft_id):
        return release
    return find_listed(draft_id, tag, github)


def _delete_draft(draft: Release, github: GitHub, reporter: Reporter) -> None:
    """Delete a draft that no job uses; warn if it stays, since that is no reason to fail.

    draft: as it was a moment ago.
    """
    try:
        github.delete_release(draft.id, before_resend=lambda _: _check_unchanged(draft, github))
    except GitHubError as error:
        if not is_deleted(draft.id, github):
            what = f"the empty draft {draft.id} could not be deleted ({error.what})"
            warn_of_duplicate(what, reporter)
        return
    if is_deleted(draft.id, github):
        reporter.line(f"deleted duplicate draft {draft.id}")
    else:
        warn_of_duplicate(f"draft {draft.id} may still exist", reporter)


def _check_unchanged(draft: Release, github: GitHub) -> None:
    """Return if no other job has used a draft while GitHub made this run wait.

    Raises: GitHubError.
    """
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
