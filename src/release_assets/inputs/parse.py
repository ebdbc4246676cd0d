"""Strings from either door -> Inputs, or errors naming the inputs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from release_assets.errors import raise_all
from release_assets.inputs.foreign import unknown_input_errors
from release_assets.inputs.paths import Mounts
from release_assets.inputs.reader import InputReader, Job, Pattern
from release_assets.limits import MAX_ATTEMPTS, MAX_CONCURRENCY, MAX_NOTES, MAX_TITLE

Overwrite = Literal["false", "true", "skip"]
OnNoFiles = Literal["error", "warn", "ignore"]
Publish = Literal["auto", "always", "never"]
IfReleaseExists = Literal["use", "update", "skip", "error"]
Verify = Literal["auto", "download"]
MakeLatest = Literal["", "true", "false", "legacy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInputs:
    """What is asked of the release itself; empty or None where an input was not given."""

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
    """What is asked, every value checked."""

    patterns: tuple[Pattern, ...]
    excludes: tuple[str, ...]
    manifest: str
    tag: str | None
    release_id: int | None
    is_event_release: bool  # whether the event named the release, and no input
    owner: str
    repo: str
    token: str = field(repr=False)
    api_url: str
    workspace: str
    seen: Mounts
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
    concurrency: int | None  # None: as many as GitHub takes
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
        """Whether any files are asked for."""
        return bool(self.patterns or self.manifest)

    @property
    def shares_draft(self) -> bool:
        """Whether other jobs are likely to fill the same draft at the same time."""
        return bool(self.expect) or self.publish == "never"


def parse_inputs(values: Mapping[str, str], job: Job) -> Inputs:
    """Return the inputs that the strings mean.

    Raises: InputError, MissingInputError, ForeignInputError or ContradictionError for a single
        fault; Faults when there are several.
    """
    reader = InputReader(values)
    reader.faults += unknown_input_errors(values)
    patterns, excludes = reader.patterns(job.seen)
    tag, release_id = reader.release(job)
    owner, repo = reader.repository()
    reader.check_exclusive("notes", "notes-file")
    reader.check_latest_prerelease()
    reader.check_previous_tag()
    inputs = Inputs(
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
        seen=job.seen,
        working_directory=reader.text("working-directory"),
        overwrite=reader.word("overwrite", ("false", "true", "skip")),
        prune=reader.lines("prune"),
        on_no_files=reader.word("if-no-files-found", ("error", "warn", "ignore")),
        checksums=reader.list_name("checksums"),
        create=reader.boolean("create"),
        if_release_exists=reader.word("if-release-exists", ("use", "update", "skip", "error")),
        release=ReleaseInputs(
            title=reader.sent("title", most=MAX_TITLE).removeprefix("refs/tags/"),
            notes=reader.sent("notes", most=MAX_NOTES),
            notes_file=reader.text("notes-file"),
            generate_notes=reader.flag("generate-notes") or False,
            previous_tag=reader.previous_tag(),
            prerelease=reader.flag("prerelease"),
            target=reader.sent("target"),
            make_latest=reader.word("make-latest", ("", "true", "false", "legacy")),
            discussion_category=reader.sent("discussion-category"),
        ),
        publish=reader.word("publish", ("auto", "always", "never")),
        expect=reader.expected(),
        verify=reader.word("verify", ("auto", "download")),
        concurrency=reader.number("concurrency", most=MAX_CONCURRENCY, auto=True),
        max_attempts=reader.number("max-attempts", most=MAX_ATTEMPTS) or 1,
        dry_run=reader.boolean("dry-run"),
        summary=reader.boolean("summary"),
        ca_bundle=reader.text("ca-bundle"),
        run=job.run,
    )
    raise_all(reader.faults)
    return inputs
