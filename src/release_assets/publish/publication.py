"""Publishes a draft: the git tag is checked before and after, a lost answer is settled."""

from dataclasses import dataclass

from release_assets.github import (
    GitHub,
    GitHubError,
    NotWritableError,
    TransientError,
    release_update_mismatches,
)
from release_assets.inputs import Inputs
from release_assets.models import Release
from release_assets.plan import (
    DesiredRelease,
    Fields,
    TagMovedError,
    TagNotFoundError,
    find_mark,
    without_mark,
)
from release_assets.publish.discover import Discovery
from release_assets.publish.permission import permission_fix


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCheck:
    """Compares the commit of the git tag with the one that the files are for.

    GitHub creates a tag that is missing when it publishes, at the draft's target. So a tag that
    somebody deletes while files upload would come back at another commit.
    """

    github: GitHub
    desired: DesiredRelease
    commit: str | None  # of the tag when the run began; None: there was none, or it was not asked

    @classmethod
    def of(cls, found: Discovery, github: GitHub) -> "TagCheck":
        """Return the check for what was found."""
        return cls(github=github, desired=found.desired, commit=found.tag_commit)

    def check_before(self, draft: Release) -> str | None:
        """Return the commit that the tag names; None when publishing is to create it.

        Raises: TagMovedError, TagNotFoundError, GitHubError.
        """
        now = self._read()
        target = self.desired.target
        expected = self.commit or (target.commit if target and now else None)
        if expected is not None and now != expected:
            raise TagMovedError(self.desired.tag, now, expected, draft.html_url)
        if now is None and target is None and self._tag_existed(draft):
            raise TagNotFoundError(self.desired.tag, self.github.repository)
        return now

    def check_after(self, release: Release, before: str | None) -> None:
        """Return when the tag names the commit that it is to name.

        before: what `check_before` returned.

        Raises: TagMovedError, GitHubError.
        """
        target = self.desired.target
        # A branch may have moved since.
        created_at = target.commit if target and not target.is_branch else None
        expected = before or created_at
        if expected is None:
            return
        now = self._read()
        if now != expected:
            raise TagMovedError(self.desired.tag, now, expected, release.html_url)

    def _read(self) -> str | None:
        return self.github.find_commit(f"tags/{self.desired.tag}")

    @staticmethod
    def _tag_existed(draft: Release) -> bool:
        """Say whether the tag existed when this action, in whatever run, created the draft."""
        mark = find_mark(draft.body)
        return mark is not None and mark.tag_existed


def edit_release(release_id: int, tag: str, fields: Fields, github: GitHub) -> Release:
    """Change a release and return it as it is then.

    Raises: GitHubError, when it does not show the fields.
    """
    try:
        return github.update_release(release_id, tag, fields)
    except TransientError as error:
        now = _read_or_raise(release_id, error, github)
        if any(release_update_mismatches(release_id, {**fields, "tag_name": tag}, now)):
            raise
        return now


def publish_release(
    draft: Release, tag: str, fields: Fields, inputs: Inputs, github: GitHub
) -> Release:
    """Publish a draft and return it as it is then: its addresses have changed.

    Raises: GitHubError, when it stays a draft.
    """
    try:
        published = github.update_release(draft.id, tag, {**fields, "draft": False})
    except GitHubError as error:
        # The answer may be lost; and what is public by then may refuse a second request.
        now = _read_or_raise(draft.id, error, github)
        if not now.draft:
            return now
        if isinstance(error, NotWritableError):
            raise NotWritableError(
                error.what, where=error.where, fix=permission_fix(inputs), status=error.status
            ) from error
        raise
    if find_mark(published.body) is None:
        return published
    # The draft was read without its mark, right before.
    body = without_mark(published.body)
    return edit_release(draft.id, tag, {"body": body}, github)


def _read_or_raise(release_id: int, problem: GitHubError, github: GitHub) -> Release:
    """Return the release after a request whose answer may be lost.

    Raises: the problem, when it cannot be read.
    """
    try:
        return github.get_release(release_id)
    except GitHubError:
        raise problem from None
