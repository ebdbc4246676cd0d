"""Creates a draft, and agrees with other jobs on the one that all of them use."""

from collections.abc import Callable
from dataclasses import dataclass

from release_assets.github import GitHub, GitHubError, NotWritableError, TransientError
from release_assets.inputs import Inputs
from release_assets.models import Release
from release_assets.plan import CreateRelease
from release_assets.publish.duplicate_drafts import DELETE_BY_HAND
from release_assets.publish.permission import missing_permission
from release_assets.publish.view import elect_confirmed, list_releases_of_tag
from release_assets.reporter import Reporter

_LIST_READS = 3  # to find a draft after a lost response, before another draft is created
_LAG_SECONDS = 2.0
_MIN_SPREAD_SECONDS, _MAX_SPREAD_SECONDS = 3, 10
"""Jobs that find no release wait for a random part of this time before they create one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedDraft:
    """The release that all jobs use, after this job created a draft or found another job's."""

    release: Release
    created: bool  # whether this run created it
    orphans: tuple[int, ...] = ()  # ids of other drafts that this run created


def create_draft(
    create: CreateRelease,
    inputs: Inputs,
    github: GitHub,
    reporter: Reporter,
    *,
    expected: int,
    created: Callable[[Release], None],
) -> AgreedDraft:
    """Create a draft for the tag, unless another job was faster; return the one that all jobs use.

    expected: how many assets the set has. More assets mean more jobs, and a longer random wait.
    created: called with the draft as soon as it exists, even if a later call fails.

    Raises: GitHubError.
    """
    if inputs.shares_draft and (found := _await_other_job(create.tag, github, expected)):
        return AgreedDraft(release=found, created=False)
    made, unconfirmed = _create(create, inputs, github)
    reporter.line(f"created draft {made.tag}, id {made.id}")
    created(made)
    try:
        return _agree(made, unconfirmed, github)
    except GitHubError:
        what = f"there may be an older draft than {made.id}. {DELETE_BY_HAND}"
        reporter.warning("Duplicate drafts", what)
        raise


def _await_other_job(tag: str, github: GitHub, expected: int) -> Release | None:
    """Wait for a random time, and return the draft that another job created meanwhile, if any.

    Many jobs may find no release at the same time. Each duplicate draft costs two of the requests
    that create content, and GitHub allows few of these.
    """
    clock = github.session.clock
    seconds = min(max(expected, _MIN_SPREAD_SECONDS), _MAX_SPREAD_SECONDS)
    clock.sleep(clock.chance() * seconds)
    return elect_confirmed(list_releases_of_tag(tag, github), tag, github)


def _create(create: CreateRelease, inputs: Inputs, github: GitHub) -> tuple[Release, int]:
    """Create a draft; return it, and how many more drafts lost responses may have left.

    Raises: GitHubError.
    """
    session, tag = github.session, create.tag
    fields = {"tag_name": tag, "draft": True, **create.fields}
    unconfirmed: list[TransientError] = []

    def attempt(_number: int) -> Release:
        # After a lost response the draft may exist, and the list may not show it yet.
        for read in range(_LIST_READS if unconfirmed else 0):
            if found := elect_confirmed(list_releases_of_tag(tag, github), tag, github):
                return found
            if read < _LIST_READS - 1:
                session.wait_before_retry(unconfirmed[-1], f"creating release `{tag}`", read + 1)
        try:
            return github.create_release(fields)
        except TransientError as error:
            unconfirmed.append(error)
            raise

    try:
        made = session.retry(attempt, f"creating release `{tag}`", (TransientError,))
    except NotWritableError as error:
        raise missing_permission(error, inputs) from error
    except TransientError:
        if found := elect_confirmed(list_releases_of_tag(tag, github), tag, github):
            return found, len(unconfirmed)
        raise
    return made, len(unconfirmed)


def _agree(made: Release, unconfirmed: int, github: GitHub) -> AgreedDraft:
    """Return the draft that all jobs use.

    unconfirmed: how many more drafts this run may have created.

    Raises: GitHubError.
    """
    found = {release.id: release for release in (made, *list_releases_of_tag(made.tag, github))}
    if unconfirmed and len(found) == 1:
        github.session.clock.sleep(_LAG_SECONDS)
        found |= {release.id: release for release in list_releases_of_tag(made.tag, github)}
    elected = elect_confirmed(found.values(), made.tag, github, known=made.id)
    if elected is not None and made.id != elected.id:
        return AgreedDraft(release=elected, created=False, orphans=(made.id,))
    same = [one for one in found.values() if one.draft and one.name == made.name]
    orphans = sorted((one.id for one in same if one.id != made.id), reverse=True)
    return AgreedDraft(release=made, created=True, orphans=tuple(orphans[:unconfirmed]))
