"""Strings of the inputs -> Inputs, or one error for each mistake. Pure."""

from collections.abc import Mapping
from typing import Literal

from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.inputs.paths import Mounts
from release_assets.inputs.reader import NOTHING_MISSING, FilePattern, InputReader, Job
from release_assets.inputs.unknown_inputs import unknown_input_errors
from release_assets.light_dataclasses import dataclass, field
from release_assets.limits import MAX_ATTEMPTS, MAX_CONCURRENCY, MAX_TITLE

Overwrite = Literal["false", "true", "skip"]
OnNoFiles = Literal["error", "warn", "ignore"]
Publish = Literal["auto", "always", "never"]
IfReleaseExists = Literal["use", "update", "skip", "error"]
Verify = Literal["auto", "download"]
MakeLatest = Literal["", "true", "false", "legacy"]


@dataclass(frozen=True, kw_only=True)
class Access:
    """How to reach a repository."""

    api_url: str
    repository: str  # `owner/name`
    token: str = field(repr=False)
    ca_bundle: str  # path of a file, or PEM text; empty for the public authorities alone
    workspace: str  # the directory that relative paths start from
    max_attempts: int
    concurrency: int | None  # None for `auto`


@dataclass(frozen=True, kw_only=True)
class ReleaseRef:
    """The tag or the id of the release that a run is about, or both; neither for the latest one."""

    tag: str | None
    id: int | None
    is_of_event: bool = False  # whether the event named the release, and no input did


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """All inputs of a run that publishes, validated."""

    access: Access
    release_ref: ReleaseRef
    patterns: tuple[FilePattern, ...]
    excludes: tuple[str, ...]
    manifest: str
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
    dry_run: bool
    summary: bool
    run: str

    @property
    def names_files(self) -> bool:
        """Whether the inputs name any files."""
        return bool(self.patterns or self.manifest)

    @property
    def shares_draft(self) -> bool:
        """Whether other jobs probably upload to the same draft at the same time."""
        return bool(self.expect) or self.publish == "never"


def parse_inputs(
    values: Mapping[str, str], job: Job, missing: Mapping[str, ReleaseAssetsError] = NOTHING_MISSING
) -> Inputs:
    """Return the inputs of a run that publishes, parsed and validated.

    missing: what to report when an input is missing, instead of a MissingInputError.

    Raises: InputError, MissingInputError, OtherActionInputError or ContradictionError for a single
        error; MultipleErrors for several.
    """
    reader = InputReader(values, missing)
    reader.errors += unknown_input_errors(values)
    inputs = _read_inputs(reader, job)
    raise_all(reader.errors)
    return inputs


def parse_target(
    values: Mapping[str, str],
    job: Job,
    missing: Mapping[str, ReleaseAssetsError] = NOTHING_MISSING,
    *,
    is_required: bool = True,
) -> tuple[Access, ReleaseRef]:
    """Return how to reach the repository, and which release is meant; read no other input.

    missing: what to report when an input is missing, instead of a MissingInputError. is_required:
    whether a release must be named.

    Raises: InputError or MissingInputError for a single error; MultipleErrors for several.
    """
    reader = InputReader(values, missing)
    release_ref = _read_release_ref(reader, job, is_required=is_required)
    access = _read_access(reader, job)
    raise_all(reader.errors)
    return access, release_ref


def _read_access(reader: InputReader, job: Job) -> Access:
    return Access(
        api_url=job.api_url,
        repository=reader.repository(),
        token=reader.token(),
        ca_bundle=reader.text("ca-bundle"),
        workspace=job.workspace,
        max_attempts=reader.number("max-attempts", most=MAX_ATTEMPTS) or 1,
        concurrency=reader.number("concurrency", most=MAX_CONCURRENCY, auto=True),
    )


def _read_release_ref(reader: InputReader, job: Job, *, is_required: bool = True) -> ReleaseRef:
    tag, release_id = reader.release(job, is_required=is_required)
    is_of_event = not reader.text("tag") and not reader.text("release-id")
    return ReleaseRef(tag=tag, id=release_id, is_of_event=is_of_event)


def _read_inputs(reader: InputReader, job: Job) -> Inputs:
    patterns, excludes = reader.patterns(job.mounts)
    release_ref = _read_release_ref(reader, job)
    access = _read_access(reader, job)
    reader.check_exclusive("notes", "notes-file")
    reader.check_latest_prerelease()
    reader.check_previous_tag()
    return Inputs(
        access=access,
        release_ref=release_ref,
        patterns=patterns,
        excludes=excludes,
        manifest=reader.text("manifest"),
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
        dry_run=reader.boolean("dry-run"),
        summary=reader.boolean("summary"),
        run=job.run,
    )


def _release_inputs(reader: InputReader) -> ReleaseInputs:
    return ReleaseInputs(
        title=reader.github_text("title", most=MAX_TITLE).removeprefix("refs/tags/"),
        notes=reader.github_text("notes"),
        notes_file=reader.text("notes-file"),
        generate_notes=reader.optional_boolean("generate-notes") or False,
        previous_tag=reader.previous_tag(),
        prerelease=reader.optional_boolean("prerelease"),
        target=reader.github_text("target"),
        make_latest=reader.choice("make-latest", ("", "true", "false", "legacy")),
        discussion_category=reader.github_text("discussion-category"),
    )
