"""Errors about the inputs of a run. Pure."""

from release_assets.errors import ReleaseAssetsError


class InputError(ReleaseAssetsError):
    """An input has a value that is not accepted."""

    title = "Invalid input"

    def __init__(self, name: str, value: str, accepted: str) -> None:
        shown = value if len(value) <= 80 else value[:77] + "..."
        super().__init__(f"input `{name}` is {shown!r}", fix=f"give {accepted}")


class InputFileError(InputError):
    """An input names a file whose text cannot be used."""

    title = "Invalid input"

    def __init__(self, name: str, path: str, why: str, most_bytes: int) -> None:
        ReleaseAssetsError.__init__(
            self,
            f"input `{name}` names {path!r}, which cannot be read: {why}",
            fix=f"name a readable, regular file of UTF-8 text with at most {most_bytes:,} bytes",
        )
        self.why = why


class MissingInputError(ReleaseAssetsError):
    """An input that is needed was not given."""

    title = "Missing input"

    def __init__(self, name: str, fix: str) -> None:
        super().__init__(f"input `{name}` is missing", fix=fix)


class ForeignInputError(ReleaseAssetsError):
    """An input that another action knows, and this one does not."""

    title = "Input of another action"

    def __init__(self, name: str, replacement: str) -> None:
        super().__init__(f"input `{name}` is not one of this action", fix=replacement)


class UnknownInputError(ReleaseAssetsError):
    """An input that is nearly one of this action: without it, something else would be done."""

    title = "Unknown input"

    def __init__(self, name: str, meant: str) -> None:
        super().__init__(f"input `{name}` is not one of this action", fix=f"write `{meant}`")


class ContradictionError(ReleaseAssetsError):
    """Two inputs that cannot both be meant."""

    title = "Contradicting inputs"


class VariableError(ReleaseAssetsError):
    """A variable of the environment has a value that is not accepted."""

    title = "Invalid environment variable"

    def __init__(self, name: str, value: str, why: str, fix: str) -> None:
        shown = value if len(value) <= 200 else value[:197] + "..."
        super().__init__(f"the variable `{name}` is {shown!r}{why}", fix=fix)
