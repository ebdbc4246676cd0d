"""`--jq`: filters JSON documents with the package jq, which is an optional extra."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from release_assets.cli.errors import UsageError
from release_assets.errors import ReleaseAssetsError

Filter = Callable[[object], Iterator[str]]
"""Returns the lines of the filtered document. Raises: JqError."""


class JqError(ReleaseAssetsError):
    """A jq expression cannot be applied to the document."""

    title = "jq failed"


def compile_filter(expression: str) -> Filter:
    """Return the filter of a jq expression. Raises: UsageError."""
    try:
        import jq  # of the extra `jq`
    except ImportError:
        raise UsageError(
            "--jq needs the Python package jq",
            fix="install publish-release-assets[jq], or pipe the output of --json to jq",
        ) from None
    try:
        program = jq.compile(expression)
    except ValueError as error:
        reason = str(error).partition("\n")[0].removeprefix("jq: error: ").partition(" at <")[0]
        raise UsageError(
            f"--jq {expression!r} is no expression of jq [{reason}]", fix="correct it"
        ) from None

    def run(document: object) -> Iterator[str]:
        try:
            values = program.input_value(document).all()
        except ValueError as error:
            raise JqError(f"the expression of --jq fails [{error}]", fix="correct it") from None
        return map(_line, values)

    return run


def _line(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    """Return a value as gh prints it: a text as it is, nothing for null, else JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
