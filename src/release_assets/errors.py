"""What the user can act on: inputs, files, the run. Pure."""

import re
from collections.abc import Sequence

_BRACES = re.compile(r"\{[^{}]*\}")


class ReleaseAssetsError(Exception):
    """What happened, where, and what to do next.

    Every subclass has a `title` of its own, by which the documentation finds it.
    """

    title = "Publishing failed"

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        text = self.what
        if self.where:
            text += f" ({self.where})"
        if self.fix:
            text += f". To fix: {self.fix}"
        return text


class CombinedError(ReleaseAssetsError):
    """An error made of others, which has its title from them."""

    title = "Several problems"

    def __init__(self, title: str, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.title = title


class Faults(CombinedError):  # noqa: N818 - it is a collection of errors
    """Several errors, reported at once."""

    def __init__(self, faults: Sequence[ReleaseAssetsError]) -> None:
        self.faults = tuple(faults)
        titles = {fault.title for fault in faults}
        title = titles.pop() if len(titles) == 1 else f"{len(faults)} problems"
        super().__init__(title, "\n".join(f"- {fault}" for fault in faults))


def raise_all(faults: Sequence[ReleaseAssetsError]) -> None:
    """Raise the only fault, or all of them in one; do nothing when there is none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise Faults(faults)


def each(error: ReleaseAssetsError) -> tuple[ReleaseAssetsError, ...]:
    """Return the single errors that an error is made of."""
    return error.faults if isinstance(error, Faults) else (error,)


# Inputs


class InputError(ReleaseAssetsError):
    """An input has a value that is not accepted."""

    title = "Invalid input"

    def __init__(self, name: str, value: str, accepted: str) -> None:
        shown = value if len(value) <= 80 else value[:77] + "..."
        super().__init__(f"input `{name}` is {shown!r}", fix=f"give {accepted}")


class InputFileError(InputError):
    """An input names a file whose text cannot be used."""

    title = "Invalid input"

    def __init__(self, name: str, path: str, why: str, most_bytes: int) -> None:
        ReleaseAssetsError.__init__(
            self,
            f"input `{name}` names {path!r}, which cannot be read: {why}",
            fix=f"name a readable, regular file of UTF-8 text with at most {most_bytes:,} bytes",
        )
        self.why = why


class MissingInputError(ReleaseAssetsError):
    """An input that is needed was not given."""

    title = "Missing input"

    def __init__(self, name: str, fix: str) -> None:
        super().__init__(f"input `{name}` is missing", fix=fix)


class ForeignInputError(ReleaseAssetsError):
    """An input that another action knows, and this one does not."""

    title = "Input of another action"

    def __init__(self, name: str, replacement: str) -> None:
        super().__init__(f"input `{name}` is not one of this action", fix=replacement)


class UnknownInputError(ReleaseAssetsError):
    """An input that is nearly one of this action: without it, something else would be done."""

    title = "Unknown input"

    def __init__(self, name: str, meant: str) -> None:
        super().__init__(f"input `{name}` is not one of this action", fix=f"write `{meant}`")


class ContradictionError(ReleaseAssetsError):
    """Two inputs that cannot both be meant."""

    title = "Contradicting inputs"


class VariableError(ReleaseAssetsError):
    """A variable of the environment has a value that is not accepted."""

    title = "Invalid environment variable"

    def __init__(self, name: str, value: str, why: str, fix: str) -> None:
        shown = value if len(value) <= 200 else value[:197] + "..."
        super().__init__(f"the variable `{name}` is {shown!r}{why}", fix=fix)


class ManifestError(ReleaseAssetsError):
    """The manifest is not what it should be, at a line and column."""

    title = "Invalid manifest"

    def __init__(self, what: str, line: int, column: int, fix: str) -> None:
        super().__init__(what, where=f"manifest, line {line}, column {column}", fix=fix)


class UsageError(ReleaseAssetsError):
    """A command line that cannot be carried out as it is."""

    title = "Wrong usage"


# Files


class NoFilesError(ReleaseAssetsError):
    """A pattern matched no file."""

    title = "No files matched"

    def __init__(
        self, pattern: str, base: str, *, directory: bool = False, hidden: bool = False
    ) -> None:
        if hidden:
            what = f"`{pattern}` is outside of what a container action can see"
            fix = "let the build write the file into the workspace, and name it from there"
        elif directory:
            what = f"`{pattern}` is a directory, and only files can be published"
            fix = f"write `{pattern.rstrip('/')}/*`, or `{pattern.rstrip('/')}/**` for all below"
        else:
            what = f"no file matches `{pattern}`"
            fix = (
                "check that the build made the file before this step, correct the pattern, "
                "or set `if-no-files-found: warn`"
            )
            if "," in _BRACES.sub("", pattern):
                fix = "write one pattern a line: a comma is part of a name here"
            elif "=>" in pattern:
                fix = "leave a blank before `=>`: without it, it is part of a name"
        super().__init__(what, where=f"in {base}", fix=fix)


class FileRefusedError(ReleaseAssetsError):
    """A file that cannot be published: not readable, empty, too large, not a regular file."""

    title = "File cannot be published"


class FileChangedError(ReleaseAssetsError):
    """A file that changed while it was read."""

    title = "File changed while it was read"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} changed while it was read",
            fix="let the build finish writing before this step, then run again",
        )


class NameClashError(ReleaseAssetsError):
    """Two files that GitHub would show under one name."""

    title = "Two files with one name"

    def __init__(self, name: str, paths: Sequence[str]) -> None:
        super().__init__(
            f"{' and '.join(paths)} would both be the asset `{name}`",
            fix="rename one, in `files` with `path => name`; GitHub replaces special characters "
            "by `.` and may not tell upper from lower case",
        )


class FileInTheWayError(ReleaseAssetsError):
    """A file on the disk stands where a download is to stand."""

    title = "File exists"


class FileNotWrittenError(ReleaseAssetsError):
    """A download could not be put on the disk."""

    title = "File not written"


# The run


class NoRoomError(FileNotWrittenError):
    """The disk is full: no other download fares better."""

    title = "No room on the disk"


class BugError(ReleaseAssetsError):
    """An exception that nobody foresaw."""

    title = "Bug"

    def __init__(self, error: Exception) -> None:
        # Only its kind: its text may hold anything.
        super().__init__(
            f"this is a bug in publish-release-assets ({type(error).__name__})",
            fix="please report it, with the log of a run with debug logging on",
        )


def as_errors(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the single errors that an exception is made of; a BugError of an unforeseen one."""
    return each(error) if isinstance(error, ReleaseAssetsError) else (BugError(error),)


class NotBegunError(ReleaseAssetsError):
    """A file that was left alone because an error before it made it pointless."""

    title = "Not begun"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was left alone", fix="mend the first error, and run again for the rest"
        )


class CancelledRunError(ReleaseAssetsError):
    """The run was told to end."""

    title = "Cancelled"

    def __init__(
        self,
        what: str = "the run was cancelled before all was done",
        *,
        fix: str = "run the job again: what is up is not sent again, what was begun is finished",
    ) -> None:
        super().__init__(what, fix=fix)
