"""Values of a JSON document, replaced by path. Pure."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

DELETE = {"$delete": True}


def edited(document: object, fields: Mapping[str, object]) -> object:
    """Return a copy of a document with the values of these paths replaced.

    A path is names and numbers of items with dots between them, such as "assets.0.name"; a number
    below zero counts from the end, "*" stands for all, and "" for the whole document. The value
    {"$delete": true} removes what the path leads to. A path that leads nowhere changes nothing, but
    its last name is added to an object that lacks it.
    """
    changed = copy.deepcopy(document)
    for path, value in fields.items():
        if not path:
            changed = copy.deepcopy(value)
            continue
        *way, last = path.split(".")
        for place in _places([changed], way):
            _replace(place, last, value)
    return changed


def _places(places: list[Any], way: list[str]) -> list[Any]:
    """Return what the steps of a path lead to."""
    for step in way:
        places = [place[key] for place in places for key in _keys(place, step)]
    return places


def _keys(place: object, step: str) -> Iterator[Any]:
    """Yield the keys of a place that a step of a path stands for."""
    if isinstance(place, dict):
        yield from list(place) if step == "*" else [step] if step in place else []
    elif isinstance(place, list) and step == "*":
        yield from range(len(place))
    elif isinstance(place, list) and step.removeprefix("-").isdigit():
        number = int(step)
        if -len(place) <= number < len(place):
            yield number


def _replace(place: object, last: str, value: object) -> None:
    if not isinstance(place, dict | list):
        return
    keys = [last] if isinstance(place, dict) and last != "*" else list(_keys(place, last))
    for key in reversed(keys):
        if value != DELETE:
            place[key] = copy.deepcopy(value)
        elif isinstance(place, list) or key in place:
            del place[key]
