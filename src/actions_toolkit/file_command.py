"""Commands to the runner through files, such as that of GITHUB_OUTPUT."""

import os
from contextlib import suppress
from pathlib import Path

from actions_toolkit.value import to_bytes, to_command_value


def issue_file_command(command: str, message: object) -> None:
    """Append message and a line end to the file at the path in GITHUB_<command>.

    Raises:
        RuntimeError: the variable is not set.
        FileNotFoundError: there is no such file; the runner creates it before the step.
        OSError: it cannot be written; then it contains no part of the command.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/file-command.ts
    """
    file_path = os.environ.get(f"GITHUB_{command}")
    if not file_path:
        raise RuntimeError(f"Unable to find environment variable for file command {command}")
    path = Path(file_path)
    if not path.exists():
        raise FileNotFoundError(f"Missing file at path: {file_path}")
    content = memoryview(to_bytes(f"{to_command_value(message)}{os.linesep}"))
    with path.open("ab", buffering=0) as file:
        start = os.fstat(file.fileno()).st_size
        try:
            while content:
                content = content[file.write(content) :]
        except OSError:
            # The runner fails a step if a command is incomplete, as after a full disk.
            with suppress(OSError):
                file.truncate(start)
            raise


def prepare_key_value_message(key: str, value: object) -> str:
    """Return key and value in the format of these files, between random delimiters.

    Raises:
        ValueError: key or value contains the delimiter, or the runner would read another key: key
            is empty, contains a line end, `=` or `<<`, or ends in `<`.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
    """
    from uuid import uuid4  # here, because importing it takes longer than the rest of this module

    return key_value_message(key, to_command_value(value), f"ghadelimiter_{uuid4()}")


def key_value_message(key: str, value: str, delimiter: str) -> str:
    """Return the same as prepare_key_value_message, for a known delimiter; raises alike."""
    if delimiter in key:
        raise ValueError(f'Unexpected input: name should not contain the delimiter "{delimiter}"')
    if delimiter in value:
        raise ValueError(f'Unexpected input: value should not contain the delimiter "{delimiter}"')
    # The original writes these, too; then the runner stores another name, or fails the step.
    if not key or "\n" in key or "=" in key or f"{key}<<".index("<<") < len(key):
        raise ValueError(f"Unexpected input: the runner would misread the name {key!r}")
    return f"{key}<<{delimiter}{os.linesep}{value}{os.linesep}{delimiter}"
