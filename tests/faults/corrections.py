"""Cases: errors whose fix names an input, what causes each, and the corrected inputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from release_assets.plan.draft_mark import Mark, marked_notes, set_id
from tests.faults.scenarios import sums

NEW, OLD, NEXT = b"new bytes", b"old", "c0ffee" + "0" * 33 + "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One mistake, its fix, and the release after the second run."""

    name: str
    error: str  # the class; empty: the first run succeeds with a warning
    fix: str  # a part of the fix, or of the warning, that the second run carries out
    first: Mapping[str, str]
    second: Mapping[str, str]  # all inputs, after the fix
    place: str = ""  # in the code, as `find_places` names it
    run: str = ""  # id and attempt of the workflow run
    repository: Mapping[str, Any] = field(default_factory=dict)  # of the seed
    repository_then: Mapping[str, Any] = field(
        default_factory=dict
    )  # changes that the fix makes to it
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the sandbox
    holds: Mapping[str, bytes] = field(default_factory=lambda: {"a.zip": NEW})
    wants: Mapping[str, Any] = field(default_factory=dict)  # expected fields of the release
    files: Mapping[str, bytes] = field(default_factory=lambda: {"dist/a.zip": NEW})
    faults: tuple[Mapping[str, Any], ...] = ()  # of the sandbox, in the first run only
    is_draft: bool = False  # after the second run
    writes_first: bool = False  # the first run sends a write request

    @property
    def changed(self) -> set[str]:
        """The inputs that the fix changes."""
        names = {*self.first, *self.second}
        return {name for name in names if self.first.get(name) != self.second.get(name)}


# An input, a value that is refused as it is parsed, and a valid value.
WORDS = (
    ("title", "x" * 2000, "A title"),
    ("notes", "\udc87", "Notes"),
    ("max-attempts", "99", "3"),
    ("concurrency", "many", "auto"),
    ("publish", "yes", "never"),
    ("overwrite", "yes", "true"),
    ("prerelease", "yes", "true"),
    ("tag", "refs/heads/main", "refs/tags/v1"),
    ("checksums", "SHA 256", "SUMS"),
    ("create", "yes", "true"),
    ("dry-run", "no", "false"),
    ("summary", "no", "false"),
    ("generate-notes", "yes", "true"),
    ("if-no-files-found", "fail", "warn"),
    ("if-release-exists", "replace", "update"),
    ("make-latest", "yes", "true"),
    ("verify", "yes", "download"),
    ("expect", "sub/a.zip", "a.zip"),
    ("files", "dist/* =>", "dist/*"),
    ("target", "\udcff", "main"),
    ("discussion-category", "\udcff", ""),
    ("repository", "octo-org", "octo-org/app"),
    ("token", "two words", "{token}"),
)
WANTED: Mapping[str, Mapping[str, Any]] = {
    "title": {"name": "A title"},
    "prerelease": {"prerelease": True},
}
HELD = {"checksums": sums({"a.zip": NEW})}


def _public(**more: Any) -> dict[str, Any]:
    return {"releases": [{"tag": "v1", **more}]}


def _existing(name: str = "a.zip", text: bytes = OLD) -> dict[str, Any]:
    return _public(assets=[{"name": name, "text": text.decode()}])


def corrections() -> Iterator[Correction]:
    """Yield all cases."""
    yield from _targets()
    yield from _of_releases()
    yield from _of_assets()
    yield from _of_inputs()
    yield from _of_unfinished_runs()
    yield from _of_access()


