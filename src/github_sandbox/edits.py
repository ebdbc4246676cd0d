"""A JSON document, with the values at some paths replaced. Pure."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

DELETE = {"$delete": True}


def edited(document: object, fields: Mapping[str, object]) -> object:
    """Return a copy of a document with the values of these paths replaced.

    A path has names and numbers of items separated by dots, such as "assets.0.name"; a number below
    zero counts from the end, "*" stands for all, and "" for the whole document. The value
    {"$delete": true} removes the value at the path. A path that does not exist changes nothing,
    except that its last name is added to an object that lacks it.
    """
    changed = copy.deepcopy(document)
    for path, value in fields.items():
        if not path:
            changed = copy.deepcopy(value)
            continue
        *steps, last = path.split(".")
        for container in _containers([changed], steps):
            _replace(container, last, value)
    return changed


def _containers(containers: list[Any], steps: list[str]) -> list[Any]:
    """Return the objects and lists that the steps of a path lead to."""
    for step in steps:
        containers = [one[key] for one in containers for key in _keys(one, step)]
    return containers


def _keys(container: object, step: str) -> Iterator[Any]:
    """Yield the keys that a step of a path stands for."""
    if isinstance(container, dict):
        yield from list(container) if step == "*" else [step] if step in container else []
    elif isinstance(container, list) and step == "*":
        yield from range(len(container))
    elif isinstance(container, list) and step.removeprefix("-").isdigit():
        number = int(step)
        if -len(container) <= number < len(container):
            yield number


def _replace(container: object, last: str, value: object) -> None:
    if not isinstance(container, dict | list):
        return
    keys = [last] if isinstance(container, dict) and last != "*" else list(_keys(container, last))
    for key in reversed(keys):
        if value != DELETE:
            container[key] = copy.deepcopy(value)
        elif isinstance(container, list) or key in container:
            del container[key]
