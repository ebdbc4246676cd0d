"""A pattern without a match -> the error with the most likely reason; reads only."""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path, PurePath

from release_assets.files.errors import NoFilesError
from release_assets.files.local_file import is_directory
from release_assets.files.patterns import absolute
from release_assets.inputs import Mounts, is_outside_container
from release_assets.text import shortened_list
from release_assets.wording import Wording, words

_WILDCARD = re.compile(r"[*?\[{]")
_MAX_NAMES = 5  # of a directory, in an error
_ONE_EACH = Wording("write one pattern per line", "give each pattern as an argument of its own")
_NO_VARIABLES = Wording(
    "shell variables are not expanded here: write `${{ env.NAME }}` instead",
    "quote the pattern with double quotes, so that the shell expands the variable",
)

# What is wrong with a pattern -> how to fix it. The first that is found is reported.
_MISTAKES: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (
        re.compile(r"""(["'])(?P<inside>.*)\1"""),
        lambda found: f"write it without the quotes: `{found['inside']}`",
    ),
    (
        re.compile(r"- (?P<pattern>.*)"),
        lambda found: words(
            "write it without the dash: `{}`; {files} is text, not a YAML list", found["pattern"]
        ),
    ),
    (
        re.compile(r".*;.*"),
        lambda _: words("{}: a semicolon does not separate patterns", _ONE_EACH),
    ),
    (
        re.compile(r"(?:[^{},]|\{[^{}]*\})*,.*"),  # a comma outside of braces
        lambda _: words("{}: a comma does not separate patterns", _ONE_EACH),
    ),
    (
        re.compile(r".*\S=>.*|.*=>\S.*"),
        lambda _: "write a space before and after `=>`; without them, it is part of the name",
    ),
    (
        re.compile(r".*(?:\$\w|\$\{\w|%\w+%).*"),
        lambda _: _NO_VARIABLES,
    ),
    (
        re.compile(r"(?P<path>[^#]+\.\w+)#(?P<label>[^#/]+)"),
        lambda found: words(
            "give the label in {manifest}: `- {{path: {}, label: {}}}`",
            found["path"],
            found["label"],
        ),
    ),
    (
        re.compile(r"(?P<path>.*[\w*]\\[\w*].*)"),
        lambda found: words(
            "write `{}`: a backslash escapes the character after it",
            found["path"].replace("\\", "/"),
        ),
    ),
    (
        re.compile(r"\S*[*/.]\S* +\S*[*/.]\S*"),
        lambda _: words("{}: a space does not separate patterns", _ONE_EACH),
    ),
    (
        re.compile(r"~.*"),
        lambda _: "write the path of the home directory: `~` is not expanded here",
    ),
)


def no_match_error(pattern: str, base: Path, mounts: Mounts) -> NoFilesError:
    """Return the error for a pattern that matches no file."""
    where = str(base)
    if is_outside_container(pattern, mounts):
        return NoFilesError(
            pattern,
            where,
            what=f"`{pattern}` is outside the directories that a container action can see",
            fix="let the build write the file to the workspace, and correct the path",
        )
    if is_directory(absolute(base, pattern)):
        inside = pattern.rstrip("/")
        return NoFilesError(
            pattern,
            where,
            what=f"`{pattern}` is a directory, and only files can be published",
            fix=f"write `{inside}/*`, or `{inside}/**` to include subdirectories",
        )
    for mistake, fix in _MISTAKES:
        if found := mistake.fullmatch(pattern):
            return NoFilesError(pattern, where, fix=fix(found))
    return NoFilesError(
        pattern, where, what=f"no file matches `{pattern}`{_what_is_there(pattern, base)}"
    )


def _what_is_there(pattern: str, base: Path) -> str:
    """Return what the directory that a pattern searches holds, as the end of a sentence."""
    path = PurePath(pattern)
    directory = Path(path.anchor) if path.anchor else base
    fixed = tuple(takewhile(lambda part: not _WILDCARD.search(part), path.parent.parts))
    for depth, part in enumerate(fixed, 1):
        directory /= part
        if not is_directory(directory):
            return f": there is no directory `{PurePath(*fixed[:depth]).as_posix()}`"
    try:
        names = sorted(path.name for path in directory.iterdir())
    except OSError:
        return ""
    shown = f"`{PurePath(*fixed).as_posix()}`" if fixed else "the directory"
    if not names:
        return f": {shown} is empty"
    # The top directory holds the sources: not what a build has made.
    held = shortened_list([f"`{name}`" for name in names], _MAX_NAMES)
    return f": {shown} contains {held}" if fixed else ""
