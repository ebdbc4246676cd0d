"""The strings of inputs -> words, numbers and lines, and what is wrong with them. Pure."""

import re
from collections.abc import Mapping
from typing import TypeVar

from release_assets.errors import ReleaseAssetsError
from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.errors import ContradictionError, InputError

Word = TypeVar("Word", bound=str)

_NO_TEXT = re.compile("[\ud800-\udfff]")  # what Python makes of bytes that are no UTF-8


class Reader:
    """Reads one input after the other and gathers what is wrong with them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.faults: list[ReleaseAssetsError] = []

    def text(self, name: str) -> str:
        """Read text without the blanks around it; the default where it is empty."""
        return self.values.get(name, "").strip() or DEFAULTS[name]

    def sent(self, name: str, *, most: int | None = None) -> str:
        """Read text that GitHub is to have."""
        value = self.text(name)
        if _NO_TEXT.search(value):
            self.faults.append(InputError(name, value, "text in UTF-8"))
        if most is not None and len(value) > most:
            self.faults.append(InputError(name, value, f"at most {most} characters"))
        return value

    def lines(self, name: str) -> tuple[str, ...]:
        """Read a list, an item a line; blank lines and comments are skipped."""
        # Not splitlines: of what it takes for an end of line, a file name may hold some.
        stripped = (line.strip() for line in self.text(name).split("\n"))
        return tuple(line for line in stripped if line and not line.startswith("#"))

    def word(self, name: str, words: tuple[Word, ...]) -> Word:
        """Read one of some words."""
        value = self.text(name)
        for word in words:
            if word == value:
                return word
        accepted = ", ".join(f"`{word}`" for word in words if word)
        self.faults.append(InputError(name, value, f"one of {accepted}"))
        return words[0]

    def boolean(self, name: str) -> bool:
        """Read `true` or `false`."""
        return self.word(name, ("true", "false")) == "true"

    def flag(self, name: str) -> bool | None:
        """Read `true` or `false`; None where it was not given."""
        value = self.word(name, ("", "true", "false"))
        return None if not value else value == "true"

    def number(self, name: str, *, most: int, auto: bool = False) -> int | None:
        """Read a number from 1 on; None for `auto`, or when it is none."""
        value = self.text(name)
        if auto and value == "auto":
            return None
        if re.fullmatch(r"[0-9]{1,4}", value, re.ASCII) and 1 <= int(value) <= most:
            return int(value)
        self.faults.append(
            InputError(name, value, f"a number from 1 to {most}" + (", or `auto`" if auto else ""))
        )
        return None

    def check_exclusive(self, one: str, other: str) -> None:
        """Refuse two inputs that exclude each other."""
        if self.text(one) and self.text(other):
            self.faults.append(
                ContradictionError(f"`{one}` and `{other}` are both given", fix="give one of them")
            )
