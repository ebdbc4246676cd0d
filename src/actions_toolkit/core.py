"""The toolkit's front: inputs, outputs, log, state, as `@actions/core` has them."""

import enum
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, NoReturn, TypeVar, overload

from actions_toolkit import platform
from actions_toolkit.annotation import (
    AnnotationProperties,
    error,
    notice,
    to_command_properties,
    warning,
)
from actions_toolkit.command import issue, issue_command, write_line
from actions_toolkit.file_command import issue_file_command, prepare_key_value_message
from actions_toolkit.oidc import OidcClient
from actions_toolkit.paths import to_platform_path, to_posix_path, to_win32_path
from actions_toolkit.summary import markdown_summary, summary
from actions_toolkit.value import to_bytes, to_command_value

__all__ = [
    "AnnotationProperties",
    "ExitCode",
    "InputOptions",
    "OidcClient",
    "add_path",
    "debug",
    "end_group",
    "error",
    "export_variable",
    "get_boolean_input",
    "get_id_token",
    "get_input",
    "get_multiline_input",
    "get_state",
    "group",
    "info",
    "is_debug",
    "issue",
    "issue_command",
    "issue_file_command",
    "markdown_summary",
    "notice",
    "platform",
    "prepare_key_value_message",
    "save_state",
    "set_command_echo",
    "set_failed",
    "set_output",
    "set_secret",
    "start_group",
    "summary",
    "to_command_properties",
    "to_command_value",
    "to_platform_path",
    "to_posix_path",
    "to_win32_path",
    "warning",
]

T = TypeVar("T")

# What JavaScript's trim() takes away; Python's strip() knows a slightly different set.
_BLANKS = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_BLANKS += "\u2028\u2029\u202f\u205f\u3000\ufeff"


class InputOptions:
    """How an input is read."""

    def __init__(self, required: bool = False, trim_whitespace: bool = True) -> None:
        self.required = required
        self.trim_whitespace = trim_whitespace


@enum.unique
class ExitCode(enum.IntEnum):
    """The code to exit an action with."""

    success = 0
    failure = 1


def export_variable(name: str, val: object) -> None:
    """Set a variable for this process and the steps that follow; val other than text as JSON.

    Raises:
        FileNotFoundError, ValueError: as the functions of file_command.
    """
    _set_variable(name, to_command_value(val))
    if os.environ.get("GITHUB_ENV"):
        issue_file_command("ENV", prepare_key_value_message(name, val))
    else:
        issue_command("set-env", {"name": name}, val)


def set_secret(secret: str) -> None:
    """Have secret, and each of its lines, masked in all that is logged from here on."""
    issue_command("add-mask", {}, secret)


def add_path(input_path: str) -> None:
    """Put input_path before PATH, for this process and the steps that follow.

    Raises:
        FileNotFoundError: as issue_file_command.
    """
    if os.environ.get("GITHUB_PATH"):
        issue_file_command("PATH", input_path)
    else:
        issue_command("add-path", {}, input_path)
    others = os.environ.get("PATH")
    _set_variable("PATH", f"{input_path}{os.pathsep}{others}" if others else input_path)


def get_input(name: str, *, required: bool = False, trim_whitespace: bool = True) -> str:
    """Return the value of an input, "" where it is not set.

    Raises:
        ValueError: it is required, and empty or not set.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/core.ts
    """
    value = os.environ.get(f"INPUT_{name.replace(' ', '_').upper()}", "")
    if required and not value:
        raise ValueError(f"Input required and not supplied: {name}")
    return value.strip(_BLANKS) if trim_whitespace else value


def get_multiline_input(
    name: str, *, required: bool = False, trim_whitespace: bool = True
) -> list[str]:
    """Return the lines of an input, without the empty ones; raises as get_input does.

    A line of blanks only is not empty; trimmed, it comes back as "".
    """
    value = get_input(name, required=required, trim_whitespace=trim_whitespace)
    lines = [line for line in value.split("\n") if line]
    return [line.strip(_BLANKS) for line in lines] if trim_whitespace else lines


