"""Finds the release, creates it as a draft, makes it public."""

from collections.abc import Iterable, Sequence

from wcmatch import fnmatch

from release_assets.errors import (
    ContradictionError,
    GitHubError,
    NotFoundError,
    RateLimitedError,
    ReleaseNotFoundError,
    TagNotFoundError,
    TransientError,
)
from release_assets.files import read_notes
from release_assets.github.client import GitHub
from release_assets.inputs import MAX_NOTES, Inputs
from release_assets.models import Asset, Release
from release_assets.names import marked
from release_assets.say import Say

_MATCH = fnmatch.BRACE | fnmatch.CASE
_LOOKS = 3  # for a draft whose making was not answered, before another is made
_LAG_SECONDS = 2.0
_BY_HAND = "delete the empty one by hand"


def find_release(inputs: Inputs, github: GitHub) -> Release | None:
    """Return the release that the inputs mean, None when its tag has none.

    Of several drafts of a tag, the one with the lowest id: every job comes to the same.

    Raises: ReleaseNotFoundError for an id that does not exist, ContradictionError for an id whose
        release has another tag, GitHubError.
    """
    if inputs.release_id is None:
        tag = inputs.tag or ""
        # What is public is in the list, too, where the way by its tag lags behind.
        if release := github.find_release_by_tag(tag):
            return release
        found = _listed(tag, github)
        return _first(found) if found else None
    try:
        release = github.get_release(inputs.release_id)
    except NotFoundError as error:
        raise ReleaseNotFoundError(
            f"there is no release {inputs.release_id}, or the token may not see it",
            where=inputs.repository,
            fix="correct `release-id`; drafts are visible only with `contents: write`",
        ) from error
    if inputs.tag is not None and release.tag != inputs.tag:
        raise ContradictionError(
            f"`release-id` {release.id} is the release `{release.tag}`, not `{inputs.tag}`",
            where=release.html_url,
            fix="give `tag` or `release-id`, or make them agree",
        )
    return release


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
            fix="correct `tag`, or name `files` to publish",
        )
    if not inputs.create:
        raise ReleaseNotFoundError(
            f"there is no release `{tag}`, and `create` is false",
            where=inputs.repository,
            fix="create the release before this step, or set `create: true`",
        )
    if not inputs.creation.target and not github.has_tag(tag):
        raise TagNotFoundError(tag, inputs.repository)


def create_release(inputs: Inputs, github: GitHub) -> tuple[Release, int]:
    """Create a draft for the tag; return it, and how many more may have been made unheard.

    Raises: GitHubError.
    """
    tag = inputs.tag or ""
    session = github.session
    fields = _fields(inputs, tag, github)
    unheard = 0
    for attempt in range(1, session.max_attempts + 1):
        try:
            return github.create_release(fields), unheard
        except TransientError as error:
            if error.wait_seconds is None:
                raise
            limited = isinstance(error, RateLimitedError)
            unheard += not limited
            # The answer may be lost and the draft there, though not yet in the list.
            for look in range(1, 2 if limited else _LOOKS + 1):
                session.wait_to_look(error, f"creating release `{tag}`", max(attempt, look))
                if found := _listed(tag, github):
                    return _first(found), unheard
            if attempt == session.max_attempts:
                raise
    raise AssertionError("max_attempts is at least 1")


def agree(made: Release, unheard: int, github: GitHub, say: Say) -> Release:
    """Return the release that all jobs agree on, and give up what this one has made besides.

    unheard: how many drafts may have been made besides.

    Raises: GitHubError.
    """
    try:
        listed = {release.id: release for release in (made, *_listed(made.tag, github))}
        if unheard and len(listed) == 1:
            github.session.clock.sleep(_LAG_SECONDS)
            listed |= {release.id: release for release in _listed(made.tag, github)}
    except GitHubError:
        say.warning("Two drafts", f"if there is an older draft than {made.id}, {_BY_HAND}")
        raise
    first = _first(listed.values())
    same = [one for one in listed.values() if one.draft and one.name == made.name]
    others = sorted((one.id for one in same if one.id != first.id), reverse=True)
    for number in [made.id] if made.id != first.id else others[:unheard]:
        _give_up(listed[number], first, github, say)
    return first


