"""Decodes a step's output and command files as GitHub's runner does. Pure.

Written from the runner's source, not from the toolkit's, so that the toolkit can be checked against it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

# Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
COMMANDS = frozenset(
    {"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group"}
    | {"notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands"}
    | {"warning"}
)
# What .NET calls white space, https://learn.microsoft.com/dotnet/api/system.char.iswhitespace
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class RunnerError(ValueError):
    """Input that the runner refuses, so that the step fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command as the runner understood it."""

    name: str  # in lower case, since the runner ignores case in names
    properties: dict[str, str] = field(default_factory=dict)  # their names as they were written
    data: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The lines that a step wrote, as commands and as text."""

    commands: tuple[Command, ...]
    lines: tuple[str, ...]  # those that are not commands, and are shown


def decode_commands(output: str | bytes) -> list[Command]:
    """Return the commands in what a step wrote to stdout or stderr, in order."""
    return list(decode_log(output).commands)


def decode_log(output: str | bytes) -> Log:
    """Return the commands in what a step wrote to stdout or stderr, and the other lines.

    Between `stop-commands` and its token every line is shown as it is; those two are commands.

    Raises:
        RunnerError: the token of `stop-commands` is empty or a command's name.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
    """
    commands: list[Command] = []
    lines: list[str] = []
    token: str | None = None  # what ends the stop, while there is one
    for line in _output_lines(_text(output)):
        known = COMMANDS if token is None else COMMANDS | {token}
        command = decode_line(line, known)
        if command is None or (token is not None and command.name != token):
            lines.append(line)
            continue
        commands.append(command)
        if token is not None:
            token = None
        elif command.name == "stop-commands":
            token = _stop_token(command.data)
    return Log(commands=tuple(commands), lines=tuple(lines))


def decode_line(line: str, known: Iterable[str] = COMMANDS) -> Command | None:
    """Return the command that is line, in the present or the old notation, or None.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    return _present_form(line, known) or _old_form(line, known)


def decode_env_file(text: str | bytes, *, windows: bool = False) -> dict[str, str]:
    """Return the names and values in a file such as GITHUB_OUTPUT names; the last of a name wins.

    Args:
        text: the content of the file.
        windows: also take CR LF as a line's end, as the runner does on Windows.

    Raises:
        RunnerError: the runner's message when it fails the step; the whole file is ignored then.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
    """
    values: dict[str, str] = {}
    lines = _file_lines(_text(text), windows=windows)
    while lines:
        line, _ = lines.pop(0)
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
            if not name:
                raise RunnerError(f"Invalid format '{line}'. Name must not be empty")
        elif heredoc >= 0:
            name, _, delimiter = line.partition("<<")
            if not name or not delimiter:
                raise RunnerError(
                    f"Invalid format '{line}'. "
                    "Name must not be empty and delimiter must not be empty"
                )
            value = _heredoc(lines, delimiter)
        else:
            raise RunnerError(f"Invalid format '{line}'")
        values[name] = value
    return values


def decode_path_file(text: str | bytes) -> list[str]:
    """Return the paths in the file that GITHUB_PATH names, in the order of writing.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
    """
    return [line for line in _output_lines(_text(text)) if line]


def _stop_token(data: str) -> str:
    token = _lower(data)
    if not token or token in COMMANDS or token == "pause-logging":
        raise RunnerError(f"Invalid token for stop-commands: '{data}'")
    return token


def _heredoc(lines: list[tuple[str, str]], delimiter: str) -> str:
    value = ""
    end = ""  # of the line before, which belongs to the value only if another line follows
    while lines:
        line, line_end = lines.pop(0)
        if line == delimiter:
            return value
        if not line_end:
            raise RunnerError("Invalid value. EOF marker missing new line.")
        value, end = value + end + line, line_end
    raise RunnerError(f"Invalid value. Matching delimiter not found '{delimiter}'")


def _present_form(line: str, known: Iterable[str]) -> Command | None:
    line = line.lstrip(WHITE_SPACE)
    if not line.startswith("::"):
        return None
    head, found, data = line[2:].partition("::")
    name, _, properties = head.partition(" ")
    if not found or _lower(name) not in known:
        return None
    pairs = _pairs(properties.strip(WHITE_SPACE).split(","))
    return Command(
        name=_lower(name),
        properties={key: _unescape(value, "\r\n:,%") for key, value in pairs},
        data=_unescape(data, "\r\n%"),
    )


def _old_form(line: str, known: Iterable[str]) -> Command | None:
    _, start, rest = line.partition("##[")
    head, end, data = rest.partition("]")
    name, _, properties = head.partition(" ")
    if not start or not end or _lower(name) not in known:
        return None
    return Command(
        name=_lower(name),
        properties={k: _unescape(v, ";\r\n]%") for k, v in _pairs(properties.split(";"))},
        data=_unescape(data, ";\r\n]%"),
    )


def _pairs(properties: list[str]) -> Iterable[tuple[str, str]]:
    """Return key and value of each property; .NET skips `=` at the start of either."""
    for text in properties:
        key, equals, value = text.lstrip("=").partition("=")
        if equals and value.lstrip("="):
            yield key, value.lstrip("=")


def _unescape(text: str, characters: str) -> str:
    """Undo the escapes of characters one after another; `%` comes last in each of the lists."""
    for character in characters:
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def _lower(name: str) -> str:
    return name.translate(_ASCII_LOWER)


def _text(content: str | bytes) -> str:
    if isinstance(content, str):
        return content
    return content.decode("utf-8-sig", "replace")


def _output_lines(text: str) -> list[str]:
    """Return lines as .NET's readers split them: by LF, CR LF, and CR alone."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _file_lines(text: str, *, windows: bool) -> list[tuple[str, str]]:
    """Return lines and their ends: LF, on Windows CR LF too, "" where the file ends before."""
    *ended, last = text.split("\n")
    lines = [
        (line[:-1], "\r\n") if windows and line.endswith("\r") else (line, "\n") for line in ended
    ]
    return [*lines, (last, "")] if last else lines
