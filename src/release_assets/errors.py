"""Everything the user can act on. Pure."""

from collections.abc import Mapping, Sequence

PERMISSION_FIX = (
    "give the job `permissions: contents: write`, or pass a `token` that may write releases"
)


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


class Faults(ReleaseAssetsError):  # noqa: N818 - it is a collection of errors
    """Several errors, told at once."""

    title = "Several problems"

    def __init__(self, faults: Sequence[ReleaseAssetsError]) -> None:
        self.faults = tuple(faults)
        titles = {fault.title for fault in faults}
        self.title = titles.pop() if len(titles) == 1 else f"{len(faults)} problems"
        super().__init__("\n".join(f"- {fault}" for fault in faults))


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


class ContradictionError(ReleaseAssetsError):
    """Two inputs that cannot both be meant."""

    title = "Contradicting inputs"


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


# The release


class ReleaseNotFoundError(ReleaseAssetsError):
    """There is no such release."""

    title = "Release not found"


class TagNotFoundError(ReleaseAssetsError):
    """There is no such git tag, and none may be made."""

    title = "Tag not found"

    def __init__(self, tag: str, repository: str) -> None:
        super().__init__(
            f"there is no release and no git tag `{tag}`",
            where=repository,
            fix="push the tag first, correct `tag`, or set `target` to create the tag there",
        )


class MovedError(ReleaseAssetsError):
    """Another draft of the tag turned out to be the one that all jobs go on with."""

    title = "Two drafts"

    def __init__(self, ours: int, theirs: int, tag: str, url: str) -> None:
        super().__init__(
            f"`{tag}` has several drafts, and {theirs} is the one to go on with, not {ours}",
            where=url,
            fix="delete all drafts of the tag but one, and run the job again",
        )


class ImmutableReleaseError(ReleaseAssetsError):
    """The release is locked."""

    title = "Release is immutable"

    def __init__(self, tag: str, url: str) -> None:
        super().__init__(
            f"the release `{tag}` is immutable: its assets can no longer be changed",
            where=url,
            fix="publish under a new tag; with immutable releases attach all files to a draft, "
            "and make it public last (`publish`, `expect`)",
        )


class TooManyAssetsError(ReleaseAssetsError):
    """More assets than a release can hold."""

    title = "Too many assets"

    def __init__(self, count: int, limit: int, *, swap: bool) -> None:
        extra = ", with one place needed for a swap" if swap else ""
        super().__init__(
            f"the release would hold {count} assets{extra}; GitHub allows {limit}",
            fix="publish fewer files (pack some into an archive), or delete old assets",
        )


class AssetExistsError(ReleaseAssetsError):
    """The release has an asset of this name that is not known to be this file."""

    title = "Asset exists"

    def __init__(self, path: str, name: str, url: str, *, known: bool) -> None:
        content = "other content" if known else "content of unknown digest"
        fix = "set `overwrite: true` to swap it, `overwrite: skip` to leave it, or rename the file"
        if not known:
            fix = f"set `verify: download` to compare the content, {fix}"
        super().__init__(f"{path}: an asset `{name}` exists, with {content}", where=url, fix=fix)


class UnclearAssetError(ReleaseAssetsError):
    """The release has an asset of this name that is neither complete nor surely empty."""

    title = "Asset in an unknown state"

    def __init__(
        self, path: str, name: str, state: str, url: str, *, aside: str | None = None
    ) -> None:
        """aside: the name of what it once was to replace, and what is kept for its sake."""
        fix = "run again when GitHub is done with it, "
        if aside is None:
            fix += "set `overwrite: true` to swap it, `overwrite: skip` to leave it, "
            fix += "or rename the file"
        else:
            fix += f"or delete it by hand; older content of this name is kept as `{aside}`"
        super().__init__(
            f"{path}: an asset `{name}` exists, in the state `{state}`: it may hold anything",
            where=url,
            fix=fix,
        )


class CaseClashError(ReleaseAssetsError):
    """The release has an asset whose name differs in case only."""

    title = "Asset exists"

    def __init__(self, path: str, name: str, existing: str) -> None:
        super().__init__(
            f"{path}: the asset `{name}` would differ only in case from `{existing}`",
            fix=f"rename the file, with `{path} => {existing}`, or set `overwrite: true`",
        )


class NoAssetsError(ReleaseAssetsError):
    """A name or pattern matched no asset."""

    title = "No assets matched"

    def __init__(self, pattern: str, url: str) -> None:
        super().__init__(
            f"no asset matches `{pattern}`",
            where=url,
            fix="correct the name or pattern; `release-assets list` shows what is there",
        )


class AssetRefusedError(ReleaseAssetsError):
    """An asset that cannot be fetched, changed or deleted as it stands."""

    title = "Asset cannot be taken"


class FileInTheWayError(ReleaseAssetsError):
    """A file on the disk stands where a download is to stand."""

    title = "File exists"


class FileNotWrittenError(ReleaseAssetsError):
    """A download could not be put on the disk."""

    title = "File not written"


class NotBegunError(ReleaseAssetsError):
    """A file that was not sent because an error before it made it pointless."""

    title = "Not begun"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was not sent", fix="mend the first error, and run again to send the rest"
        )


class CancelledRunError(ReleaseAssetsError):
    """The run was told to end."""

    title = "Cancelled"

    def __init__(self) -> None:
        super().__init__(
            "the run was cancelled before all was done",
            fix="run the job again: what is up is not sent again, what was begun is finished",
        )


# GitHub


class GitHubError(ReleaseAssetsError):
    """GitHub refused, failed or could not be reached."""

    title = "GitHub refused"

    def __init__(
        self, what: str, *, where: str = "", fix: str = "", status: int | None = None
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.status = status


class NotFoundError(GitHubError):
    """404: it does not exist, or the token may not see it."""

    title = "Not found"


class BadCredentialsError(GitHubError):
    """401: the token is not valid."""

    title = "Token refused"


class PermissionDeniedError(GitHubError):
    """403: the token may not do this."""

    title = "Permission missing"


class NotWritableError(NotFoundError):
    """404 on a write: it is gone, or the token may not write it."""

    title = "Permission missing"


class ValidationFailedError(GitHubError):
    """422: GitHub does not accept what was asked."""

    title = "GitHub refused"


class NameTakenError(ValidationFailedError):
    """422 `already_exists`: an asset of that name is there."""

    title = "Asset exists"


class LockedError(ValidationFailedError):
    """422: the release is immutable."""

    title = "Release is immutable"


class TransientError(GitHubError):
    """It may well work the next time: what became of the request is not known."""

    title = "GitHub failed"
    wait_seconds: float | None = 0.0  # before the next try; None: longer than anyone should wait
    headers: Mapping[str, str] | None = None  # of the answer, names in lower case
    final: bool = False  # whether it was tried as often as it may be


class RateLimitedError(TransientError):
    """403 or 429: GitHub says to slow down. It has done nothing of what was asked."""

    title = "Rate limited"


class UnreachableError(TransientError):
    """No answer came."""

    title = "GitHub could not be reached"


class UnexpectedAnswerError(TransientError):
    """An answer that is not what the documentation says."""

    title = "Unexpected answer"


class CertificateError(GitHubError):
    """The server's certificate is not trusted."""

    title = "Certificate not trusted"


class VerificationFailedError(TransientError):
    """What arrived is not what was sent."""

    title = "Verification failed"
