"""One pattern -> the files it matches, less what is left out; reads only."""

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from wcmatch import glob

from release_assets.files.braces import expand_braces

# `**` crosses directories and follows no link; `*` does not match a leading dot.
_FLAGS = glob.GLOBSTAR
# What excludes: a leading dot is no reason to publish what was to be left out.
_EXCLUDE_FLAGS = _FLAGS | glob.DOTGLOB


class Excluder:
    """Knows what the `!` lines leave out, wherever they stand among the others.

    Raises: InputError for a pattern that cannot be matched.
    """

    def __init__(self, patterns: Sequence[str], base: Path) -> None:
        self._matchers: Mapping[str, glob.WcMatcher[str]] = {
            pattern: glob.compile(_rooted(pattern, base), flags=_EXCLUDE_FLAGS, limit=0)
            for pattern in patterns
        }
        self._used: set[str] = set()

    def excludes(self, path: Path, *, directory: bool = False) -> bool:
        """Say whether a file is left out, or a directory with all that is in it."""
        shown = f"{path}/" if directory else str(path)
        # All are asked: what another leaves out already makes a pattern no mistake.
        hits = [p for p, matcher in self._matchers.items() if matcher.match(shown)]
        self._used.update(hits)
        return bool(hits)

    def idle(self) -> Iterator[str]:
        """Yield a warning for each pattern that left nothing out: likely a mistake."""
        for pattern in self._matchers:
            if pattern not in self._used:
                hint = "" if "/" in pattern else f"; `!**/{pattern}` matches in any directory"
                yield f"`!{pattern}` leaves out nothing{hint}"


def matching_files(
    pattern: str, base: Path, excluder: Excluder, source: str = "files"
) -> Iterator[Path]:
    """Yield what a pattern matches and is no directory, sorted, absolute, links not followed.

    A path that exists is taken as it is written, whatever it holds of `*`, `[` or `{`.

    source: the input that the pattern comes from.

    Raises: InputError for a pattern that cannot be matched.
    """
    literal = absolute(base, pattern)
    if _is_there(literal):
        paths = {literal}
    else:
        found = glob.iglob(
            expand_braces(source, pattern), root_dir=str(base), flags=_FLAGS, limit=0
        )
        paths = {absolute(base, path) for path in found}
    for path in sorted(paths, key=lambda path: path.parts):
        # os.path: of what may not be looked at, Path.is_dir() of older Pythons raises.
        if not os.path.isdir(path) and not excluder.excludes(path):  # noqa: PTH112
            yield path


def closed_directories(
    pattern: str, base: Path, excluder: Excluder, source: str = "files"
) -> Iterator[tuple[Path, OSError]]:
    """Yield each directory that a pattern looks into and that may not be read, and why.

    What is in it is matched by nothing, and a part of the files is not to be missing unsaid.

    Raises: InputError for a pattern that cannot be matched.
    """
    if _is_there(absolute(base, pattern)):
        return
    looked_into = {base}
    for within in _directories(expand_braces(source, pattern)):
        found = glob.iglob(f"{within}/", root_dir=str(base), flags=_FLAGS, limit=0)
        paths = (absolute(base, path) for path in found)
        follows = not within.endswith("**")
        looked_into |= {path for path in paths if follows or not path.is_symlink()}
    for directory in sorted(looked_into):
        try:
            os.scandir(directory).close()
        except OSError as error:
            if not excluder.excludes(directory, directory=True):
                yield directory, error


def absolute(base: Path, path: str) -> Path:
    """Return a path seen from base, without `.` and `..`; a link keeps its own name."""
    return Path(os.path.abspath(base / path))  # noqa: PTH100 - resolve() would follow links


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def _directories(patterns: Iterable[str]) -> set[str]:
    """Return the patterns of the directories that are read to match patterns without braces."""
    within: set[str] = set()
    for pattern in patterns:
        parts = pattern.split("/")
        most = len(parts) if parts[-1] == "**" else len(parts) - 1
        within |= {"/".join(parts[:count]) for count in range(1, most + 1)}
    return within - {""}


def _rooted(pattern: str, base: Path) -> list[str]:
    """Return what a pattern seen from base matches in full: a directory with all below it."""
    if not PurePath(pattern).is_absolute():
        pattern = f"{glob.escape(base.as_posix())}/{pattern}"
    pattern = posixpath.normpath(pattern)  # what it is held against has no `.`, `..` or `//`
    return [*expand_braces("files", pattern), *expand_braces("files", f"{pattern}/**")]
