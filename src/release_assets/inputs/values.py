"""Reads single values: text, lines, choices, booleans and numbers. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from release_assets.errors import ReleaseAssetsError
from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.errors import ContradictionError, InputError
from release_assets.text import is_utf8
from release_assets.wording import input_name, words

Choice = TypeVar("Choice", bound=str)


class ValueReader:
    """Reads inputs, and collects all errors in `errors`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.errors: list[ReleaseAssetsError] = []

    def text(self, name: str) -> str:
        """Read text, stripped; the default if it is empty."""
        return self.values.get(name, "").strip() or DEFAULTS[name]

    def github_text(self, name: str, *, most: int | None = None) -> str:
        """Read text that is sent to GitHub: valid UTF-8, with at most `most` characters."""
        value = self.text(name)
        if not is_utf8(value):
            self.errors.append(InputError(name, value, "text in UTF-8"))
        if most is not None and len(value) > most:
            accepted = f"at most {most} characters; this has {len(value)}"
            self.errors.append(InputError(name, value, accepted))
        return value

    def lines(self, name: str) -> tuple[str, ...]:
        """Read a list with one item a line; blank lines and comments are skipped."""
        # Not splitlines(): it also splits at characters that a file name may contain.
        stripped = (line.strip() for line in self.text(name).split("\n"))
        return tuple(line for line in stripped if line and not line.startswith("#"))

    def choice(self, name: str, choices: tuple[Choice, ...]) -> Choice:
        """Read one of several choices; return the first for any other value."""
        value = self.text(name)
        for choice in choices:
            if choice == value:
                return choice
        *first, last = (f"`{choice}`" for choice in choices if choice)
        few = f"{first[0]} or {last}" if len(first) == 1 else f"one of {', '.join(first)} or {last}"
        self.errors.append(InputError(name, value, few))
        return choices[0]

    def boolean(self, name: str) -> bool:
        """Read `true` or `false`."""
        return self.choice(name, ("true", "false")) == "true"

    def optional_boolean(self, name: str) -> bool | None:
        """Read `true` or `false`; None if it is not given."""
        value = self.choice(name, ("", "true", "false"))
        return None if not value else value == "true"

    def number(self, name: str, *, most: int, auto: bool = False) -> int | None:
        """Read a number from 1 to `most`; None for `auto` and for an invalid value."""
        value = self.text(name)
        if auto and value == "auto":
            return None
        if value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= most:
            return int(value)
        self.errors.append(
            InputError(name, value, f"a number from 1 to {most}" + (", or `auto`" if auto else ""))
        )
        return None

    def check_exclusive(self, first: str, second: str) -> None:
        """Refuse two inputs that are mutually exclusive."""
        if self.text(first) and self.text(second):
            self.errors.append(
                ContradictionError(
                    words("{} and {} are both set", input_name(first), input_name(second)),
                    fix="remove one of them",
                )
            )
