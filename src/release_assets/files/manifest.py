"""YAML -> the entries of a manifest, or errors with line and column. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.reader import ReaderError

from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.files.errors import ManifestError

KEYS = ("path", "name", "label", "content-type")
"""What an entry may hold; `path` it must."""

_SHAPE = "write a list of entries such as `- path: dist/app.zip`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: the files of a pattern, and how they are to appear."""

    path: str  # a pattern
    name: str | None = None
    label: str | None = None
    content_type: str | None = None


def is_inline(text: str) -> bool:
    """Say whether an input holds the manifest itself, not the path of a file."""
    return "\n" in text or text.lstrip().startswith(("-", "["))


def parse(text: str) -> tuple[Entry, ...]:
    """Return the entries of a manifest.

    Raises: ManifestError for a single fault; Faults when there are several.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ManifestError(
            f"not YAML: {error.problem or error.context}",
            mark.line + 1 if mark else 1,
            mark.column + 1 if mark else 1,
            _SHAPE,
        ) from None
    except ReaderError as error:
        before = text[: error.position]
        raise ManifestError(
            f"not YAML: the character {text[error.position]!r} may not stand there",
            before.count("\n") + 1,
            len(before) - (before.rfind("\n") + 1) + 1,
            "write it as an escape, in double quotes",
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        # The last two: PyYAML does not check every number, for example of `"\\UFFFFFFFF"`.
        raise ManifestError("not YAML: it holds what no reader takes", 1, 1, _SHAPE) from None
    if not isinstance(root, yaml.SequenceNode):
        raise _fault("the manifest is not a list", root, _SHAPE)
    if not root.value:
        raise _fault("the manifest names no files", root, _SHAPE)
    faults: list[ReleaseAssetsError] = []
    entries: list[Entry] = []
    for node in root.value:
        found = list(_faults(node))
        faults += found
        if not found:
            values = {key.value: value.value for key, value in node.value}
            entries.append(
                Entry(
                    path=values["path"],
                    name=values.get("name"),
                    label=values.get("label"),
                    content_type=values.get("content-type"),
                )
            )
    raise_all(faults)
    return tuple(entries)


def _faults(node: yaml.Node) -> Iterator[ReleaseAssetsError]:
    if not isinstance(node, yaml.MappingNode):
        yield _fault("an entry is not a mapping", node, _SHAPE)
        return
    seen: set[str] = set()
    for key, value in node.value:
        accepted = ", ".join(f"`{name}`" for name in KEYS)
        if not isinstance(key, yaml.ScalarNode) or key.value not in KEYS:
            shown = key.value if isinstance(key, yaml.ScalarNode) else "?"
            yield _fault(f"unknown key {shown!r}", key, f"use {accepted}")
            continue
        if key.value in seen:
            yield _fault(f"`{key.value}` is given twice", key, "give it once")
        seen.add(key.value)
        if not isinstance(value, yaml.ScalarNode) or value.tag != "tag:yaml.org,2002:str":
            yield _fault(f"`{key.value}` is not text", value, "put the value in quotes")
        elif not value.value.strip() or not value.value.isprintable():
            yield _fault(
                f"`{key.value}` is {value.value!r}", value, "give one line that is not empty"
            )
        elif key.value == "content-type" and not _is_media_type(value.value):
            yield _fault(
                f"`content-type` is {value.value!r}", value, "give one such as `application/zip`"
            )
        elif key.value == "name" and "/" in value.value:
            yield _fault(f"`name` is {value.value!r}", value, "give a name without `/`")
    if "path" not in seen:
        yield _fault("an entry has no `path`", node, "add `path: PATTERN`")


def _is_media_type(value: str) -> bool:
    kind, _, rest = value.partition("/")
    return bool(kind and rest) and value.isascii() and not kind.count(" ")


def _fault(what: str, node: yaml.Node | None, fix: str) -> ManifestError:
    if node is None:
        return ManifestError(what, 1, 1, fix)
    return ManifestError(what, node.start_mark.line + 1, node.start_mark.column + 1, fix)