def _give_up(draft: Release, first: Release, github: GitHub, say: Say) -> None:
    """Delete an empty draft; one that stays is no reason to fail."""
    if draft.assets:
        # Another job saw it before the one that was first.
        say.warning("Two drafts", f"draft {draft.id} is not empty, and stays beside {first.id}")
        return
    say.line(f"release {first.id} is the one, and older; the empty {draft.id} is given up")
    try:
        github.delete_release(draft.id)
    except GitHubError as error:
        if not _is_gone(draft, github):
            what = f"the empty draft {draft.id} could not be given up ({error.what}): {_BY_HAND}"
            say.warning("Two drafts", what)


def _is_gone(release: Release, github: GitHub) -> bool:
    try:
        github.get_release(release.id)
    except GitHubError as error:
        return isinstance(error, NotFoundError)
    return False


def make_public(release: Release, inputs: Inputs, github: GitHub) -> Release:
    """Make a draft public and return it as it is then: its URLs have changed.

    Raises: GitHubError, when it stays a draft.
    """
    fields: dict[str, object] = {"tag_name": release.tag, "draft": False}
    if inputs.make_latest:
        fields["make_latest"] = inputs.make_latest
    if inputs.discussion_category:
        # Taken only by the request that publishes.
        fields["discussion_category_name"] = inputs.discussion_category
    try:
        return github.update_release(release.id, fields)
    except GitHubError as error:
        # The answer may be lost; and what is public by then may refuse a second request.
        try:
            now = github.get_release(release.id)
        except GitHubError:
            raise error from None
        if now.draft:
            raise
        return now


def missing(expected: Sequence[str], assets: Iterable[Asset]) -> tuple[str, ...]:
    """Return the names or patterns that no complete asset matches yet."""
    names = [asset.name for asset in assets if asset.is_complete and marked(asset.name) is None]
    return tuple(
        pattern
        for pattern in expected
        if not any(fnmatch.fnmatch(name, pattern, flags=_MATCH) for name in names)
    )


def to_prune(
    patterns: Sequence[str], assets: Iterable[Asset], keep: Iterable[str]
) -> tuple[Asset, ...]:
    """Return the assets that match a pattern, are not to be kept, and are no part of a swap."""
    kept = {name.lower() for name in keep}
    return tuple(
        asset
        for asset in assets
        if asset.name.lower() not in kept
        and marked(asset.name) is None
        and any(fnmatch.fnmatch(asset.name, pattern, flags=_MATCH) for pattern in patterns)
    )


def _listed(tag: str, github: GitHub) -> list[Release]:
    """Return the releases of a tag that the list shows: all drafts, or the one that is public."""
    found: list[Release] = []
    for page in github.list_releases():
        same = [release for release in page if release.tag == tag]
        found += same
        # Drafts of one tag have one date (that of its commit) and so stand side by side.
        if found and not (same and page[-1] in same):
            break
    return found


def _first(found: Iterable[Release]) -> Release:
    """Return the release that all jobs agree on: the public one, else the oldest draft."""
    return min(found, key=lambda release: (release.draft, release.id))


def _fields(inputs: Inputs, tag: str, github: GitHub) -> dict[str, object]:
    creation = inputs.creation
    notes = read_notes(inputs)
    if creation.generate_notes:
        generated = github.generate_notes(tag, creation.target)
        notes = f"{notes}\n\n{generated}" if notes else generated
    fields: dict[str, object] = {
        "tag_name": tag,
        "name": creation.title or tag,
        "body": notes[:MAX_NOTES],
        "draft": True,
        "prerelease": creation.prerelease,
    }
    if creation.target:
        fields["target_commitish"] = creation.target
    return fields
