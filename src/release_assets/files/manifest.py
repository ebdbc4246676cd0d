"""Manifest in YAML -> its entries, or errors with line and column. Pure."""

from collections.abc import Iterator

import yaml
from yaml.reader import ReaderError

from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.files.errors import ManifestError
from release_assets.light_dataclasses import dataclass

KEYS = ("path", "name", "label", "content-type")
"""Keys of an entry; only `path` is required."""

_EXAMPLE_FIX = "write a list of entries such as `- path: dist/app.zip`"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A pattern, and the name, label and content type for the files that it matches."""

    path: str  # a pattern
    name: str | None = None
    label: str | None = None
    content_type: str | None = None


def is_inline(text: str) -> bool:
    """Return whether an input contains the manifest itself, not the path of a file."""
    return "\n" in text or text.lstrip().startswith(("-", "["))


def parse(text: str) -> tuple[Entry, ...]:
    """Return the entries of a manifest.

    Raises: ManifestError for a single error; MultipleErrors for several.
    """
    root = _compose(text)
    if not isinstance(root, yaml.SequenceNode):
        raise _error_at("the manifest is not a list", root, _EXAMPLE_FIX)
    if not root.value:
        raise _error_at("the manifest names no files", root, _EXAMPLE_FIX)
    raise_all([error for node in root.value for error in _entry_errors(node)])
    return tuple(map(_entry, root.value))


def _entry(node: yaml.MappingNode) -> Entry:
    values = {key.value: value.value for key, value in node.value}
    return Entry(
        path=values["path"],
        name=values.get("name"),
        label=values.get("label"),
        content_type=values.get("content-type"),
    )


def _compose(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ManifestError(
            f"not YAML: {error.problem or error.context}",
            mark.line + 1 if mark else 1,
            mark.column + 1 if mark else 1,
            _EXAMPLE_FIX,
        ) from None
    except ReaderError as error:
        before = text[: error.position]
        raise ManifestError(
            f"not YAML: the character {text[error.position]!r} is not allowed there",
            before.count("\n") + 1,
            len(before) - (before.rfind("\n") + 1) + 1,
            "write it as an escape, in double quotes",
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        # PyYAML does not check every number: `"\\UFFFFFFFF"` raises one of the last two.
        raise ManifestError(
            "not YAML: it has an invalid escape or value", 1, 1, _EXAMPLE_FIX
        ) from None


def _entry_errors(node: yaml.Node) -> Iterator[ReleaseAssetsError]:
    if not isinstance(node, yaml.MappingNode):
        yield _error_at("an entry is not a mapping", node, _EXAMPLE_FIX)
        return
    keys: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value not in KEYS:
            shown = key.value if isinstance(key, yaml.ScalarNode) else "?"
            accepted = ", ".join(f"`{name}`" for name in KEYS)
            yield _error_at(f"unknown key {shown!r}", key, f"use {accepted}")
            continue
        if key.value in keys:
            yield _error_at(f"`{key.value}` is given twice", key, "give it once")
        keys.add(key.value)
        yield from _value_errors(key.value, value)
    if "path" not in keys:
        yield _error_at("an entry has no `path`", node, "add `path: PATTERN`")


def _value_errors(key: str, value: yaml.Node) -> Iterator[ReleaseAssetsError]:
    if not isinstance(value, yaml.ScalarNode) or value.tag != "tag:yaml.org,2002:str":
        yield _error_at(f"`{key}` is not text", value, "put the value in quotes")
    elif not value.value.strip() or not value.value.isprintable():
        yield _error_at(f"`{key}` is {value.value!r}", value, "give one line that is not empty")
    elif key == "content-type" and not _is_media_type(value.value):
        fix = "give one such as `application/zip`"
        yield _error_at(f"`content-type` is {value.value!r}", value, fix)
    elif key == "name" and "/" in value.value:
        yield _error_at(f"`name` is {value.value!r}", value, "give a name without `/`")


def _is_media_type(value: str) -> bool:
    main_type, _, subtype = value.partition("/")
    return bool(main_type and subtype) and value.isascii() and " " not in main_type


def _error_at(what: str, node: yaml.Node | None, fix: str) -> ManifestError:
    if node is None:
        return ManifestError(what, 1, 1, fix)
    return ManifestError(what, node.start_mark.line + 1, node.start_mark.column + 1, fix)
