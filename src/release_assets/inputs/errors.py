"""Errors about the inputs of a run. Pure."""

from collections.abc import Sequence

from release_assets.errors import ReleaseAssetsError
from release_assets.text import enumerated
from release_assets.wording import Wording, input_name, words


def _named(name: str) -> Wording:
    named = input_name(name)
    return Wording(f"input {named}", named.terminal)


class InputError(ReleaseAssetsError):
    """An input has a value that is not accepted."""

    title = "Invalid input"
    is_usage = True

    def __init__(self, name: str, value: str, accepted: str) -> None:
        shown = value if len(value) <= 80 else value[:77] + "..."
        super().__init__(words("{} is {!r}", _named(name), shown), fix=f"use {accepted}")


class InputFileError(InputError):
    """An input names a file whose text cannot be used."""

    title = "Invalid input"

    def __init__(self, name: str, path: str, why: str, fix: str) -> None:
        ReleaseAssetsError.__init__(
            self,
            words("{} names {!r}, which cannot be read: {}", _named(name), path, why),
            fix=fix,
        )
        self.why = why


class MissingInputError(ReleaseAssetsError):
    """A required input is missing."""

    title = "Missing input"
    is_usage = True

    def __init__(self, name: str, fix: str, what: str = "") -> None:
        super().__init__(what or words("{} is missing", _named(name)), fix=fix)


class OtherActionInputError(ReleaseAssetsError):
    """An input belongs to other actions."""

    title = "Input of another action"
    is_usage = True

    def __init__(self, name: str, replacement: str, actions: Sequence[str]) -> None:
        super().__init__(f"input `{name}` belongs to {enumerated(actions)}", fix=replacement)


class UnknownInputError(ReleaseAssetsError):
    """An input is unknown, and its name is close to that of an input of this action."""

    title = "Unknown input"
    is_usage = True

    def __init__(self, name: str, suggestion: str) -> None:
        super().__init__(f"there is no input `{name}`", fix=f"write `{suggestion}`")


class ContradictionError(ReleaseAssetsError):
    """Two inputs contradict each other."""

    title = "Contradicting inputs"
    is_usage = True


class VariableError(ReleaseAssetsError):
    """An environment variable has a value that is not accepted."""

    title = "Invalid environment variable"
    is_usage = True

    def __init__(self, name: str, value: str, why: str, fix: str) -> None:
        shown = value if len(value) <= 200 else value[:197] + "..."
        super().__init__(f"the variable `{name}` is {shown!r}{why}", fix=fix)