def _targets() -> Iterator[Correction]:
    for target in ("main", "refs/heads/main"):
        yield Correction(
            name=f"target-{target.replace('/', '-')}",
            place="plan/errors.py:TargetNotFoundError",
            error="TargetNotFoundError",
            fix="set `target` to a branch",
            first={"tag": "v9", "target": "mian"},
            second={"tag": "v9", "target": target},
        )
    missing = Correction(
        name="no-tag-target",
        place="plan/errors.py:TagNotFoundError",
        error="TagNotFoundError",
        fix="set `target`",
        first={"tag": "v9"},
        second={"tag": "v9", "target": "main"},
        wants={"target_commitish": "main"},
    )
    yield missing
    yield Correction(
        name="no-tag-other-tag",
        error="TagNotFoundError",
        fix="correct `tag`",
        place="plan/errors.py:TagNotFoundError",
        first={"tag": "v9"},
        second={"tag": "v1"},
    )
    for name, target in (
        ("short-id", NEXT[:8]),
        ("tag", "v0"),
        ("pull", "refs/pull/7/merge"),
    ):
        yield Correction(
            name=f"target-{name}",
            error="TargetNotFoundError",
            fix="set `target` to a branch or commit",
            repository={
                "tags": [{"name": "v0", "sha": NEXT}],
                "references": [{"name": "pull/7/merge", "sha": NEXT}],
            },
            first={"tag": "v9", "target": "mian"},
            second={"tag": "v9", "target": target},
            wants={"target_commitish": NEXT},
        )
    of_job = Mark(files=set_id(["b.zip"]), run="7-1", given=frozenset({"target"}))
    yield Correction(
        name="targets-of-two-jobs",
        place="plan/errors.py:TargetsDifferError",
        error="TargetsDifferError",
        fix="give all jobs the same `target`",
        run="7-1",
        repository={
            "branches": [{"name": "next", "sha": NEXT}],
            "releases": [
                {
                    "tag": "v9",
                    "draft": True,
                    "target_commitish": "main",
                    "body": marked_notes("", of_job),
                }
            ],
        },
        first={"tag": "v9", "target": "next", "expect": "a.zip"},
        second={"tag": "v9", "target": "main", "expect": "a.zip"},
    )
    yield Correction(
        name="tag-that-the-rules-protect",
        error="ValidationFailedError",
        fix="push the tag before this step",
        repository={"protected_tags": ["v*"]},
        repository_then={"tags": [{"name": "v9", "sha": NEXT}]},
        first={"tag": "v9", "target": "main"},
        second={"tag": "v9", "target": NEXT},
        writes_first=True,  # GitHub refuses to create the draft
    )
    yield Correction(
        name="target-that-changes-workflows",
        place="publish/permission.py:missing_permission",
        error="NotWritableError",
        fix="push the tag instead",
        repository={"branches": [{"name": "flow", "sha": NEXT, "changes_workflows": True}]},
        repository_then={"tags": [{"name": "v9", "sha": NEXT}]},
        settings={"workflow_refusal": 404, "workflow_refusal_at": "publish"},
        first={"tag": "v9", "target": "flow"},
        second={"tag": "v9"},
        writes_first=True,  # GitHub refuses the request that publishes
    )


