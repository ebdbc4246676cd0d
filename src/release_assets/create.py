"""Creates the draft where there is no release, and agrees with other jobs on one."""

from collections.abc import Sequence

from release_assets.draft_mark import LENGTH, mark
from release_assets.files import read_notes
from release_assets.github.client import GitHub
from release_assets.github.errors import (
    GitHubError,
    NotFoundError,
    NotWritableError,
    RateLimitedError,
    TransientError,
)
from release_assets.inputs import Inputs
from release_assets.limits import MAX_NOTES
from release_assets.models import Release
from release_assets.outcome import Outcome
from release_assets.refusals import ReleaseNotFoundError, TagNotFoundError
from release_assets.release import first_of, is_gone_by_id, listed, whole, write_fix
from release_assets.say import Say

_LOOKS = 3  # for a draft whose making was not answered, before another is made
_LAG_SECONDS = 2.0
_SPREAD_SECONDS = 3, 10  # least and most, over which jobs that find no release create one
_BY_HAND = "delete the empty one by hand"


def check_may_create(inputs: Inputs, github: GitHub) -> None:
    """Return when a release may be created for the tag.

    Raises: ReleaseNotFoundError when `create` is off or no files are named, TagNotFoundError when the git tag is
        missing and no `target` says where to make it, GitHubError.
    """
    tag = inputs.tag or ""
    if not inputs.patterns and not inputs.manifest:
        raise ReleaseNotFoundError(
            f"there is no release `{tag}` that could be made public",
            where=inputs.repository,
            fix="correct `tag`, or name `files` to publish; drafts are visible only with "
            "`permissions: contents: write`",
        )
    if not inputs.create:
        raise ReleaseNotFoundError(
            f"there is no release `{tag}`, and `create` is false",
            where=inputs.repository,
            fix="create the release before this step, or set `create: true`",
        )
    if not inputs.creation.target and not github.has_tag(tag):
        raise TagNotFoundError(tag, inputs.repository)


def make_release(inputs: Inputs, outcome: Outcome, github: GitHub, say: Say) -> Release:
    """Create a draft for the tag, unless another job was faster; return what all agree on.

    outcome: is told what was made, as it is made.

    Raises: GitHubError.
    """
    if inputs.shares_draft and (found := _made_by_another_job(inputs, github)):
        outcome.release = found
        return found
    made, unheard = create_release(inputs, outcome.planned, github)
    outcome.release, outcome.created = made, True
    say.line(f"created draft {made.tag}, id {made.id}")
    try:
        release, outcome.strays = agree(made, unheard, github)
    except GitHubError:
        say.warning("Two drafts", f"if there is an older draft than {made.id}, {_BY_HAND}")
        raise
    if release.id != made.id:
        say.line(f"release {release.id} is the one, and older")
    outcome.release, outcome.created = release, release.id == made.id
    return release


def _made_by_another_job(inputs: Inputs, github: GitHub) -> Release | None:
    """Return the draft that another job makes within a moment, if any does.

    Many jobs may find nothing at the same time; each draft too many costs two calls of the few
    that make something.
    """
    clock = github.session.clock
    seconds = min(max(len(inputs.expect), _SPREAD_SECONDS[0]), _SPREAD_SECONDS[1])
    clock.sleep(clock.chance() * seconds)
    found = listed(inputs.tag or "", github)
    return first_of(found) if found else None


def create_release(inputs: Inputs, names: Sequence[str], github: GitHub) -> tuple[Release, int]:
    """Create a draft for the tag; return it, and how many more may have been made unheard.

    Raises: GitHubError.
    """
    tag = inputs.tag or ""
    session = github.session
    fields = _fields(inputs, tag, names, github)
    unheard = 0
    for attempt in range(1, session.max_attempts + 1):
        try:
            return github.create_release(fields), unheard
        except NotWritableError as error:
            raise NotWritableError(
                error.what, where=error.where, fix=write_fix(inputs), status=error.status
            ) from error
        except RateLimitedError:
            raise
        except TransientError as error:
            if error.wait_seconds is None:
                raise
            unheard += 1
            # The answer may be lost and the draft there, though not yet in the list.
            for look in range(1, _LOOKS + 1):
                session.wait_to_look(error, f"creating release `{tag}`", max(attempt, look))
                if found := listed(tag, github):
                    return first_of(found), unheard
            if attempt == session.max_attempts:
                raise
    raise AssertionError("max_attempts is at least 1")


def agree(made: Release, unheard: int, github: GitHub) -> tuple[Release, tuple[int, ...]]:
    """Return the release that all jobs agree on, and the ids of what this one has made besides.

    unheard: how many drafts may have been made besides.

    Raises: GitHubError.
    """
    seen = {release.id: release for release in (made, *listed(made.tag, github))}
    if unheard and len(seen) == 1:
        github.session.clock.sleep(_LAG_SECONDS)
        seen |= {release.id: release for release in listed(made.tag, github)}
    first = first_of(seen.values())
    if made.id != first.id:
        return first, (made.id,)
    same = [one for one in seen.values() if one.draft and one.name == made.name]
    besides = sorted((one.id for one in same if one.id != first.id), reverse=True)
    return first, tuple(besides[:unheard])


def give_up(draft: Release, github: GitHub, say: Say, *, spare: bool = False) -> None:
    """Delete a draft that nobody uses; one that stays is no reason to fail.

    draft: as it was a moment ago. spare: whether nobody needs what it holds.
    """
    if draft.assets and not spare:
        # Another job saw it before the one that is older.
        what = f"draft {draft.id} is not empty, and stays ({draft.html_url})"
        say.warning("Two drafts", f"{what}: delete it by hand once nobody needs what it holds")
        return
    try:
        github.delete_release(draft.id)
    except GitHubError as error:
        if not is_gone_by_id(draft.id, github):
            what = f"the empty draft {draft.id} could not be given up ({error.what}): {_BY_HAND}"
            say.warning("Two drafts", what)
    else:
        say.line(f"gave up the draft {draft.id}: another one of its tag is older")


def give_up_unseen(draft_id: int, outcome: Outcome, github: GitHub, say: Say) -> None:
    """Give up a draft of this run that was not looked at since it was left."""
    try:
        draft = whole(github.get_release(draft_id), github)
    except NotFoundError:
        return  # another job has done it
    except GitHubError as error:
        say.warning("Two drafts", f"draft {draft_id} may stay ({error.what}): {_BY_HAND}")
    else:
        give_up(draft, github, say, spare=outcome.has_all_taken_back(draft))


def _fields(inputs: Inputs, tag: str, names: Sequence[str], github: GitHub) -> dict[str, object]:
    creation = inputs.creation
    notes = read_notes(inputs)
    if creation.generate_notes:
        generated = github.generate_notes(tag, creation.target)
        notes = f"{notes}\n\n{generated}" if notes else generated
    # What is given fits; what GitHub writes is cut as it would not take it.
    notes = notes[:MAX_NOTES]
    # Who makes it public takes the mark away; where nobody does, there is none.
    marks = inputs.publish != "never" and len(notes) + LENGTH <= MAX_NOTES
    fields: dict[str, object] = {
        "tag_name": tag,
        "name": creation.title or tag,
        "body": mark(notes, names) if marks else notes,
        "draft": True,
        "prerelease": creation.prerelease,
    }
    if creation.target:
        fields["target_commitish"] = creation.target
    return fields
