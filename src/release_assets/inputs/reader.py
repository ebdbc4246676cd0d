"""The inputs that are more than a word, a number or a line: patterns, release, repository. Pure."""

import re
from dataclasses import dataclass

from release_assets.inputs.errors import ContradictionError, InputError, MissingInputError
from release_assets.inputs.paths import Mounts, in_container
from release_assets.inputs.values import Reader
from release_assets.names import asset_name, is_untagged, parse_swap_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One line of `files`."""

    text: str
    rename: str | None = None  # the asset name wanted for its single match


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What surrounds a run: where GitHub is, and what the event says of the release."""

    api_url: str
    workspace: str
    ref: str = ""  # refs/tags/v1, for a pushed tag
    event_release_id: int | None = None
    event_tag: str | None = None
    run: str = ""  # id and attempt of the workflow run, which all its jobs share
    seen: Mounts = ()  # in a container: what it sees of the runner's machine


_REPOSITORY = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9_-]*))/([A-Za-z0-9._-]+)")
# What git refuses in a ref name; and what is no UTF-8, which GitHub refuses.
# Source: https://git-scm.com/docs/git-check-ref-format
_BAD_TAG = re.compile(
    r"[\x00-\x20\x7f\ud800-\udfff~^:?*\[\\]|\.\.|@\{|//|^/|/$|\.$|\.lock$|\.lock/|^\.|/\.|^-|^@$"
)
_WILD = re.compile(r"[*?\[\]{}!|\\]")  # what means something in a pattern
_RENAME = re.compile(r"(?:^|\s+)=>\s*")


class InputReader(Reader):
    """Reads what is more than a word, a number or a line."""

    def patterns(self, seen: Mounts) -> tuple[tuple[Pattern, ...], tuple[str, ...]]:
        """Read `files`: what to take, and what to leave out."""
        patterns: list[Pattern] = []
        excludes: list[str] = []
        for line in self.lines("files"):
            if line.startswith("!"):
                self._check_exclude(line)
                excludes.append(in_container(line[1:].strip(), seen))
                continue
            text, *rename = _RENAME.split(line, maxsplit=1)
            if not text:
                self.faults.append(InputError("files", line, "a pattern before `=>`"))
            elif rename and not rename[0]:
                self.faults.append(InputError("files", line, "a name after `=>`"))
            elif rename and "/" in rename[0]:
                self.faults.append(InputError("files", line, "a name without `/` after `=>`"))
            patterns.append(
                Pattern(text=in_container(text, seen), rename=rename[0] if rename else None)
            )
        without_files = self.text("publish") in {"always", "never"} and not excludes
        if not patterns and not self.text("manifest") and not without_files:
            self.faults.append(
                MissingInputError(
                    "files",
                    "name the files to publish, one pattern a line, or set `manifest`; without "
                    "files, set `publish: always` for a public release, `publish: never` for a draft",
                )
            )
        return tuple(patterns), tuple(excludes)

    def _check_exclude(self, line: str) -> None:
        if not line[1:].strip():
            self.faults.append(InputError("files", line, "a pattern after `!`"))
        if _RENAME.search(line):
            self.faults.append(InputError("files", line, "either `!` or `=>`, not both"))

    def release(self, job: Job) -> tuple[str | None, int | None]:
        """Say which release is meant: `tag` or `release-id`, else what the event names."""
        tag = self._tag()
        release_id = self._release_id()
        if tag is None and release_id is None:
            if job.event_release_id is not None:
                return job.event_tag, job.event_release_id
            if job.ref.startswith("refs/tags/"):
                return job.ref.removeprefix("refs/tags/"), None
            if not self.text("tag") and not self.text("release-id"):
                self.faults.append(
                    MissingInputError(
                        "tag", "set `tag` or `release-id`, or run on a pushed tag or a release"
                    )
                )
        return tag, release_id

    def _tag(self) -> str | None:
        value = self.text("tag")
        if not value:
            return None
        tag = value.removeprefix("refs/tags/")
        if is_untagged(tag):
            self.faults.append(
                InputError("tag", value, "a tag: GitHub gives this name to drafts without one")
            )
        if value.startswith("refs/") and not value.startswith("refs/tags/"):
            self.faults.append(InputError("tag", value, "a tag: `v1` or `refs/tags/v1`"))
        elif not tag or _BAD_TAG.search(tag):
            self.faults.append(InputError("tag", value, "a name that git accepts for a tag"))
        return tag

    def previous_tag(self) -> str:
        """Read the tag that generated notes begin at."""
        tag = self.text("previous-tag").removeprefix("refs/tags/")
        if tag and _BAD_TAG.search(tag):
            self.faults.append(InputError("previous-tag", tag, "a name that git accepts for a tag"))
        return tag

    def check_previous_tag(self) -> None:
        """Refuse the tag that generated notes begin at where no notes are generated."""
        if self.text("previous-tag") and self.text("generate-notes") != "true":
            self.faults.append(
                ContradictionError(
                    "`previous-tag` is given, and `generate-notes` is not `true`",
                    fix="set `generate-notes: true`, or leave `previous-tag` out",
                )
            )

    def _release_id(self) -> int | None:
        value = self.text("release-id")
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", value, re.ASCII) or int(value) == 0:
            self.faults.append(InputError("release-id", value, "the number of a release"))
            return None
        return int(value)

    def repository(self) -> tuple[str, str]:
        """Read the owner and the name of the repository."""
        value = self.text("repository")
        if not value:
            self.faults.append(MissingInputError("repository", "give `owner/name`"))
            return "", ""
        match = _REPOSITORY.fullmatch(value)
        if match is None or match[2] in {".", ".."}:
            self.faults.append(InputError("repository", value, "`owner/name`"))
            return "", ""
        return match[1], match[2]

    def token(self) -> str:
        """Read the token."""
        token = self.text("token")
        if not token:
            self.faults.append(
                MissingInputError(
                    "token",
                    "leave it out to use the job's own, or check that its secret exists (jobs of "
                    "forks are given none)",
                )
            )
        elif not re.fullmatch(r"[\x21-\x7e]+", token):
            # The value is not shown: most of it may be a real token.
            self.faults.append(InputError("token", "***", "a token alone: one line, no blanks"))
        return token

    def list_name(self, name: str) -> str:
        """Read the name of the list that this program makes itself."""
        value = self.text(name)
        if asset_name(value) != value or parse_swap_name(value):
            accepted = "a name of letters, digits, `-`, `_`, `+`, `@`, and `.` inside"
            self.faults.append(InputError(name, value, accepted))
        return value

    def expected(self) -> tuple[str, ...]:
        """Read `expect`; a name that no asset can ever have would keep the release a draft."""
        lines = self.lines("expect")
        for line in lines:
            will_be = line if _WILD.search(line) else asset_name(line)
            if "/" in line:
                self.faults.append(InputError("expect", line, "a name of an asset, without `/`"))
            elif parse_swap_name(line):
                self.faults.append(InputError("expect", line, "a name that no swap uses"))
            elif will_be != line:
                accepted = f"`{will_be}`, as GitHub will call it"
                self.faults.append(InputError("expect", line, accepted))
        return lines

    def check_latest_prerelease(self) -> None:
        """Refuse what GitHub does: a prerelease that is to be the latest release.

        Source: https://docs.github.com/en/rest/releases/releases#update-a-release (`make_latest`)
        """
        if self.text("prerelease") == "true" and self.text("make-latest") == "true":
            self.faults.append(
                ContradictionError(
                    "`prerelease` and `make-latest` are both true, and GitHub takes no prerelease "
                    "for the latest release",
                    fix="leave one of them out",
                )
            )
