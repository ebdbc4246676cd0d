"""Discovers the files on the disk, the release on GitHub, and the desired release."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from release_assets import text
from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.files import FoundFiles, find_files, read_notes
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.light_dataclasses import dataclass
from release_assets.models import LocalFile, Release
from release_assets.plan import DesiredRelease, PlanWarning
from release_assets.publish.remote_facts import RemoteFacts, read_remote_facts, tag_of
from release_assets.reporter import Reporter

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """The files and the release before the run changes anything."""

    files: tuple[LocalFile, ...]
    release: Release | None
    desired: DesiredRelease
    tag_commit: str | None = None  # None: the git tag does not exist, or was not read
    is_latest: bool | None = None  # whether it is the latest release; None: not read
    warnings: tuple[PlanWarning, ...] = ()


class _Attempts:
    """Calls functions that may fail, and collects their errors."""

    def __init__(self) -> None:
        self.errors: list[ReleaseAssetsError] = []

    def call(self, function: Callable[[], Value], default: Value) -> Value:
        """Return what a function returns, or the default if it fails."""
        try:
            return function()
        except ReleaseAssetsError as error:
            self.errors.extend(single_errors(error))
            return default


def discover(inputs: Inputs, github: GitHub, reporter: Reporter) -> Discovery:
    """Find the files while GitHub answers; report the errors of both together.

    Raises: ReleaseAssetsError.
    """
    attempts = _Attempts()
    with ThreadPoolExecutor(1) as pool:
        notes = attempts.call(lambda: read_notes(inputs), "")
        reading = pool.submit(read_remote_facts, inputs, notes, github)
        found = attempts.call(lambda: find_files(inputs), FoundFiles(files=(), warnings=()))
        files_are_valid = not attempts.errors
        remote = attempts.call(reading.result, RemoteFacts())
    if files_are_valid:
        _report_files(found.files, reporter)
    raise_all(attempts.errors)
    _report_release(inputs, remote.release, reporter)
    return Discovery(
        files=found.files,
        release=remote.release,
        desired=_desired(inputs, found.files, remote),
        tag_commit=remote.tag_commit,
        is_latest=remote.is_latest,
        warnings=(*_pattern_warnings(found.warnings), *remote.warnings),
    )


def _report_files(files: Sequence[LocalFile], reporter: Reporter) -> None:
    size = text.size(sum(file.size for file in files))
    reporter.line(f"found {text.count(len(files), 'file')}, {size}")


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


def _desired(inputs: Inputs, files: Sequence[LocalFile], remote: RemoteFacts) -> DesiredRelease:
    settings = inputs.release
    return DesiredRelease(
        tag=tag_of(inputs, remote.release),
        names=tuple(file.name for file in files),
        publish=inputs.publish,
        if_exists=inputs.if_release_exists,
        expects=bool(inputs.expect),
        title=settings.title or None,
        notes=remote.notes,
        notes_input=_notes_input(inputs),
        prerelease=settings.prerelease,
        target=remote.target,
        make_latest=settings.make_latest or None,
        discussion_category=settings.discussion_category or None,
        run=inputs.run,
    )


def _notes_input(inputs: Inputs) -> str:
    """Return the input that sets the notes."""
    texts = {"notes": inputs.release.notes, "notes-file": inputs.release.notes_file}
    return next((name for name, value in texts.items() if value), "generate-notes")
