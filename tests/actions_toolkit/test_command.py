import io
import os
import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given

from actions_toolkit.command import (
    Command,
    escape_data,
    escape_property,
    write_line,
)
from tests.support import runner
from tests.support.runner import decode_commands
from tests.support.texts import TEXT

NASTY = "%:,=\r\n 0AD#[];"
SHORT = ["".join(parts) for n in range(4) for parts in product(NASTY, repeat=n)]


def test_every_short_message_reaches_the_runner_unchanged() -> None:
    for message in SHORT:
        line = str(Command("error", {}, message))
        assert decode_commands(line) == [runner.Command(name="error", data=message)], message


def test_every_short_property_reaches_the_runner_trimmed_but_otherwise_unchanged() -> None:
    for value in SHORT:
        line = str(Command("error", {"title": value, "file": value}, "m"))
        (command,) = decode_commands(line)
        assert command.properties == _as_received(title=value, file=value), value
        assert command.data == "m"


@given(TEXT, TEXT, TEXT)
def test_any_text_reaches_the_runner(title: str, file: str, message: str) -> None:
    (command,) = decode_commands(str(Command("notice", {"title": title, "file": file}, message)))
    assert command.properties == _as_received(title=title, file=file)
    assert (command.name, command.data) == ("notice", message)


def _as_received(title: str, file: str) -> dict[str, str]:
    """Return two properties as the runner parses them: trimmed, and without `=` at the start."""
    blanks = runner.WHITE_SPACE.replace("\r", "").replace("\n", "")  # those two are escaped
    values = (
        {"title": title, "file": file.rstrip(blanks)} if file else {"title": title.rstrip(blanks)}
    )
    return {name: value.lstrip("=") for name, value in values.items() if value.lstrip("=")}


@pytest.mark.parametrize(
    ("name", "properties", "message", "expected"),
    [
        ("", {}, "", "::missing.command::"),
        ("a", None, "b", "::a::b"),
        ("a", {"k": ""}, "b", "::a ::b"),
        (
            *("a", {"k": 0, "l": 1, "m": None, "n": [1, 2]}, {"x": 1}),
            '::a l=1,n=[1%2C2]::{"x":1}',
        ),
    ],
)
def test_a_command_is_formatted(
    name: str, properties: dict[str, object] | None, message: object, expected: str
) -> None:
    assert str(Command(name, properties, message)) == expected


def test_messages_and_properties_are_escaped() -> None:
    assert escape_data("%\r\n:,%25") == "%25%0D%0A:,%2525"
    assert escape_property("%\r\n:,%25") == "%25%0D%0A%3A%2C%2525"
    assert escape_data(None) == ""


def test_stdout_is_unbuffered_utf8_in_any_locale() -> None:
    program = (
        "from actions_toolkit import core; import os\n"
        "print('first')\n"
        r"core.info('\xe9 \ud800 \udc80 \U0001f600')"
        "\n"
        r"core.error('m', title='\u65e5\u672c')"
        "\n"
        "print('last', flush=True)\n"
        "core.info('kept')\n"
        "os._exit(0)\n"
    )
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run([sys.executable, "-c", program], env=environ, stdout=subprocess.PIPE)
    lines = ["first", "é \ufffd \ufffd 😀", "::error title=日本::m", "last", "kept", ""]
    assert done.stdout == os.linesep.join(lines).encode()


def test_a_stdout_without_a_buffer_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    from actions_toolkit import core

    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    core.info("é\ud800")
    assert stream.getvalue() == f"é\ufffd{os.linesep}"


def test_a_stdout_of_another_encoding_gets_utf8(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    print("first")
    write_line("é日")
    assert raw.getvalue() == f"first{os.linesep}é日{os.linesep}".encode()