def _of_releases() -> Iterator[Correction]:
    yield Correction(
        name="create",
        place="publish/remote_facts.py:read_remote_facts",
        error="ReleaseNotFoundError",
        fix="set `create: true`",
        first={"create": "false"},
        second={"create": "true"},
    )
    yield Correction(
        name="release-exists",
        place="plan/errors.py:ReleaseExistsError",
        error="ReleaseExistsError",
        fix="set `if-release-exists: use`",
        repository=_public(),
        first={"if-release-exists": "error"},
        second={"if-release-exists": "use"},
    )
    yield Correction(
        name="release-not-changed",
        error="",
        fix="set `if-release-exists: update`",
        repository=_public(name="Old"),
        first={"title": "New"},
        second={"title": "New", "if-release-exists": "update"},
        wants={"name": "New"},
        writes_first=True,
    )
    yield Correction(
        name="immutable",
        place="plan/errors.py:ImmutableReleaseError",
        error="ImmutableReleaseError",
        fix="publish under a new tag",
        repository=_public(immutable=True),
        first={},
        second={"tag": "v2", "target": "main"},
    )
    yield Correction(
        name="release-id-gone",
        place="publish/release_lookup.py:_no_such_id",
        error="ReleaseNotFoundError",
        fix="correct `release-id`",
        repository=_public(),
        first={"release-id": "987654321", "tag": ""},
        second={"release-id": "{id}", "tag": ""},
    )
    yield Correction(
        name="release-id-and-tag",
        place="publish/release_lookup.py:_check_tag",
        error="ContradictionError",
        fix="or correct one of them",
        repository=_public(),
        first={"release-id": "{id}", "tag": "v2"},
        second={"release-id": "{id}", "tag": "v1"},
    )
    yield Correction(
        name="release-id-or-tag",
        place="publish/release_lookup.py:_check_tag",
        error="ContradictionError",
        fix="remove `tag` or `release-id`",
        repository=_public(),
        first={"release-id": "{id}", "tag": "v2"},
        second={"tag": "v2", "target": "main"},
    )
    yield Correction(
        name="untagged-draft",
        place="plan/errors.py:UntaggedReleaseError",
        error="UntaggedReleaseError",
        fix="set `tag` in addition to `release-id`",
        repository={"releases": [{"tag": "untagged-0123456789abcdef0123", "draft": True}]},
        first={"release-id": "{id}", "tag": "", "publish": "always"},
        second={"release-id": "{id}", "tag": "v1", "publish": "always"},
    )
    yield Correction(
        name="discussion-category",
        place="github/decode_errors.py:_not_found",
        error="ValidationFailedError",
        fix="set `discussion-category`",
        repository={"discussion_categories": ["Announcements"]},
        first={"discussion-category": "Anouncements"},
        second={"discussion-category": "Announcements"},
        writes_first=True,
    )


def _of_assets() -> Iterator[Correction]:
    for word, content in (("true", NEW), ("skip", OLD)):
        yield Correction(
            name=f"overwrite-{word}",
            place="plan/errors.py:AssetExistsError",
            error="AssetExistsError",
            fix=f"`overwrite: {word}`",
            repository=_existing(),
            first={},
            second={"overwrite": word},
            holds={"a.zip": content},
        )
    yield Correction(
        name="verify-download",
        place="plan/errors.py:AssetExistsError",
        error="AssetExistsError",
        fix="set `verify: download`",
        repository=_existing(text=NEW),
        settings={"digests": False},
        first={},
        second={"verify": "download"},
    )
    clash = Correction(
        name="case-clash-overwrite",
        place="plan/errors.py:CaseClashError",
        error="CaseClashError",
        fix="set `overwrite: true`",
        repository=_existing("A.zip"),
        first={},
        second={"overwrite": "true"},
    )
    yield clash
    yield Correction(
        name="case-clash-rename",
        error="CaseClashError",
        fix="rename the file",
        repository=_existing("A.zip", NEW),
        first={},
        second={"files": "dist/a.zip => A.zip"},
        holds={"A.zip": NEW},
    )
    yield Correction(
        name="no-files",
        place="files/errors.py:NoFilesError",
        error="NoFilesError",
        fix="correct the pattern, or set `if-no-files-found: warn`",
        first={"files": "dist/*\nnone/*"},
        second={"files": "dist/*\nnone/*", "if-no-files-found": "warn"},
    )
    yield Correction(
        name="two-files-with-one-name",
        place="files/errors.py:NameClashError",
        error="NameClashError",
        fix="` in `files`",
        files={"dist/a.zip": NEW, "other/a.zip": OLD},
        first={"files": "dist/*\nother/*"},
        second={"files": "dist/*\nother/* => b.zip"},
        holds={"a.zip": NEW, "b.zip": OLD},
    )
    yield Correction(
        name="two-files-that-differ-in-case",
        place="files/errors.py:NameClashError",
        error="NameClashError",
        fix="` in `files`",
        files={"dist/a.zip": NEW, "other/A.zip": OLD},
        first={"files": "dist/*\nother/*"},
        second={"files": "dist/*\nother/* => b.zip"},
        holds={"a.zip": NEW, "b.zip": OLD},
    )
    yield Correction(
        name="unknown-state",
        place="plan/errors.py:UnknownStateError",
        error="UnknownStateError",
        fix="set `overwrite: true`",
        repository=_public(assets=[{"name": "a.zip", "text": "old", "state": "open"}]),
        first={},
        second={"overwrite": "true"},
    )
    full = {f"{number}.txt": b"x" for number in range(999)}
    yield Correction(
        name="too-many-assets",
        error="TooManyAssetsError",
        fix="publish fewer files",
        repository=_public(assets=[{"name": name, "text": "x"} for name in full]),
        files={"dist/a.zip": NEW, "dist/b.zip": OLD},
        first={},
        second={"files": "dist/a.zip"},
        holds=full | {"a.zip": NEW},
    )


