"""Commands to the runner on stdout."""

import os
import sys
from collections.abc import Mapping

from actions_toolkit.value import to_bytes, to_command_value

CMD_STRING = "::"


class Command:
    """One command; str() returns its line, without the line end."""

    def __init__(
        self, command: str, properties: Mapping[str, object] | None, message: object
    ) -> None:
        self.command = command or "missing.command"
        self.properties = properties
        self.message = message

    def __str__(self) -> str:
        """Return `::name key=value,key=value::message`; an empty or zero value is left out."""
        line = CMD_STRING + self.command
        if self.properties:
            given = ((key, value) for key, value in self.properties.items() if value)
            line += " " + ",".join(f"{key}={escape_property(value)}" for key, value in given)
        return f"{line}{CMD_STRING}{escape_data(self.message)}"


def issue_command(command: str, properties: Mapping[str, object] | None, message: object) -> None:
    """Write one command to stdout.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    """
    write_line(str(Command(command, properties, message)))


def issue(name: str, message: object = "") -> None:
    """Write one command without properties to stdout."""
    issue_command(name, {}, message)


def escape_data(s: object) -> str:
    """Return s as the message of a command, in one line; the runner reverses the escaping."""
    text = to_command_value(s)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(s: object) -> str:
    """Return s as a property of a command; a property ends at `:` or `,`."""
    return escape_data(s).replace(":", "%3A").replace(",", "%2C")


def write_line(text: str) -> None:
    """Write text and the system's line end to stdout, unbuffered, in UTF-8 for every locale.

    print() would fail for half of a surrogate pair, and leave lines in a buffer that is lost when
    the process is killed.
    """
    stream = sys.stdout
    line = to_bytes(f"{text}{os.linesep}")
    stream.flush()  # of text that was printed before
    raw = getattr(stream, "buffer", None)
    if raw is None:  # a stream of text only, such as io.StringIO
        stream.write(line.decode())
    else:
        raw.write(line)
        raw.flush()
