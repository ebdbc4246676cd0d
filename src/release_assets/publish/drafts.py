"""Creates a draft, and agrees with other jobs on the one that all of them use."""

from collections.abc import Callable

from release_assets.github import GitHub, GitHubError, TransientError
from release_assets.inputs import Inputs
from release_assets.light_dataclasses import dataclass
from release_assets.models import Release
from release_assets.plan import CreateRelease
from release_assets.publish.duplicate_drafts import warn_of_duplicate
from release_assets.publish.elected_release import elect_confirmed
from release_assets.publish.lists import list_releases_of_tag
from release_assets.publish.permission import MISSING_PERMISSION, missing_permission
from release_assets.reporter import Reporter

_LIST_READS = 3  # to find a draft after a lost response, before another draft is created
_LAG_SECONDS = 2.0
_MIN_SPREAD_SECONDS, _MAX_SPREAD_SECONDS = 3, 10
"""Jobs that find no release wait for a random part of this time before they create one."""


@dataclass(frozen=True, kw_only=True)
class AgreedDraft:
    """The release that all jobs use, after this job created a draft or found another job's."""

    release: Release
    created: bool  # whether this run created it
    orphans: tuple[int, ...] = ()  # ids of other drafts that this run created


class DraftCreator:
    """Creates a draft for a tag, unless another job was faster."""

    def __init__(
        self, create: CreateRelease, inputs: Inputs, github: GitHub, reporter: Reporter
    ) -> None:
        self._create = create
        self._tag = create.tag
        self._inputs = inputs
        self._github = github
        self._session = github.session
        self._reporter = reporter
        self._where = f"creating release `{create.tag}`"
        self._unconfirmed: list[TransientError] = []  # of requests that may have created a draft

    def create(self, expected: int, created: Callable[[Release], None]) -> AgreedDraft:
        """Return the draft that all jobs use, after this job created one or found another job's.

        expected: how many assets the set has. More assets mean more jobs, and a longer random wait.
        created: called with the draft as soon as it exists, even if a later call fails.

        Raises: GitHubError.
        """
        if self._inputs.shares_draft and (found := self._await_other_job(expected)):
            return AgreedDraft(release=found, created=False)
        made = self._create_or_recover()
        self._reporter.line(f"created draft {made.tag}, id {made.id}")
        created(made)
        try:
            return self._agree(made)
        except GitHubError:
            warn_of_duplicate(f"there may be an older draft than {made.id}", self._reporter)
            raise

    def _await_other_job(self, expected: int) -> Release | None:
        """Wait for a random time, and return the draft that another job created meanwhile, if any.

        Many jobs may find no release at the same time. Each duplicate draft costs two of the
        requests that create content, and GitHub allows few of these.
        """
        clock = self._session.clock
        seconds = min(max(expected, _MIN_SPREAD_SECONDS), _MAX_SPREAD_SECONDS)
        clock.sleep(clock.chance() * seconds)
        return self._find_listed()

    def _create_or_recover(self) -> Release:
        """Create a draft; after a lost response, return the one that the request created.

        Raises: GitHubError.
        """
        try:
            return self._session.retry(self._attempt, self._where, (TransientError,))
        except MISSING_PERMISSION as error:
            raise missing_permission(error, self._inputs) from error
        except TransientError:
            if found := self._find_listed():
                return found
            raise

    def _attempt(self, _number: int) -> Release:
        if self._unconfirmed and (found := self._await_unconfirmed(self._unconfirmed[-1])):
            return found
        try:
            return self._github.create_release(
                {"tag_name": self._tag, "draft": True, **self._create.fields}
            )
        except TransientError as error:
            self._unconfirmed.append(error)
            raise

    def _await_unconfirmed(self, error: TransientError) -> Release | None:
        """Return the draft of a lost response, if it exists. The list may not show it yet."""
        for read in range(1, _LIST_READS + 1):
            if found := self._find_listed():
                return found
            if read < _LIST_READS:
                self._session.wait_before_retry(error, self._where, read)
        return None

    def _agree(self, made: Release) -> AgreedDraft:
        """Return the draft that all jobs use, and the other drafts that this run created.

        Raises: GitHubError.
        """
        found = {release.id: release for release in (made, *self._list())}
        if self._unconfirmed and len(found) == 1:
            self._session.clock.sleep(_LAG_SECONDS)
            found |= {release.id: release for release in self._list()}
        elected = elect_confirmed(found.values(), made.tag, self._github, known=made.id)
        if elected is not None and made.id != elected.id:
            return AgreedDraft(release=elected, created=False, orphans=(made.id,))
        same = [one for one in found.values() if one.draft and one.name == made.name]
        others = sorted((one.id for one in same if one.id != made.id), reverse=True)
        orphans = tuple(others[: len(self._unconfirmed)])  # each lost response may have left one
        return AgreedDraft(release=made, created=True, orphans=orphans)

    def _find_listed(self) -> Release | None:
        return elect_confirmed(self._list(), self._tag, self._github)

    def _list(self) -> list[Release]:
        return list_releases_of_tag(self._tag, self._github)
