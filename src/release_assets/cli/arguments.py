"""The words of a command line -> the words that argparse reads unambiguously. Pure."""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

TakesWord = Callable[[str], bool]
"""Says whether a word is a value of an option whose value is optional."""


def with_explicit_values(
    arguments: Sequence[str], defaults: Mapping[str, tuple[str, TakesWord]]
) -> list[str]:
    """Return the arguments with `=value` added to each option whose value is optional.

    Without this, argparse would use a file after `--prerelease` as its value.

    defaults: by option, the value that it has alone, and which words are another value.
    """
    explicit: list[str] = []
    remaining = deque(arguments)
    while remaining and remaining[0] != "--":
        argument = remaining.popleft()
        if argument not in defaults:
            explicit.append(argument)
            continue
        value, takes_word = defaults[argument]
        if remaining and not remaining[0].startswith("-") and takes_word(remaining[0]):
            value = remaining.popleft()
        explicit.append(f"{argument}={value}")
    return [*explicit, *remaining]


def one_of(*words: str) -> TakesWord:
    """Return a rule that takes only these words."""
    return frozenset(words).__contains__


def field_list(known: Collection[str], is_file: Callable[[str], bool]) -> TakesWord:
    """Return a rule that takes a list of names of fields, and no file."""

    def takes(word: str) -> bool:
        if not re.fullmatch(r"[A-Za-z_]+(?:,[A-Za-z_]+)*,?", word):
            return False
        return set(word.split(",")) <= set(known) or not is_file(word)

    return takes


def options_before_files(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each option with the word after it, up to `--`."""
    for index, argument in enumerate(arguments):
        if argument == "--":
            return
        if argument.startswith("-"):
            yield argument, next(iter(arguments[index + 1 : index + 2]), "")
