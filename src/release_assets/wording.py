"""Texts for the user, worded for a workflow and for the command line. Pure."""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any, Self


class Wording(str):
    """A text as a workflow words it, with the wording of the command line in `terminal`.

    Formatting it into another string keeps only the first: put texts together with `words`.
    """

    __slots__ = ("terminal",)
    terminal: str

    def __new__(cls, workflow: str, terminal: str) -> Self:
        """Return a text in its two wordings."""
        self = super().__new__(cls, workflow)
        self.terminal = terminal
        return self


_PHRASES = {
    "RUN_AGAIN": Wording("run the job again", "run the command again"),
    "OWN_TOKEN": Wording("the job's own token", "another token"),
    "BEFORE": Wording("before this step", "first"),
    "DEBUG_LOG": Wording(
        "with the log of a run with debug logging on", "with what RELEASE_ASSETS_DEBUG=1 shows"
    ),
}
# Inputs without an option of the same name.
_OTHER_OPTIONS = {"files": "FILE", "token": "GH_TOKEN"}


def words(template: str, *parts: object) -> Wording:
    """Return a text in two wordings.

    template: a literal with `{}` for each part, `{tag}` for the name of an input (`tag`, `--tag`),
    `{overwrite: true}` for an input with a value (`overwrite: true`, `--overwrite true`), and
    `{RUN_AGAIN}` for a phrase. Foreign text, which may contain braces, belongs into the parts.
    """
    return Wording(
        _Workflow().vformat(template, parts, _PHRASES),
        _Terminal().vformat(template, parts, _PHRASES),
    )


def joined(separator: str, texts: Sequence[str]) -> Wording:
    """Return the texts as one."""
    return words(separator.join(["{}"] * len(texts)), *texts)


def input_name(name: str) -> Wording:
    """Return the name of an input: `name`, or `--name`."""
    return words(f"{{{name}}}")


def in_terminal(text: str) -> str:
    """Return a text as the command line words it."""
    return text.terminal if isinstance(text, Wording) else text


class _Input(str):
    """The name of an input."""

    __slots__ = ()


class _Workflow(Formatter):
    """Formats a template as a workflow words it."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of the base class
        if isinstance(key, int):
            return args[key]
        return kwargs.get(key) or _Input(key)

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - of the base class
        if isinstance(value, _Input):
            return self.format_input(value, format_spec)
        return str(super().format_field(value, format_spec))

    def format_input(self, name: str, value: str) -> str:
        """value: with a space before it; empty for the name alone."""
        return f"`{name}:{value}`" if value else f"`{name}`"


class _Terminal(_Workflow):
    """Formats a template as the command line words it."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of the base class
        value = super().get_value(key, args, kwargs)
        return in_terminal(value) if isinstance(value, Wording) else value

    def format_input(self, name: str, value: str) -> str:
        return f"`{_OTHER_OPTIONS.get(name, f'--{name}')}{value}`"
