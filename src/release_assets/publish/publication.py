"""Edits or publishes a release after a check of its git tag; recovers lost responses."""

from collections.abc import Callable
from typing import NoReturn

from release_assets.clock import Clock
from release_assets.github import (
    MAX_THROTTLED_SECONDS,
    GitHub,
    GitHubError,
    TransientError,
    release_update_mismatches,
)
from release_assets.inputs import Inputs
from release_assets.light_dataclasses import dataclass
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
from release_assets.publish.permission import MISSING_PERMISSION, missing_permission


@dataclass(frozen=True, kw_only=True)
class TagCheck:
    """Compares the commit of the git tag with the commit that the files were built from.

    When GitHub publishes a draft, it creates a missing tag at the target of the draft. So a tag
    that was deleted during the uploads would be created again at another commit.
    """

    github: GitHub
    desired: DesiredRelease
    commit: str | None  # of the tag at the start of the run; None: no tag, or not read

    @classmethod
    def of(cls, found: Discovery, github: GitHub) -> "TagCheck":
        """Return the check for the discovered tag."""
        return cls(github=github, desired=found.desired, commit=found.tag_commit)

    def check_before(self, draft: Release) -> str | None:
        """Return the commit of the tag before publishing; None if publishing will create the tag.

        Raises: TagMovedError, TagNotFoundError, GitHubError.
        """
        now = self._read_commit()
        target = self.desired.target
        expected = self.commit or (target.commit if target and now else None)
        if expected is not None and now != expected:
            raise TagMovedError(self.desired.tag, now, expected, draft.html_url)
        if now is None and target is None and self._tag_existed(draft):
            raise TagNotFoundError(self.desired.tag, self.github.repository)
        return now

    def check_after(self, release: Release, before: str | None) -> None:
        """Check that the tag points to the expected commit after publishing.

        before: what `check_before` returned.

        Raises: TagMovedError, GitHubError.
        """
        target = self.desired.target
        # A target branch may have moved since then.
        target_commit = target.commit if target and not target.is_branch else None
        expected = before or target_commit
        if expected is None:
            return
        now = self._read_commit()
        if now != expected:
            raise TagMovedError(self.desired.tag, now, expected, release.html_url)

    def _read_commit(self) -> str | None:
        return self.github.find_commit(f"tags/{self.desired.tag}")

    @staticmethod
    def _tag_existed(draft: Release) -> bool:
        """Say whether the tag existed when this action created the draft, in any run."""
        mark = find_mark(draft.body)
        return mark is not None and mark.tag_existed


def edit_release(
    release: Release, tag: str, fields_of: Callable[[Release], Fields], github: GitHub
) -> Release:
    """Change a release, and return it after that.

    release: as it was a moment ago. fields_of: returns the fields to change; before the request is
    sent again, they are computed from what a person or another job has made of the release.

    Raises: GitHubError, also if it does not have these fields after a lost response.
    """
    fields = fields_of(release)

    def renew(error: GitHubError) -> Fields:
        nonlocal fields
        fields = fields_of(_read_or_raise(release.id, error, github))
        return fields

    try:
        return github.update_release(release.id, tag, fields, before_resend=renew)
    except TransientError as error:
        now = _read_or_raise(release.id, error, github)
        if any(release_update_mismatches(release.id, {**fields, "tag_name": tag}, now)):
            raise
        return now


@dataclass(frozen=True, kw_only=True)
class NotPublished:
    """The draft was not published, and some time has passed: check it before another attempt."""

    error: GitHubError

    @property
    def is_rate_limited(self) -> bool:
        """Whether GitHub has not processed the request: the attempt does not count."""
        return not isinstance(self.error, TransientError)


class PublicationAttempts:
    """Counts the attempts to publish that failed."""

    def __init__(self, clock: Clock, max_attempts: int) -> None:
        self._clock = clock
        self._started = clock.elapsed()
        self._max_attempts = max_attempts
        self._failed = 0

    @property
    def number(self) -> int:
        """The number of the next attempt, from 1."""
        return self._failed + 1

    def add_failed(self, done: NotPublished) -> None:
        """Return if another attempt may follow.

        Raises: the error of this one, if not.
        """
        if not done.is_rate_limited:
            self._failed += 1
        throttled = self._clock.elapsed() - self._started > MAX_THROTTLED_SECONDS
        if throttled or self._failed >= self._max_attempts:
            raise done.error


class _ResendError(GitHubError):
    """The request must not be sent again as it is."""

    title = "GitHub failed"

    def __init__(self, error: GitHubError) -> None:
        super().__init__(error.what)
        self.error = error


def publish_release(
    draft: Release, tag: str, fields: Fields, inputs: Inputs, github: GitHub, *, attempt: int = 1
) -> Release | NotPublished:
    """Publish a draft, and return it after that, with its new addresses.

    The request is never sent twice without a look at the draft in between: while GitHub makes
    this run wait, other jobs may publish the draft, or replace an asset of it. attempt: the number
    of this attempt.

    Raises: GitHubError, if it stays a draft.
    """
    sent = {**fields, "draft": False}
    try:
        published = github.update_release(
            draft.id, tag, sent, before_resend=_refuse_resend, attempt=attempt
        )
    except _ResendError as resend:
        return _after_delay(draft.id, resend.error, github)
    except GitHubError as error:
        return _after_error(draft.id, error, inputs, github)
    return _without_hidden_mark(published, tag, github)


def _without_hidden_mark(published: Release, tag: str, github: GitHub) -> Release:
    """Remove the mark of a draft that an old response had hidden from this run.

    Raises: GitHubError.
    """
    if find_mark(published.body) is None:
        return published
    return edit_release(published, tag, lambda now: {"body": without_mark(now.body)}, github)


def _refuse_resend(error: GitHubError) -> NoReturn:
    raise _ResendError(error)


def _after_delay(draft_id: int, error: GitHubError, github: GitHub) -> Release | NotPublished:
    """Return what a draft is after an attempt that GitHub delayed or whose response was lost.

    Raises: GitHubError.
    """
    delayed = NotPublished(error=error)
    if delayed.is_rate_limited:
        return delayed
    now = _read_or_raise(draft_id, error, github)
    return delayed if now.draft else now


def _after_error(draft_id: int, error: GitHubError, inputs: Inputs, github: GitHub) -> Release:
    """Return the release if it is public. If the response was lost, it may refuse a second request.

    Raises: GitHubError, if it is still a draft.
    """
    now = _read_or_raise(draft_id, error, github)
    if not now.draft:
        return now
    if isinstance(error, MISSING_PERMISSION):
        raise missing_permission(error, inputs) from error
    raise error


def _read_or_raise(release_id: int, problem: GitHubError, github: GitHub) -> Release:
    """Return the release after a request whose response may be lost.

    Raises: the problem, when it cannot be read.
    """
    try:
        return github.get_release(release_id)
    except GitHubError:
        raise problem from None