def get_boolean_input(name: str, *, required: bool = False, trim_whitespace: bool = True) -> bool:
    """Return an input that is one of true, True, TRUE, false, False, FALSE.

    Raises:
        TypeError: it is something else, or not set.
        ValueError: as get_input.

    Source: https://yaml.org/spec/1.2/spec.html#id2804923
    """
    value = get_input(name, required=required, trim_whitespace=trim_whitespace)
    if value in {"true", "True", "TRUE"}:
        return True
    if value in {"false", "False", "FALSE"}:
        return False
    raise TypeError(
        f'Input does not meet YAML 1.2 "Core Schema" specification: {name}\n'
        "Support boolean input list: `true | True | TRUE | false | False | FALSE`"
    )


def set_output(name: str, value: object) -> None:
    """Set an output of the step; a value other than text as JSON.

    Raises:
        FileNotFoundError, ValueError: as the functions of file_command.
    """
    if os.environ.get("GITHUB_OUTPUT"):
        issue_file_command("OUTPUT", prepare_key_value_message(name, value))
    else:
        write_line("")  # the command must start a line, and the one before may be unfinished
        issue_command("set-output", {"name": name}, value)


def set_command_echo(enabled: bool) -> None:
    """Have the runner echo commands to the log from here on, or no more."""
    issue("echo", "on" if enabled else "off")


def set_failed(message: str | BaseException) -> NoReturn:
    """Annotate the run with an error and exit with code 1, by raising SystemExit.

    Set outputs and write the summary before: what comes after is not run. The original goes on
    and exits with 1 at its end; a Python program that went on would exit with 0.
    """
    error(message)
    sys.exit(ExitCode.failure.value)


def is_debug() -> bool:
    """Return whether debug messages are shown."""
    return os.environ.get("RUNNER_DEBUG") == "1"


def debug(message: str) -> None:
    """Log a message that is shown only where debugging of steps is switched on."""
    issue_command("debug", {}, message)


def info(message: str) -> None:
    """Log a message as it is; pass what is foreign through command.harmless first."""
    write_line(message)


def start_group(name: str) -> None:
    """Fold what is logged from here to end_group under name. Groups do not nest."""
    issue("group", name)


def end_group() -> None:
    """End the group."""
    issue("endgroup")


@overload
def group(name: str) -> AbstractContextManager[None]: ...
@overload
async def group(name: str, fn: Callable[[], Awaitable[T]]) -> T: ...
@overload
async def group(name: str, fn: Callable[[], T]) -> T: ...
def group(name: str, fn: Callable[[], Any] | None = None) -> Any:
    """Return a context manager in which all that is logged folds under name.

    Given fn, a function that may be async, return an awaitable instead: it calls fn in such a
    group, and gives what fn gives.
    """
    return _Group(name) if fn is None else _call_in_group(name, fn)


def save_state(name: str, value: object) -> None:
    """Keep a value for the post step of this action; a value other than text as JSON.

    Raises:
        FileNotFoundError, ValueError: as the functions of file_command.
    """
    if os.environ.get("GITHUB_STATE"):
        issue_file_command("STATE", prepare_key_value_message(name, value))
    else:
        issue_command("save-state", {"name": name}, value)


def get_state(name: str) -> str:
    """Return what the main step of this action kept, "" where it kept nothing."""
    return os.environ.get(f"STATE_{name}", "")


def get_id_token(aud: str | None = None) -> str:
    """Return a token for audience aud, masked; raises RuntimeError as OidcClient.get_id_token."""
    return OidcClient.get_id_token(aud)


def _set_variable(name: str, text: str) -> None:
    try:
        os.environ[name] = text
    except UnicodeEncodeError:  # half a surrogate pair, which a path of odd bytes never has
        os.environ[name] = to_bytes(text).decode()


class _Group:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        start_group(self.name)

    def __exit__(self, *_: object) -> None:
        end_group()


async def _call_in_group(name: str, fn: Callable[[], object]) -> object:
    with _Group(name):
        result = fn()
        return await result if isinstance(result, Awaitable) else result
