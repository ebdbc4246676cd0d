"""Elects the release of a tag that all jobs use, if it has several drafts, and confirms it."""

from collections.abc import Iterable
from functools import partial

from release_assets.github import GitHub, UnexpectedAnswerError
from release_assets.models import Release
from release_assets.publish.lists import find_listed
from release_assets.wording import words


def elect(found: Iterable[Release], tag: str) -> Release:
    """Return the release that all jobs use: the public one, or else the oldest draft of the tag.

    A draft that has lost its tag comes last, since other jobs cannot find it.
    """
    return min(found, key=lambda release: (release.draft, release.tag != tag, release.id))


def elect_confirmed(
    found: Iterable[Release], tag: str, github: GitHub, *, known: int | None = None
) -> Release | None:
    """Return the release that all jobs use, confirmed by its id; None if there is none.

    known: id of a release that was read by its id, or created.

    Raises: GitHubError.
    """
    candidates = list(found)
    while candidates:
        first = elect(candidates, tag)
        if first.id == known:
            return first
        if confirmed := _confirm(first, tag, github):
            return confirmed
        candidates.remove(first)
    return None


def _confirm(listed: Release, tag: str, github: GitHub) -> Release | None:
    """Read a listed release by its id, and return it; None once the list omits it.

    The list may be stale or wrong. As long as the two responses contradict each other, this run
    neither writes to the release nor creates another one.

    Raises: GitHubError, also if they still contradict each other after all attempts.
    """
    where = f"reading release {listed.id} of {github.repository}"
    attempt = partial(_read_listed, listed, tag, github)
    return github.session.retry(attempt, where, (UnexpectedAnswerError,))


def _read_listed(listed: Release, tag: str, github: GitHub, attempt: int) -> Release | None:
    """Read a listed release by its id, and return it; None if the list omits it by now.

    Raises: UnexpectedAnswerError if the two responses contradict each other, GitHubError.
    """
    candidate = listed if attempt == 1 else find_listed(listed.id, tag, github)
    if candidate is None:
        return None
    shown = github.find_release(listed.id)
    if shown is not None and _identity(shown) == _identity(candidate):
        return shown
    raise UnexpectedAnswerError(
        f"GitHub lists a {'draft' if candidate.draft else 'release'} of `{tag}`, but "
        f"{'finds nothing' if shown is None else 'shows another state'} under its id",
        where=f"reading release {listed.id} of {github.repository}",
        fix=words("{RUN_AGAIN}; see https://www.githubstatus.com"),
    )


def _identity(release: Release) -> tuple[str, bool, bool]:
    return release.tag, release.draft, release.prerelease
