"""Errors about local files. Pure."""

import re
from collections.abc import Sequence

from release_assets.errors import ReleaseAssetsError
from release_assets.wording import Wording, joined, words

_ONE_EACH = Wording("write one pattern a line", "give each pattern for itself")
_BRACES = re.compile(r"\{[^{}]*\}")


class ManifestError(ReleaseAssetsError):
    """The manifest is invalid, at a line and column."""

    title = "Invalid manifest"

    def __init__(self, what: str, line: int, column: int, fix: str) -> None:
        super().__init__(what, where=f"manifest, line {line}, column {column}", fix=fix)


class NoFilesError(ReleaseAssetsError):
    """A pattern matched no file."""

    title = "No files matched"

    def __init__(
        self, pattern: str, base: str, *, directory: bool = False, outside_container: bool = False
    ) -> None:
        if outside_container:
            fix: str = "let the build write the file into the workspace, and name it from there"
            what = f"`{pattern}` is outside of what a container action can see"
        elif directory:
            what = f"`{pattern}` is a directory, and only files can be published"
            fix = f"write `{pattern.rstrip('/')}/*`, or `{pattern.rstrip('/')}/**` for all below"
        else:
            what = f"no file matches `{pattern}`"
            fix = words(
                "check that the build made the file {BEFORE}, correct the pattern, or set "
                "{if-no-files-found: warn}"
            )
            if "," in _BRACES.sub("", pattern):
                fix = words("{}: a comma is part of a name here", _ONE_EACH)
            elif "=>" in pattern:
                fix = "leave a blank before `=>`: without it, it is part of a name"
        super().__init__(what, where=f"in {base}", fix=fix)


class FileRefusedError(ReleaseAssetsError):
    """A file cannot be published: it is unreadable, empty, too large, or not a regular file."""

    title = "File cannot be published"


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

    def __init__(self, name: str, paths: Sequence[str]) -> None:
        super().__init__(
            words("{} would both be the asset `{}`", joined(" and ", paths), name),
            fix=words(
                "rename one, in {files} with `path => name`; GitHub replaces special characters "
                "by `.` and may not distinguish upper from lower case"
            ),
        )
