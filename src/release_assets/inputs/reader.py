"""Reads the inputs that have a format of their own: patterns, release, repository, token. Pure."""

import re
from collections.abc import Mapping

from release_assets.errors import ReleaseAssetsError
from release_assets.inputs.errors import ContradictionError, InputError, MissingInputError
from release_assets.inputs.paths import Mounts, in_container
from release_assets.inputs.values import ValueReader
from release_assets.light_dataclasses import dataclass
from release_assets.names import asset_name, is_tag_name, is_untagged, parse_swap_name
from release_assets.wording import Wording, words


@dataclass(frozen=True, kw_only=True)
class FilePattern:
    """One line of `files`."""

    text: str
    rename: str | None = None  # asset name for the single match
    label: str | None = None  # of the assets of all matches


@dataclass(frozen=True, kw_only=True)
class Job:
    """The context of a run: the API, the workspace, and the release that the event names."""

    api_url: str
    workspace: str
    ref: str = ""  # refs/tags/v1, for a pushed tag
    event_release_id: int | None = None
    event_tag: str | None = None
    run: str = ""  # id and attempt of the workflow run; the same for all its jobs
    mounts: Mounts = ()  # of the container; empty outside of one


_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/([A-Za-z0-9._-]+)")
_TAG_RULES = "a tag name that git allows, without spaces, `..` or any of `~^:?*[\\`"
_WILDCARD = re.compile(r"[*?\[\]{}!|\\]")
_RENAME = re.compile(r"(?:^|\s+)=>\s*")


NOTHING_MISSING: Mapping[str, ReleaseAssetsError] = {}