def _of_inputs() -> Iterator[Correction]:
    previous = {"previous-tag": "v0"}
    for name, second in (
        ("generate-notes", {"generate-notes": "true", "previous-tag": "v1"}),
        ("previous-tag", {}),
    ):
        yield Correction(
            name=f"lone-previous-tag-{name}",
            place="inputs/reader.py:check_previous_tag",
            error="ContradictionError",
            fix="set `generate-notes: true`, or remove `previous-tag`",
            first=previous,
            second=second,
        )
    yield Correction(
        name="files-missing",
        place="inputs/reader.py:_report_missing_files",
        error="MissingInputError",
        fix="`publish: always`",
        first={"files": ""},
        second={"files": "", "publish": "always"},
        holds={},
    )
    yield Correction(
        name="files-missing-manifest",
        place="inputs/reader.py:_report_missing_files",
        error="MissingInputError",
        fix="`manifest`",
        first={"files": ""},
        second={"files": "", "manifest": "- {path: dist/a.zip}"},
    )
    yield Correction(
        name="tag-missing",
        place="inputs/reader.py:release",
        error="MissingInputError",
        fix="set `tag`",
        first={"tag": ""},
        second={"tag": "v1"},
    )
    yield Correction(
        name="tag-missing-release-id",
        place="inputs/reader.py:release",
        error="MissingInputError",
        fix="`release-id`",
        repository=_public(),
        first={"tag": ""},
        second={"tag": "", "release-id": "{id}"},
    )
    for name, wrong, right in WORDS:
        wants = WANTED.get(name, {})
        yield Correction(
            name=f"input-{name}",
            place=f"input {name}",
            error="InputError",
            fix="use ",
            first={name: wrong},
            second={name: right},
            wants=wants,
            holds=HELD.get(name, {"a.zip": NEW}),
            is_draft=name == "publish",
        )
    yield Correction(
        name="latest-prerelease",
        error="ContradictionError",
        fix="remove one of them",
        first={"prerelease": "true", "make-latest": "true"},
        second={"prerelease": "true"},
        wants={"prerelease": True},
    )
    for name, error, broken, fixed in (
        ("notes-file", "InputFileError", "none.md", "notes.md"),
        (
            "manifest",
            "ManifestError",
            "- {path: dist/a.zip, lable: x}",
            "- {path: dist/a.zip}",
        ),
    ):
        yield Correction(
            name=name,
            error=error,
            fix="",
            files={"dist/a.zip": NEW, "notes.md": b"Notes"},
            first={name: broken},
            second={name: fixed},
        )
    yield Correction(
        name="lone-notes-file",
        error="ContradictionError",
        fix="remove one of them",
        files={"dist/a.zip": NEW, "notes.md": b"Notes"},
        first={"notes": "Notes", "notes-file": "notes.md"},
        second={"notes-file": "notes.md"},
        wants={"body": "Notes"},
    )

    generated = {"generate-notes": "true"}
    for name, first, second in (
        ("release-id", {"release-id": "none", "tag": ""}, {"release-id": "{id}", "tag": ""}),
        ("previous-tag", generated | {"previous-tag": "a b"}, generated | {"previous-tag": "v1"}),
        (
            "working-directory",
            {"working-directory": "none", "files": "a.zip"},
            {"working-directory": "dist", "files": "a.zip"},
        ),
        ("ca-bundle", {"ca-bundle": "-----BEGIN x"}, {"ca-bundle": "{certificate}"}),
    ):
        yield Correction(
            name=f"input-{name}",
            place=f"input {name}",
            error="InputError",
            fix="use ",
            repository=_public() if name == "release-id" else {},
            files={"dist/a.zip": NEW, "notes.md": b"Notes"},
            first=first,
            second=second,
        )
    yield Correction(
        name="previous-tag-unknown",
        error="GitHubError",
        fix="correct `previous-tag`",
        first=generated | {"previous-tag": "v0"},
        second=generated | {"previous-tag": "v1"},
        writes_first=True,  # the notes are requested with a POST, which changes nothing
    )
    yield Correction(
        name="files-of-one-job-of-two",
        error="NoFilesError",
        fix="correct the pattern",
        first={"files": "dist/*.tar"},
        second={"files": "dist/*.zip"},
    )


