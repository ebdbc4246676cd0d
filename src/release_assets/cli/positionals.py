"""Arguments without an option -> the tag, and files with labels or patterns of assets. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from release_assets.cli.errors import UsageError
from release_assets.light_dataclasses import dataclass, field

_WILDCARD = re.compile(r"[*?\[\]{}!\\]")
# A path, even if nothing is there: it is absolute, or starts with `./`, `../`, `~` or a drive.
_PATH = re.compile(r"(?:[/~]|\.{1,2}/|[A-Za-z]:[/\\])")
_RENAME = re.compile(r"\s=>|=>\s")
# `[#]` in a pattern matches the character itself.
_LABELED = re.compile(r"((?:\[#\]|(?!\[#\])[^#])+)#(.*)", re.DOTALL)

Exists = Callable[[str], bool]
"""Says whether a path exists, relative to the working directory."""


@dataclass(frozen=True, kw_only=True)
class Positionals:
    """What the arguments without an option mean, and the mistakes in them."""

    tag: str = ""
    rest: tuple[str, ...] = ()  # files or assets
    labels: Mapping[str, str] = field(default_factory=dict)  # of files, by pattern
    errors: tuple[UsageError, ...] = ()


def tag_and_files(
    arguments: Sequence[str], *, is_named: bool, is_file: Exists, is_directory: Exists
) -> Positionals:
    """Return the tag, and the files with their labels.

    The tag is the only argument that cannot be a file. `FILE#LABEL` gives a label, as in gh.

    is_named: whether an option names the release, so that all arguments are files.
    """

    def may_be_file(argument: str) -> bool:
        path = _split_label(argument)[0]
        if _PATH.match(path) or _RENAME.search(path) or _WILDCARD.search(path):
            return True
        directory = path.rpartition("/")[0]
        return is_file(argument) or is_file(path) or bool(directory and is_directory(directory))

    tags = [] if is_named else [one for one in arguments if not may_be_file(one)]
    if len(tags) > 1:  # a directory is more likely meant for its files
        tags = [one for one in tags if not is_directory(one)] or tags
    files = [one for one in arguments if one not in tags]
    errors = [*_tag_errors(tags, arguments, is_file, is_named=is_named)]
    errors += [_label_error(one) for one in files if _split_label(one)[1] and is_file(one)]
    pairs = [_split_label(one) for one in files]
    return Positionals(
        tag=tags[0] if tags else "",
        rest=tuple(path for path, _ in pairs),
        labels={path: label for path, label in pairs if label},
        errors=tuple(errors),
    )


def tag_and_assets(arguments: Sequence[str], *, is_named: bool) -> Positionals:
    """Return the tag, and the names and patterns of assets.

    The tag is the first argument, as in gh, unless that is a pattern.

    is_named: whether an option names the release, so that all arguments are assets.
    """
    if is_named or not arguments or _WILDCARD.search(arguments[0]):
        return Positionals(rest=tuple(arguments))
    return Positionals(tag=arguments[0], rest=tuple(arguments[1:]))


def _split_label(argument: str) -> tuple[str, str]:
    """Return the path and the label of `PATH#LABEL`; the label is empty if there is none.

    Blanks around both are no part of them.
    """
    labeled = _LABELED.fullmatch(argument)
    if labeled is None or _RENAME.search(argument):
        return argument, ""
    return labeled[1].strip(), labeled[2].strip()


def _label_error(argument: str) -> UsageError:
    path, label = _split_label(argument)
    return UsageError(
        f"`{argument}` is a file, and could also be `{path}` with the label `{label}`",
        fix=f"write '{path}[#]{label}' for the file; to label it, add another # and the label",
    )


def _tag_errors(
    tags: Sequence[str], arguments: Sequence[str], is_file: Exists, *, is_named: bool
) -> Iterator[UsageError]:
    if len(tags) > 1:
        shown = ", ".join(f"`{tag}`" for tag in tags)
        yield UsageError(
            f"only one argument can be the tag, and there are no files with these names: {shown}",
            fix=f"correct the names of the files, or name the release with --tag {tags[0]}",
        )
    first = next(iter(arguments), "")
    if not tags and not is_named and _looks_like_tag(first) and is_file(first):
        yield UsageError(
            f"`{first}` is a file here, and could also be the tag",
            fix=f"write --tag {first} for the release, and ./{first} for the file",
        )


def _looks_like_tag(argument: str) -> bool:
    """Return whether an argument has the form of a version, such as `v1.2.0`."""
    return bool(re.fullmatch(r"[vV]?\d+(?:\.\d+)*(?:[-+][0-9A-Za-z.+-]+)?", argument))
