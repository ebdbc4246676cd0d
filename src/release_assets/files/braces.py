"""Pattern with braces -> the patterns without braces that it means, boundedly many. Pure."""

from collections.abc import Sequence

import bracex

from release_assets.inputs import InputError

MAX_EXPANSIONS = 10_000
"""Patterns without braces that one pattern, or all of an input together, may stand for."""

_MAX_CHARACTERS = 4_000_000  # of all that a pattern stands for


def expand_braces(name: str, pattern: str) -> list[str]:
    """Return what `{a,b}` and `{1..9}` in a pattern stand for; escapes stay.

    name: of the input that the pattern is from, for the error.

    Raises: InputError when it stands for too much, before time or memory are spent on it.
    """
    expanded: list[str] = []
    room = _MAX_CHARACTERS
    try:
        for one in bracex.iexpand(pattern, keep_escapes=True, limit=MAX_EXPANSIONS):
            room -= len(one)
            if room < 0:
                accepted = f"a pattern that stands for at most {_MAX_CHARACTERS:,} characters"
                raise InputError(name, pattern, accepted)
            expanded.append(one)
    except bracex.ExpansionLimitException:
        accepted = f"braces that stand for at most {MAX_EXPANSIONS:,} patterns"
        raise InputError(name, pattern, accepted) from None
    except RecursionError:
        raise InputError(name, pattern, "braces that are not nested as deeply") from None
    return expanded


def brace_errors(name: str, patterns: Sequence[str]) -> dict[str, InputError]:
    """Return what is wrong with the braces of each pattern of an input, where anything is.

    Raises: InputError when the patterns stand for too much all together.
    """
    faults: dict[str, InputError] = {}
    total = 0
    for pattern in patterns:
        try:
            total += len(expand_braces(name, pattern))
        except InputError as error:
            faults[pattern] = error
        if total > MAX_EXPANSIONS:
            accepted = f"patterns that stand, all together, for at most {MAX_EXPANSIONS:,}"
            raise InputError(name, pattern, accepted)
    return faults
