"""Discovers the files on the disk, the release on GitHub, and the desired release."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from release_assets import text
from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.files import FoundFiles, find_files, read_notes
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.limits import MAX_NOTES
from release_assets.models import LocalFile, Release
from release_assets.plan import (
    DesiredRelease,
    PlanWarning,
    ReleaseNotFoundError,
    TagNotFoundError,
    Target,
    TargetNotFoundError,
    is_ours,
)
from release_assets.publish.release_lookup import find_release
from release_assets.reporter import Reporter
from release_assets.wording import words

Value = TypeVar("Value")

_FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """The files and the release before the run changes anything."""

    files: tuple[LocalFile, ...]
    release: Release | None
    desired: DesiredRelease
    tag_commit: str | None = None  # None: the git tag does not exist, or was not read
    is_latest: bool | None = None  # whether it is the latest release; None: not read
    warnings: tuple[PlanWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _RemoteFacts:
    """The tag, the target and the notes, as read from GitHub."""

    tag_commit: str | None = None
    target: Target | None = None
    notes: str | None = None
    is_latest: bool | None = None
    warnings: tuple[PlanWarning, ...] = ()


def discover(inputs: Inputs, github: GitHub, reporter: Reporter) -> Discovery:
    """Find the files and the release; report the errors of both together.

    Raises: ReleaseAssetsError.
    """
    errors: list[ReleaseAssetsError] = []

    def attempt(call: Callable[[], Value], default: Value) -> Value:
        try:
            return call()
        except ReleaseAssetsError as error:
            errors.extend(single_errors(error))
            return default

    found = attempt(lambda: find_files(inputs), FoundFiles(files=(), warnings=()))
    notes = attempt(lambda: read_notes(inputs), "")
    if not errors:
        size = text.size(sum(file.size for file in found.files))
        reporter.line(f"found {text.count(len(found.files), 'file')}, {size}")
    error_count = len(errors)
    release = attempt(
        lambda: find_release(inputs.release_ref, github, draft_first=inputs.shares_draft), None
    )
    facts = _RemoteFacts()
    if len(errors) == error_count:
        facts = attempt(lambda: _read_facts(inputs, notes, release, github), facts)
    raise_all(errors)
    _report_release(inputs, release, reporter)
    return Discovery(
        files=found.files,
        release=release,
        desired=_desired(inputs, release, found.files, facts),
        tag_commit=facts.tag_commit,
        is_latest=facts.is_latest,
        warnings=(*_pattern_warnings(found.warnings), *facts.warnings),
    )


def _report_release(inputs: Inputs, release: Release | None, reporter: Reporter) -> None:
    if release is not None:
        kind = "draft" if release.draft else "release"
        reporter.line(f"{kind} {release.tag}, id {release.id}: {release.html_url}")
    else:
        reporter.line(f"no release for {inputs.release_ref.tag} yet: it will be created as a draft")


def _pattern_warnings(warnings: Sequence[str]) -> tuple[PlanWarning, ...]:
    """Return one warning for all likely mistakes in the patterns."""
    if not warnings:
        return ()
    listed = warnings if len(warnings) == 1 else [f"- {warning}" for warning in warnings]
    return (PlanWarning(title="Patterns without effect", text="\n".join(listed)),)


def _read_facts(
    inputs: Inputs, notes: str, release: Release | None, github: GitHub
) -> _RemoteFacts:
    """Read from GitHub what the plan of the release depends on.

    Raises: ReleaseNotFoundError when there is no release and `create` is off, TagNotFoundError when
        the git tag is missing and no `target` says where to create it, TargetNotFoundError, GitHubError.
    """
    settings = inputs.release
    tag = _tag(inputs, release)
    if release is None and not inputs.create:
        raise ReleaseNotFoundError(
            words("there is no release `{}`, and {create} is false", tag),
            where=github.repository,
            fix=words(
                "create the release {BEFORE}, or set {create: true}; drafts are visible only with"
                " `permissions: contents: write`"
            ),
        )
    if release is not None and _is_skipped_or_refused(inputs, release):
        return _RemoteFacts()
    tag_commit, target = None, None
    if release is None or settings.target:
        tag_commit = github.find_commit(f"tags/{tag}")
    if settings.target:
        target = _resolve_target(settings.target, github.repository, github)
    elif release is None and tag_commit is None:
        raise TagNotFoundError(tag, github.repository)
    whole, warnings = _notes(inputs, tag, notes, target, github)
    return _RemoteFacts(
        tag_commit=tag_commit,
        target=target,
        notes=whole,
        is_latest=_is_latest(inputs, release, github),
        warnings=warnings,
    )


def _tag(inputs: Inputs, release: Release | None) -> str:
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
    if not _FULL_ID.fullmatch(target) and not target.startswith("refs/"):
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
        return (notes if settings.notes or settings.notes_file else None), ()
    generated = github.generate_notes(tag, target.sent if target else "", settings.previous_tag)
    whole = f"{notes}\n\n{generated}" if notes else generated
    if len(whole) <= MAX_NOTES:
        return whole, ()
    text = words(
        "the notes have {:,} characters with the generated ones; GitHub takes {:,}, so the end is"
        " left out. To fix: set {previous-tag} to a later tag, or write the notes by hand",
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


def _desired(
    inputs: Inputs, release: Release | None, files: Sequence[LocalFile], facts: _RemoteFacts
) -> DesiredRelease:
    settings = inputs.release
    texts = {"notes": settings.notes, "notes-file": settings.notes_file}
    given = next((name for name, value in texts.items() if value), "generate-notes")
    return DesiredRelease(
        tag=_tag(inputs, release),
        names=tuple(file.name for file in files),
        publish=inputs.publish,
        if_exists=inputs.if_release_exists,
        expects=bool(inputs.expect),
        title=settings.title or None,
        notes=facts.notes,
        notes_input=given,
        prerelease=settings.prerelease,
        target=facts.target,
        make_latest=settings.make_latest or None,
        discussion_category=settings.discussion_category or None,
        run=inputs.run,
    )
