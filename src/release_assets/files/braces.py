"""Expands the braces of a pattern, up to a limit. Pure."""

from collections.abc import Sequence

from release_assets.inputs import InputError

MAX_EXPANSIONS = 10_000
"""Maximum of expanded patterns, for one pattern and for all patterns of an input."""

_MAX_CHARACTERS = 4_000_000  # maximum of characters in all expansions of a pattern


def expand_braces(name: str, pattern: str) -> list[str]:
    """Return all expansions of `{a,b}` and `{1..9}` in a pattern; escapes stay.

    name: the input that the pattern comes from, for the error.

    Raises: InputError for too many expansions, before they take much time or memory.
    """
    if "{" not in pattern:
        return [pattern]
    import bracex  # here, because most runs have no braces

    expanded: list[str] = []
    characters_left = _MAX_CHARACTERS
    try:
        for expansion in bracex.iexpand(pattern, keep_escapes=True, limit=MAX_EXPANSIONS):
            characters_left -= len(expansion)
            if characters_left < 0:
                accepted = f"a pattern that stands for at most {_MAX_CHARACTERS:,} characters"
                raise InputError(name, pattern, accepted)
            expanded.append(expansion)
    except bracex.ExpansionLimitException:
        accepted = f"braces that stand for at most {MAX_EXPANSIONS:,} patterns"
        raise InputError(name, pattern, accepted) from None
    except RecursionError:
        raise InputError(name, pattern, "braces that are not nested as deeply") from None
    return expanded


def brace_errors(name: str, patterns: Sequence[str]) -> dict[str, InputError]:
    """Return an error for each pattern of an input that has too many expansions.

    Raises: InputError when all patterns together have too many expansions.
    """
    errors: dict[str, InputError] = {}
    total = 0
    for pattern in patterns:
        try:
            total += len(expand_braces(name, pattern))
        except InputError as error:
            errors[pattern] = error
        if total > MAX_EXPANSIONS:
            accepted = f"patterns that stand, all together, for at most {MAX_EXPANSIONS:,}"
            raise InputError(name, pattern, accepted)
    return errors
