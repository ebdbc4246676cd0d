"""A JSON object of the control API -> the fault that it describes, or why it is none."""

import dataclasses
import re
from typing import Any

from github_sandbox.faults import ACTIONS, CHOICES, KINDS, Action, Fault, Interim, Match


def parse(document: object) -> Fault:
    """Return the fault that a JSON object describes.

    Raises:
        ValueError, TypeError: it does not describe a fault.
    """
    if not isinstance(document, dict) or document.get("do") not in KINDS:
        raise ValueError(f'a fault is an object whose "do" is one of {", ".join(KINDS)}')
    if unknown := sorted(set(document) - _names_of_fields(Fault)):
        raise ValueError(f"a fault has no {unknown[0]!r}")
    for name, values in CHOICES.items():
        if name in document and document[name] not in values:
            raise ValueError(f"{name} is one of {values}, not {document[name]!r}")
    match = _parse_match(document.get("match", {}))
    return Fault(**{**document, **_parse_parts(document), "match": match})


def _parse_match(match: object) -> Match:
    known = _names_of_fields(Match)
    if not isinstance(match, dict) or not set(match) <= known:
        raise ValueError(f"match is an object with some of {', '.join(sorted(known))}")
    for name in ("path", "query"):
        try:
            re.compile(match.get(name) or "")
        except (re.error, TypeError) as error:
            raise ValueError(f"match.{name} is not a regular expression") from error
    return Match(**match)


def _parse_parts(document: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that are objects or lists, and `effect`, whose default depends on `do`."""
    do = document["do"]
    parts: dict[str, Any] = {"effect": document.get("effect", do == "lie")}
    if not isinstance(document.get("fields", {}), dict):
        raise TypeError("fields is an object with a value for each path")
    if do == "list" and document.get("change") is None:
        raise ValueError(f"a fault of a list needs a change: {CHOICES['change'][1:]}")
    if "interim" in document:
        parts["interim"] = tuple(_parse_interim(item) for item in _get_list(document, "interim"))
    if do == "interfere":
        parts["actions"] = tuple(_parse_action(item) for item in _get_list(document, "actions"))
        if not parts["actions"] or document.get("when") == "during":
            raise ValueError("an interference has actions, before or after the request")
    return parts


def _get_list(document: dict[str, Any], name: str) -> list[Any]:
    items = document.get(name, [])
    if not isinstance(items, list):
        raise TypeError(f"{name} is a list")
    return items


def _parse_interim(item: object) -> Interim:
    known = _names_of_fields(Interim)
    if not isinstance(item, dict) or not set(item) <= known:
        raise ValueError(f"an interim answer is an object with some of {', '.join(sorted(known))}")
    if item.get("status", 103) not in range(100, 200) or item.get("status") == 101:
        raise ValueError("an interim answer has a status of 1xx, but not 101")
    return Interim(**item)


def _parse_action(item: object) -> Action:
    """Return an action; its name alone is enough."""
    given = {"do": item} if isinstance(item, str) else item
    if not isinstance(given, dict) or given.get("do") not in ACTIONS:
        raise ValueError(f'an action is one of {", ".join(ACTIONS)}, or an object with it as "do"')
    if unknown := sorted(set(given) - _names_of_fields(Action)):
        raise ValueError(f"an action has no {unknown[0]!r}")
    return Action(**given)


def _names_of_fields(kind: type[Fault | Match | Action | Interim]) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}