def _of_unfinished_runs() -> Iterator[Correction]:
    """Yield runs that leave a draft, because they fail or because the inputs request one."""
    breaks = {"do": "status", "status": 422, "match": {"origin": "uploads"}, "times": None}
    yield Correction(
        name="all-fields-after-a-break",
        error="ValidationFailedError",
        fix="run again",
        faults=(breaks,),
        first={"title": "Old", "notes": "Old"},
        second={"title": "New", "notes": "New", "prerelease": "true"},
        wants={"name": "New", "body": "New", "prerelease": True},
        writes_first=True,
    )
    yield Correction(
        name="target-after-a-break",
        error="ValidationFailedError",
        fix="run again",
        faults=(breaks,),
        repository={"branches": [{"name": "next", "sha": NEXT}]},
        first={"tag": "v9", "target": "main"},
        second={"tag": "v9", "target": "next"},
        wants={"target_commitish": "next"},
        writes_first=True,
    )
    yield Correction(
        name="expect",
        error="",
        fix="correct `expect`",
        first={"publish": "always", "expect": "b.zip"},
        second={"publish": "always", "expect": "a.zip"},
        writes_first=True,
    )
    yield Correction(
        name="draft-of-another",
        error="",
        fix="set `publish: always`",
        repository=_public(draft=True),
        first={},
        second={"publish": "always"},
        writes_first=True,
    )
    for taken in ("fresh", "swap"):
        yield Correction(
            name=f"name-taken-{taken}",
            place="github/decode_errors.py:_invalid" if taken == "fresh" else "",
            error="AssetExistsError",
            fix="set `overwrite: true`",
            repository=_existing() if taken == "swap" else _public(),
            faults=()
            if taken == "swap"
            else (
                {
                    "do": "interfere",
                    "when": "before",
                    "match": {"origin": "uploads"},
                    "actions": [{"do": "upload", "name": "a.zip", "text": "other"}],
                },
            ),
            first={},
            second={"overwrite": "true"},
            writes_first=True,
        )


def _of_access() -> Iterator[Correction]:
    yield Correction(
        name="token-unknown",
        place="github/decode_errors.py:error_of",
        error="BadCredentialsError",
        fix="`token`",
        first={"token": "ghp_unknown"},
        second={},
    )
    yield Correction(
        name="repository-unknown",
        place="github/decode_errors.py:_not_found",
        error="NotFoundError",
        fix="correct `repository`",
        first={"repository": "octo-org/gone"},
        second={},
    )
    yield Correction(
        name="token-without-rights",
        place="github/errors.py:PERMISSION_FIX",
        error="PermissionDeniedError",
        fix="pass a `token`",
        first={"token": "{read}"},
        second={},
        writes_first=True,  # GitHub refuses the first write
    )
    yield Correction(
        name="limited",
        place="github/decode_errors.py:_retryable",
        error="RateLimitedError",
        fix="a smaller `concurrency`",
        repository=_public(),
        faults=({"do": "secondary-limit", "match": {"origin": "uploads"}, "times": None},),
        first={"concurrency": "4"},
        second={"concurrency": "1"},
        writes_first=True,
    )
