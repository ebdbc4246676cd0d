"""The functions of `@actions/core`: inputs, outputs, variables, log and state."""

import enum
import os
import sys
from typing import NoReturn

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
from actions_toolkit.groups import end_group, group, start_group
from actions_toolkit.inputs import (
    InputOptions,
    get_boolean_input,
    get_input,
    get_multiline_input,
)
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


@enum.unique
class ExitCode(enum.IntEnum):
    """The exit code of an action."""

    success = 0
    failure = 1


def export_variable(name: str, val: object) -> None:
    """Set a variable for this process and later steps; a val that is not text is sent as JSON.

    Raises:
        FileNotFoundError, ValueError: as the functions of file_command.
    """
    _set_variable(name, to_command_value(val))
    if os.environ.get("GITHUB_ENV"):
        issue_file_command("ENV", prepare_key_value_message(name, val))
    else:
        issue_command("set-env", {"name": name}, val)


def set_secret(secret: str) -> None:
    """Mask secret, and each of its lines, in everything that is logged from now on."""
    issue_command("add-mask", {}, secret)


def add_path(input_path: str) -> None:
    """Prepend input_path to PATH, for this process and later steps.

    Raises:
        FileNotFoundError: as issue_file_command.
    """
    if os.environ.get("GITHUB_PATH"):
        issue_file_command("PATH", input_path)
    else:
        issue_command("add-path", {}, input_path)
    others = os.environ.get("PATH")
    _set_variable("PATH", f"{input_path}{os.pathsep}{others}" if others else input_path)


def set_output(name: str, value: object) -> None:
    """Set an output of the step; a value that is not text is sent as JSON.

    Raises:
        FileNotFoundError, ValueError: as the functions of file_command.
    """
    if os.environ.get("GITHUB_OUTPUT"):
        issue_file_command("OUTPUT", prepare_key_value_message(name, value))
    else:
        write_line("")  # the command must start a line, and the previous line may be incomplete
        issue_command("set-output", {"name": name}, value)


def set_command_echo(enabled: bool) -> None:
    """Let the runner show commands in the log from now on, or not."""
    issue("echo", "on" if enabled else "off")


def set_failed(message: str | BaseException) -> NoReturn:
    """Annotate the run with an error and exit with code 1, by raising SystemExit.

    Set outputs and write the summary before, because nothing after this call is run. The original
    continues and exits with 1 at its end; a Python program that continued would exit with 0.
    """
    error(message)
    sys.exit(ExitCode.failure.value)


def is_debug() -> bool:
    """Return whether debug messages are shown."""
    return os.environ.get("RUNNER_DEBUG") == "1"


def debug(message: str) -> None:
    """Log a message that is shown only if step debug logging is enabled."""
    issue_command("debug", {}, message)


def info(message: str) -> None:
    """Log a message as it is; escape text from outside first."""
    write_line(message)


def save_state(name: str, value: object) -> None:
    """Save a value for the post step of this action; a value that is not text is saved as JSON.

    Raises:
        FileNotFoundError, ValueError: as the functions of file_command.
    """
    if os.environ.get("GITHUB_STATE"):
        issue_file_command("STATE", prepare_key_value_message(name, value))
    else:
        issue_command("save-state", {"name": name}, value)


def get_state(name: str) -> str:
    """Return a value that the main step of this action saved, "" if it saved none."""
    return os.environ.get(f"STATE_{name}", "")


def get_id_token(aud: str | None = None) -> str:
    """Return a token for audience aud, masked; raises RuntimeError as OidcClient.get_id_token."""
    return OidcClient.get_id_token(aud)


def _set_variable(name: str, text: str) -> None:
    try:
        os.environ[name] = text
    except (
        UnicodeEncodeError
    ):  # half of a surrogate pair, which a path with invalid UTF-8 never contains
        os.environ[name] = to_bytes(text).decode()
