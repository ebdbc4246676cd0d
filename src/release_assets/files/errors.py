"""Errors about local files. Pure."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from release_assets.errors import ReleaseAssetsError
from release_assets.wording import joined, words

_CHECK_BUILD = words(
    "check that the build made the file {BEFORE}, correct the pattern, or set "
    "{if-no-files-found: warn}"
)


class ManifestError(ReleaseAssetsError):
    """The manifest is invalid, at a line and column."""

    title = "Invalid manifest"
    is_usage = True

    def __init__(self, what: str, line: int, column: int, fix: str) -> None:
        super().__init__(what, where=f"manifest, line {line}, column {column}", fix=fix)


class NoFilesError(ReleaseAssetsError):
    """A pattern matched no file."""

    title = "No files matched"
    is_usage = True

    def __init__(self, pattern: str, base: str, *, what: str = "", fix: str = _CHECK_BUILD) -> None:
        """what: the reason, if it is known."""
        super().__init__(what or f"no file matches `{pattern}`", where=f"in {base}", fix=fix)


class FileRefusedError(ReleaseAssetsError):
    """A file cannot be published: it is unreadable, empty, too large, or not a regular file."""

    title = "File cannot be published"
    is_usage = True


class FileChangedError(ReleaseAssetsError):
    """A file changed while it was read."""

    title = "File changed while it was read"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} changed while it was read",
            fix=words("let the build finish writing {BEFORE}, then run again"),
        )


class NameClashError(ReleaseAssetsError):
    """Two files would have the same asset name."""

    title = "Two files with one name"
    is_usage = True

    def __init__(self, name: str, paths: Sequence[str], *, last: str, why: str) -> None:
        """paths: what would have the name. last: the file to rename. why: in case they differ."""
        super().__init__(
            words("{} would {} be the asset `{}`", joined(" and ", paths), _both(paths), name),
            fix=words(
                "give one of them another name, with the line `{} => {}` in {files}{}",
                last,
                _other_name(last, name),
                f"; {why}" if why else "",
            ),
        )


def _both(paths: Sequence[str]) -> str:
    return "both" if len(paths) == 2 else "all"


def _other_name(path: str, name: str) -> str:
    """Return a name that distinguishes a file from others of its name, by its directory."""
    directory = PurePosixPath(path).parent.name
    return f"{directory}-{name}" if directory else f"other-{name}"
