"""Finds the release, creates it as a draft, makes it public."""

from collections.abc import Callable, Iterable, Sequence

from wcmatch import fnmatch

from release_assets.errors import (
    ContradictionError,
    NotFoundError,
    ReleaseNotFoundError,
    TagNotFoundError,
    TransientError,
)
from release_assets.files import read_notes
from release_assets.github.client import GitHub
from release_assets.inputs import MAX_NOTES, Inputs
from release_assets.models import Asset, Release
from release_assets.names import marked

_MATCH = fnmatch.BRACE | fnmatch.CASE


def find_release(inputs: Inputs, github: GitHub) -> Release | None:
    """Return the release that the inputs mean, None when its tag has none.

    Of several drafts of a tag, the one with the lowest id: every job comes to the same.

    Raises: ReleaseNotFoundError for an id that does not exist, ContradictionError for an id whose
        release has another tag, GitHubError.
    """
    if inputs.release_id is None:
        tag = inputs.tag or ""
        return github.find_release_by_tag(tag) or _find_draft(tag, github)
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

    Raises: ReleaseNotFoundError when `create` is off, TagNotFoundError when the git tag is
        missing and no `target` says where to make it, GitHubError.
    """
    tag = inputs.tag or ""
    if not inputs.create:
        raise ReleaseNotFoundError(
            f"there is no release `{tag}`, and `create` is false",
            where=inputs.repository,
            fix="create the release before this step, or set `create: true`",
        )
    if not inputs.creation.target and not github.has_tag(tag):
        raise TagNotFoundError(tag, inputs.repository)


def create_release(inputs: Inputs, github: GitHub, say: Callable[[str], None]) -> Release:
    """Create a draft for the tag, and return the release that all jobs agree on.

    Raises: GitHubError.
    """
    tag = inputs.tag or ""
    fields = _fields(inputs, tag, github)
    made: Release | None = None
    for attempt in range(1, github.session.max_attempts + 1):
        try:
            made = github.create_release(fields)
            break
        except TransientError as error:
            if attempt == github.session.max_attempts or error.wait_seconds is None:
                raise
            github.session.wait_to_look(error, f"creating release `{tag}`", attempt)
            # The answer may be lost and the draft there.
            made = _find_draft(tag, github)
            if made is not None:
                break
    if made is None:
        raise AssertionError("max_attempts is at least 1")
    first = _find_draft(tag, github)
    if first is None or first.id >= made.id:
        return made
    say(f"another job was faster: release {first.id} is the one, the empty {made.id} is given up")
    github.delete_release(made.id)
    return first


def make_public(release: Release, inputs: Inputs, github: GitHub) -> Release:
    """Make a draft public and return it as it is then: its URLs have changed.

    Raises: GitHubError.
    """
    fields: dict[str, object] = {"tag_name": release.tag, "draft": False}
    if inputs.make_latest:
        fields["make_latest"] = inputs.make_latest
    if inputs.discussion_category:
        # Taken only by the request that publishes.
        fields["discussion_category_name"] = inputs.discussion_category
    return github.update_release(release.id, fields)


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


def _find_draft(tag: str, github: GitHub) -> Release | None:
    found: list[Release] = []
    for page in github.list_releases():
        drafts = [release for release in page if release.draft and release.tag == tag]
        found += drafts
        # Drafts of one tag have one date (that of its commit) and so stand side by side.
        if found and not (drafts and page[-1] in drafts):
            break
    return min(found, key=lambda release: release.id, default=None)


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
