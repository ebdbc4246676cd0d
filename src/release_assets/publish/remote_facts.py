"""Reads from GitHub the release, and the tag, the target and the notes that its plan depends on."""

import re

from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.light_dataclasses import dataclass
from release_assets.limits import MAX_NOTES
from release_assets.models import Release
from release_assets.plan import (
    PlanWarning,
    ReleaseNotFoundError,
    TagNotFoundError,
    Target,
    TargetNotFoundError,
    is_ours,
)
from release_assets.publish.release_lookup import find_release
from release_assets.wording import words

_FULL_ID = r"[0-9a-f]{40}|[0-9a-f]{64}"


@dataclass(frozen=True, kw_only=True)
class RemoteFacts:
    """The release, and what else was read from GitHub for the plan."""

    release: Release | None = None
    tag_commit: str | None = None
    target: Target | None = None
    notes: str | None = None
    is_latest: bool | None = None
    warnings: tuple[PlanWarning, ...] = ()


def read_remote_facts(inputs: Inputs, notes: str, github: GitHub) -> RemoteFacts:
    """Read from GitHub the release, and what its plan depends on.

    Raises: ReleaseNotFoundError when there is no release and `create` is off, and what
        `_read_facts` raises.
    """
    release = find_release(inputs.release_ref, github, draft_first=inputs.shares_draft)
    if release is None and not inputs.create:
        raise ReleaseNotFoundError(
            words("there is no release `{}`, and {create} is false", tag_of(inputs, release)),
            where=github.repository,
            fix=words(
                "create the release {BEFORE}, or set {create: true}; drafts are visible only with"
                " `permissions: contents: write`"
            ),
        )
    if release is not None and _is_skipped_or_refused(inputs, release):
        return RemoteFacts(release=release)
    return _read_facts(inputs, notes, release, github)


def _read_facts(inputs: Inputs, notes: str, release: Release | None, github: GitHub) -> RemoteFacts:
    """Read the tag, the target and the notes.

    Raises: TagNotFoundError when the git tag is missing and no `target` says where to create it,
        TargetNotFoundError, GitHubError.
    """
    tag = tag_of(inputs, release)
    tag_commit, target = _read_commits(inputs, tag, release, github)
    whole, warnings = _notes(inputs, tag, notes, target, github)
    return RemoteFacts(
        release=release,
        tag_commit=tag_commit,
        target=target,
        notes=whole,
        is_latest=_is_latest(inputs, release, github),
        warnings=warnings,
    )


def _read_commits(
    inputs: Inputs, tag: str, release: Release | None, github: GitHub
) -> tuple[str | None, Target | None]:
    """Return the commit of the git tag and the target, as far as the plan depends on them.

    Raises: TagNotFoundError, TargetNotFoundError, GitHubError.
    """
    given = inputs.release.target
    tag_commit = github.find_commit(f"tags/{tag}") if release is None or given else None
    if given:
        return tag_commit, _resolve_target(given, github.repository, github)
    if release is None and tag_commit is None:
        raise TagNotFoundError(tag, github.repository)
    return tag_commit, None


def tag_of(inputs: Inputs, release: Release | None) -> str:
    """Return the tag that the release has, or is to have."""
    return inputs.release_ref.tag or (release.tag if release is not None else "")


def _is_skipped_or_refused(inputs: Inputs, release: Release) -> bool:
    """Say whether the run ignores an existing release or refuses it, whatever its fields are."""
    return inputs.if_release_exists in {"skip", "error"} and not is_ours(release)


def _resolve_target(target: str, repository: str, github: GitHub) -> Target:
    """Return where GitHub would create the tag: it accepts only a branch or a full commit id.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release
    (`target_commitish`), and https://github.com/softprops/action-gh-release/issues/214 (a short
    id is refused, for drafts too)

    Raises: TargetNotFoundError, GitHubError.
    """
    if not re.fullmatch(_FULL_ID, target) and not target.startswith("refs/"):
        commit = github.find_commit(f"heads/{target}")
        if commit is not None:
            return Target(given=target, sent=target, commit=commit, is_branch=True)
    commit = github.find_commit(target)
    if commit is None:
        raise TargetNotFoundError(target, repository)
    return Target(given=target, sent=commit, commit=commit)


def _notes(
    inputs: Inputs, tag: str, notes: str, target: Target | None, github: GitHub
) -> tuple[str | None, tuple[PlanWarning, ...]]:
    """Return the notes that the inputs describe; None if they describe none.

    Raises: GitHubError.
    """
    settings = inputs.release
    if not settings.generate_notes:
        return _cut_notes(notes) if settings.notes or settings.notes_file else (None, ())
    generated = github.generate_notes(tag, target.sent if target else "", settings.previous_tag)
    return _cut_notes(f"{notes}\n\n{generated}" if notes else generated)


def _cut_notes(whole: str) -> tuple[str, tuple[PlanWarning, ...]]:
    """Return the notes, cut with a warning if they are longer than GitHub accepts."""
    if len(whole) <= MAX_NOTES:
        return whole, ()
    text = words(
        "the notes have {:,} characters, but GitHub accepts {:,}, so the rest is cut. To fix: "
        "shorten them, or link to the whole text; generated notes get shorter with a later "
        "{previous-tag}",
        len(whole),
        MAX_NOTES,
    )
    return whole[:MAX_NOTES], (PlanWarning(title="Notes cut", text=text),)


def _is_latest(inputs: Inputs, release: Release | None, github: GitHub) -> bool | None:
    """Say whether the release is the latest one; None if the plan does not depend on it.

    Raises: GitHubError.
    """
    is_needed = inputs.release.make_latest in {"true", "false"}
    if release is None or release.draft or not is_needed:
        return None
    latest = github.find_latest_release()
    return latest is not None and latest.id == release.id