class InputReader(ValueReader):
    """Reads the inputs that have a format of their own."""

    def __init__(
        self,
        values: Mapping[str, str],
        missing: Mapping[str, ReleaseAssetsError] = NOTHING_MISSING,
    ) -> None:
        """missing: what to report when an input is missing, instead of a MissingInputError."""
        super().__init__(values)
        self._missing = missing

    def _report_missing(self, name: str, fix: str, what: str = "") -> None:
        self.errors.append(self._missing.get(name) or MissingInputError(name, fix, what))

    def patterns(self, mounts: Mounts) -> tuple[tuple[FilePattern, ...], tuple[str, ...]]:
        """Read `files`: the patterns of files to publish, and the patterns that exclude files."""
        patterns: list[FilePattern] = []
        excludes: list[str] = []
        for line in self.lines("files"):
            if line.startswith("!"):
                excludes.append(self._exclude(line, mounts))
            else:
                patterns.append(self._pattern(line, mounts))
        may_have_no_files = self.text("publish") in {"always", "never"} and not excludes
        if not patterns and not self.text("manifest") and not may_have_no_files:
            self._report_missing_files()
        return tuple(patterns), tuple(excludes)

    def _pattern(self, line: str, mounts: Mounts) -> FilePattern:
        text, *rename = _RENAME.split(line, maxsplit=1)
        if not text:
            self.errors.append(InputError("files", line, "a pattern before `=>`"))
        elif rename and not rename[0]:
            self.errors.append(InputError("files", line, "a name after `=>`"))
        elif rename and "/" in rename[0]:
            self.errors.append(InputError("files", line, "a name without `/` after `=>`"))
        return FilePattern(text=in_container(text, mounts), rename=rename[0] if rename else None)

    def _report_missing_files(self) -> None:
        self._report_missing(
            "files",
            words(
                "name the files to publish{}, or set {manifest}; without files, set {publish: "
                "always} for a public release, {publish: never} for a draft",
                Wording(", one pattern per line", ""),
            ),
        )

    def _exclude(self, line: str, mounts: Mounts) -> str:
        if not line[1:].strip():
            self.errors.append(InputError("files", line, "a pattern after `!`"))
        if _RENAME.search(line):
            self.errors.append(InputError("files", line, "either `!` or `=>`, not both"))
        return in_container(line[1:].strip(), mounts)

    def release(self, job: Job, *, is_required: bool) -> tuple[str | None, int | None]:
        """Read the tag and the id of the release; without either input, take those of the event.

        is_required: whether to report it when neither is known.
        """
        tag = self._tag()
        release_id = self._release_id()
        if tag is None and release_id is None:
            if job.event_release_id is not None:
                return job.event_tag, job.event_release_id
            if job.ref.startswith("refs/tags/"):
                return job.ref.removeprefix("refs/tags/"), None
            if is_required and not self.text("tag") and not self.text("release-id"):
                ref = f"`{job.ref}`, which is not a tag" if job.ref else "no tag"
                self._report_missing(
                    "tag",
                    words(
                        "set {tag} or {release-id}, or run the workflow when a tag is pushed "
                        "(`on: push: tags:`)"
                    ),
                    words("{tag} is not set, and the workflow runs for {}", ref),
                )
        return tag, release_id

    def _tag(self) -> str | None:
        value = self.text("tag")
        if not value:
            return None
        tag = value.removeprefix("refs/tags/")
        if is_untagged(tag):
            self.errors.append(
                InputError(
                    "tag", value, "another tag; GitHub gives this name to drafts without a tag"
                )
            )
        if value.startswith("refs/") and not value.startswith("refs/tags/"):
            kind = "; this is a branch" if value.startswith("refs/heads/") else ""
            self.errors.append(InputError("tag", value, f"a tag, such as `v1.0.0`{kind}"))
        elif not is_tag_name(tag):
            self.errors.append(InputError("tag", value, _TAG_RULES))
        return tag

    def previous_tag(self) -> str:
        """Read the tag at which generated notes begin."""
        tag = self.text("previous-tag").removeprefix("refs/tags/")
        if tag and not is_tag_name(tag):
            self.errors.append(InputError("previous-tag", tag, _TAG_RULES))
        return tag

    def check_previous_tag(self) -> None:
        """Refuse `previous-tag` when no notes are generated."""
        if self.text("previous-tag") and self.text("generate-notes") != "true":
            self.errors.append(
                ContradictionError(
                    words("{previous-tag} is set, but {generate-notes} is not `true`"),
                    fix=words("set {generate-notes: true}, or remove {previous-tag}"),
                )
            )

    def _release_id(self) -> int | None:
        value = self.text("release-id")
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", value, re.ASCII) or int(value) == 0:
            self.errors.append(
                InputError("release-id", value, "the ID of a release, which is a number")
            )
            return None
        return int(value)

    def repository(self) -> str:
        """Read the repository, `owner/name`."""
        value = self.text("repository")
        match = _REPOSITORY.fullmatch(value)
        if not value:
            self._report_missing("repository", "give `owner/name`")
        elif match is None or match[1] in {".", ".."}:
            self.errors.append(InputError("repository", value, "`owner/name`"))
        return value

    def token(self) -> str:
        """Read the token."""
        token = self.text("token")
        if not token:
            self._report_missing(
                "token",
                "remove it to use the job's own token, or check that its secret exists (pull requests "
                "from forks get no secrets)",
            )
        elif not re.fullmatch(r"[\x21-\x7e]+", token):
            # Hide the value: it may contain a real token.
            self.errors.append(
                InputError("token", "***", "the token alone, on one line and without spaces")
            )
        return token

    def checksums_name(self, name: str) -> str:
        """Read the name of the asset with the checksums."""
        value = self.text(name)
        if asset_name(value) != value or parse_swap_name(value):
            accepted = "a name of letters, digits, `-`, `_`, `+`, `@`, and `.` between them"
            self.errors.append(InputError(name, value, accepted))
        return value

    def expected(self) -> tuple[str, ...]:
        """Read `expect`; refuse names that no asset can have: the draft would never be published."""
        lines = self.lines("expect")
        for line in lines:
            final_name = line if _WILDCARD.search(line) else asset_name(line)
            if "/" in line:
                self.errors.append(InputError("expect", line, "the name of an asset, without `/`"))
            elif parse_swap_name(line):
                self.errors.append(
                    InputError("expect", line, "another name; a swap uses such names for a moment")
                )
            elif final_name != line:
                accepted = f"`{final_name}`, as GitHub will call it"
                self.errors.append(InputError("expect", line, accepted))
        return lines

    def check_latest_prerelease(self) -> None:
        """Refuse a prerelease as the latest release, as GitHub does.

        Source: https://docs.github.com/en/rest/releases/releases#update-a-release (`make_latest`)
        """
        if self.text("prerelease") == "true" and self.text("make-latest") == "true":
            self.errors.append(
                ContradictionError(
                    words(
                        "{prerelease} and {make-latest} are both true, but a prerelease cannot be the "
                        "latest release"
                    ),
                    fix="remove one of them",
                )
            )
