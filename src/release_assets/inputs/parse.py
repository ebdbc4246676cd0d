"""Strings of the inputs -> Inputs, or one error for each mistake. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from release_assets.errors import raise_all
from release_assets.inputs.paths import Mounts
from release_assets.inputs.reader import FilePattern, InputReader, Job
from release_assets.inputs.unknown_inputs import unknown_input_errors
from release_assets.limits import MAX_ATTEMPTS, MAX_CONCURRENCY, MAX_NOTES, MAX_TITLE

Overwrite = Literal["false", "true", "skip"]
OnNoFiles = Literal["error", "warn", "ignore"]
Publish = Literal["auto", "always", "never"]
IfReleaseExists = Literal["use", "update", "skip", "error"]
Verify = Literal["auto", "download"]
MakeLatest = Literal["", "true", "false", "legacy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInputs:
    """Inputs about the release itself; empty or None where an input was not given."""

    title: str
    notes: str
    notes_file: str
    generate_notes: bool
    previous_tag: str
    prerelease: bool | None
    target: str
    make_latest: MakeLatest
    discussion_category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All inputs, validated."""

    patterns: tuple[FilePattern, ...]
    excludes: tuple[str, ...]
    manifest: str
    tag: str | None
    release_id: int | None
    is_event_release: bool  # True if the event named the release, and no input did
    owner: str
    repo: str
    token: str = field(repr=False)
    api_url: str
    workspace: str
    mounts: Mounts  # of the container; empty outside of one
    working_directory: str
    overwrite: Overwrite
    prune: tuple[str, ...]
    on_no_files: OnNoFiles
    checksums: str
    create: bool
    if_release_exists: IfReleaseExists
    release: ReleaseInputs
    publish: Publish
    expect: tuple[str, ...]
    verify: Verify
    concurrency: int | None  # None for `auto`
    max_attempts: int
    dry_run: bool
    summary: bool
    ca_bundle: str
    run: str

    @property
    def repository(self) -> str:
        """The repository as `owner/name`."""
        return f"{self.owner}/{self.repo}"

    @property
    def names_files(self) -> bool:
        """Whether the inputs name any files."""
        return bool(self.patterns or self.manifest)

    @property
    def shares_draft(self) -> bool:
        """Whether other jobs probably upload to the same draft at the same time."""
        return bool(self.expect) or self.publish == "never"


def parse_inputs(values: Mapping[str, str], job: Job) -> Inputs:
    """Return the inputs, parsed and validated.

    Raises: InputError, MissingInputError, OtherActionInputError or ContradictionError for a single
        error; MultipleErrors for several.
    """
    reader = InputReader(values)
    reader.errors += unknown_input_errors(values)
    inputs = _read_inputs(reader, job)
    raise_all(reader.errors)
    return inputs


def _read_inputs(reader: InputReader, job: Job) -> Inputs:
    patterns, excludes = reader.patterns(job.mounts)
    tag, release_id = reader.release(job)
    owner, repo = reader.repository()
    reader.check_exclusive("notes", "notes-file")
    reader.check_latest_prerelease()
    reader.check_previous_tag()
    return Inputs(
        patterns=patterns,
        excludes=excludes,
        manifest=reader.text("manifest"),
        tag=tag,
        release_id=release_id,
        is_event_release=not reader.text("tag") and not reader.text("release-id"),
        owner=owner,
        repo=repo,
        token=reader.token(),
        api_url=job.api_url,
        workspace=job.workspace,
        mounts=job.mounts,
        working_directory=reader.text("working-directory"),
        overwrite=reader.choice("overwrite", ("false", "true", "skip")),
        prune=reader.lines("prune"),
        on_no_files=reader.choice("if-no-files-found", ("error", "warn", "ignore")),
        checksums=reader.checksums_name("checksums"),
        create=reader.boolean("create"),
        if_release_exists=reader.choice("if-release-exists", ("use", "update", "skip", "error")),
        release=_release_inputs(reader),
        publish=reader.choice("publish", ("auto", "always", "never")),
        expect=reader.expected(),
        verify=reader.choice("verify", ("auto", "download")),
        concurrency=reader.number("concurrency", most=MAX_CONCURRENCY, auto=True),
        max_attempts=reader.number("max-attempts", most=MAX_ATTEMPTS) or 1,
        dry_run=reader.boolean("dry-run"),
        summary=reader.boolean("summary"),
        ca_bundle=reader.text("ca-bundle"),
        run=job.run,
    )


def _release_inputs(reader: InputReader) -> ReleaseInputs:
    return ReleaseInputs(
        title=reader.github_text("title", most=MAX_TITLE).removeprefix("refs/tags/"),
        notes=reader.github_text("notes", most=MAX_NOTES),
        notes_file=reader.text("notes-file"),
        generate_notes=reader.optional_boolean("generate-notes") or False,
        previous_tag=reader.previous_tag(),
        prerelease=reader.optional_boolean("prerelease"),
        target=reader.github_text("target"),
        make_latest=reader.choice("make-latest", ("", "true", "false", "legacy")),
        discussion_category=reader.github_text("discussion-category"),
    )
