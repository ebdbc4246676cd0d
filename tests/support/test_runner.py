"""The decoder that other tests rely on follows the runner's own tests and source."""

import pytest

from tests.support.runner import (
    Command,
    RunnerError,
    decode_commands,
    decode_env_file,
    decode_line,
    decode_log,
    decode_path_file,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("::debug::test", Command(name="debug", data="test")),
        ("::DEBUG::", Command(name="debug")),
        (" \t\u3000::debug::x", Command(name="debug", data="x")),
        (
            "::error file=a,line=1::m",
            Command(name="error", properties={"file": "a", "line": "1"}, data="m"),
        ),
        (
            "::error k1=%2C;%3A%0D%0A%25,k2=v::%0D%0A%25%3A",
            Command(name="error", properties={"k1": ",;:\r\n%", "k2": "v"}, data="\r\n%%3A"),
        ),
        (
            "::error k1=%25250D::%25250D",
            Command(name="error", properties={"k1": "%250D"}, data="%250D"),
        ),
        (
            "::error a=,b==x,=c=y,d, e=z ::",
            Command(name="error", properties={"b": "x", "c": "y", " e": "z"}),
        ),
        ("::error::a::b", Command(name="error", data="a::b")),
        (
            "x ##[error k1=a%3B;k2=b%5D]data%5D",
            Command(name="error", properties={"k1": "a;", "k2": "b]"}, data="data]"),
        ),
        ("::unknown::##[debug]x", Command(name="debug", data="x")),
        ("::unknown::x", None),
        ("x::debug::y", None),
        (":debug::", None),
        ("::debug", None),
        ("::debug:", None),
        ("##[debug", None),
        ("##[unknown]##[debug]x", None),
        ("", None),
    ],
)
def test_a_line_is_decoded_as_the_runner_does(line: str, expected: Command | None) -> None:
    assert decode_line(line) == expected


def test_lines_end_as_in_dotnet() -> None:
    log = decode_log(b"a\r::debug::b\r\n::debug::c\nd\x0b::debug::x\xe2\x80\xa8::debug::y\n\n\xff")
    assert [command.data for command in log.commands] == ["b", "c"]
    assert log.lines == ("a", "d\x0b::debug::x\u2028::debug::y", "", "\ufffd")


def test_stopped_commands_are_shown_as_text() -> None:
    log = decode_log("::stop-commands::Tok\n::error::a\n::tOK::\n::error::b\n::tok::\n")
    assert [command.name for command in log.commands] == ["stop-commands", "tok", "error"]
    assert log.lines == ("::error::a", "::tok::")


@pytest.mark.parametrize("token", ["", "error", "Pause-Logging"])
def test_a_token_that_is_a_command_stops_nothing(token: str) -> None:
    with pytest.raises(RunnerError):
        decode_commands(f"::stop-commands::{token}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("\n\n", {}),
        ("a=1\nb=\nc=x=y<<z\n\na=2", {"a": "2", "b": "", "c": "x=y<<z"}),
        ("a<<EOF\nEOF\n", {"a": ""}),
        ("a<<EOF\n\nEOF", {"a": ""}),
        ("a<<EOF\n\n\nEOF", {"a": "\n"}),
        ("a<<EOF\n1\nEOF \n EOF\nEOF\nb=2", {"a": "1\nEOF \n EOF", "b": "2"}),
        ("a<<=\nb=c\n=\n", {"a": "b=c"}),
        ("a=1\r\nb<<E\r\nx\r\nE\r\n", {"a": "1\r", "b": "x\r"}),
    ],
)
def test_an_env_file_is_decoded(text: str, expected: dict[str, str]) -> None:
    assert decode_env_file(text) == expected
    assert decode_env_file(b"\xef\xbb\xbf" + text.encode()) == expected


def test_an_env_file_of_windows_is_decoded() -> None:
    text = "a=1\r\nb<<E\r\nx\r\r\n\ny\r\nE\r\nc=\r"
    assert decode_env_file(text, windows=True) == {"a": "1", "b": "x\r\r\n\ny", "c": "\r"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a", "Invalid format 'a'"),
        ("=a", "Invalid format '=a'. Name must not be empty"),
        (
            "<<E\nE\n",
            "Invalid format '<<E'. Name must not be empty and delimiter must not be empty",
        ),
        ("a<<\n", "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty"),
        ("a<<E\n", "Invalid value. Matching delimiter not found 'E'"),
        ("a<<E\nb\n", "Invalid value. Matching delimiter not found 'E'"),
        ("a<<E\nb", "Invalid value. EOF marker missing new line."),
    ],
)
def test_an_invalid_env_file_fails_the_step(text: str, message: str) -> None:
    with pytest.raises(RunnerError) as caught:
        decode_env_file(text)
    assert str(caught.value) == message


def test_a_path_file_is_decoded() -> None:
    assert decode_path_file("/a\n\n/b c\r\n") == ["/a", "/b c"]
