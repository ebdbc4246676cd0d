"""Pattern -> the files that it matches, without the excluded ones; reads only."""

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePath

from release_assets.files.braces import expand_braces
from release_assets.light_dataclasses import dataclass

# wcmatch is imported where it is needed: paths without a wildcard do not need it.


class Excluder:
    """Decides which files the `!` lines exclude; their position among the other lines is irrelevant.

    Raises: InputError for a pattern that cannot be matched.
    """

    def __init__(self, patterns: Sequence[str], base: Path) -> None:
        self._matchers = {pattern: _compile_exclude(pattern, base) for pattern in patterns}
        self._used: set[str] = set()

    def excludes(self, path: Path, *, directory: bool = False) -> bool:
        """Return whether a file is excluded, or a directory with all its content."""
        text = f"{path}/" if directory else str(path)
        # Try all patterns: one that only matches excluded files is not unused.
        hits = [p for p, matches in self._matchers.items() if matches(text)]
        self._used.update(hits)
        return bool(hits)

    def unused_pattern_warnings(self) -> Iterator[str]:
        """Yield a warning for each pattern that excluded nothing: it is probably a mistake."""
        for pattern in self._matchers:
            if pattern not in self._used:
                hint = "" if "/" in pattern else f"; `!**/{pattern}` matches in any directory"
                yield f"`!{pattern}` excludes nothing{hint}"


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The absolute paths that a pattern matches, sorted, without the excluded ones."""

    files: tuple[Path, ...]
    directories: tuple[Path, ...]


def match_pattern(pattern: str, base: Path, excluder: Excluder, source: str = "files") -> Matched:
    """Return what a pattern matches.

    Links are not followed. If the pattern is itself an existing path, it matches that path only,
    even if it contains `*`, `[` or `{`.

    source: the input that the pattern comes from.

    Raises: InputError for a pattern that cannot be matched.
    """
    literal = absolute(base, pattern)
    paths = {literal} if _exists(literal) else _glob(expand_braces(source, pattern), base)
    files: list[Path] = []
    directories: list[Path] = []
    for path in sorted(paths, key=lambda path: path.parts):
        # Path.is_dir() of older Pythons raises when access is denied.
        is_directory = os.path.isdir(path)  # noqa: PTH112
        if not excluder.excludes(path, directory=is_directory):
            (directories if is_directory else files).append(path)
    return Matched(files=tuple(files), directories=tuple(directories))


def unreadable_directories(
    pattern: str, base: Path, excluder: Excluder, source: str = "files"
) -> Iterator[tuple[Path, OSError]]:
    """Yield each directory that a pattern searches but that cannot be read, with the error.

    Glob ignores such a directory. Without this check, its files would be missing silently.

    Raises: InputError for a pattern that cannot be matched.
    """
    if _exists(absolute(base, pattern)):
        return
    for directory in sorted(_searched_directories(expand_braces(source, pattern), base)):
        try:
            os.scandir(directory).close()
        except OSError as error:
            if not excluder.excludes(directory, directory=True):
                yield directory, error


def absolute(base: Path, path: str) -> Path:
    """Return an absolute path, relative to base, without `.` and `..`; links are not resolved."""
    # Not resolve(), which would follow links.
    return Path(os.path.abspath(os.path.join(base, path)))  # noqa: PTH100, PTH118


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def _glob(patterns: str | Sequence[str], base: Path) -> set[Path]:
    """Return the absolute paths that patterns without braces match.

    `**` crosses directories but follows no link; `*` does not match a leading dot.
    """
    from wcmatch import glob

    found = glob.iglob(patterns, root_dir=str(base), flags=glob.GLOBSTAR, limit=0)
    return {absolute(base, path) for path in found}


def _searched_directories(patterns: Iterable[str], base: Path) -> set[Path]:
    """Return all directories that glob reads; the patterns have no braces."""
    searched = {base}
    for part in _directory_patterns(patterns):
        follows_links = not part.endswith("**")
        paths = _glob(f"{part}/", base)
        searched |= {path for path in paths if follows_links or not path.is_symlink()}
    return searched


def _directory_patterns(patterns: Iterable[str]) -> set[str]:
    """Return the patterns of the directories that glob reads for these patterns."""
    directories: set[str] = set()
    for pattern in patterns:
        parts = pattern.split("/")
        depth = len(parts) if parts[-1] == "**" else len(parts) - 1
        directories |= {"/".join(parts[:count]) for count in range(1, depth + 1)}
    return directories - {""}


def _compile_exclude(pattern: str, base: Path) -> Callable[[str], bool]:
    """Return a function that matches what a `!` line excludes: absolute paths, and all below them.

    `*` matches a leading dot, too, so that no dot file is published by accident.
    """
    from wcmatch import glob

    if not PurePath(pattern).is_absolute():
        pattern = f"{glob.escape(base.as_posix())}/{pattern}"
    pattern = posixpath.normpath(pattern)  # the paths have no `.`, `..` or `//`
    rooted = [*expand_braces("files", pattern), *expand_braces("files", f"{pattern}/**")]
    return glob.compile(rooted, flags=glob.GLOBSTAR | glob.DOTGLOB, limit=0).match
