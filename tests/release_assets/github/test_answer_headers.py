"""Tests for the headers of an answer, and for what they say about its body."""

import io
import socket
from http.client import HTTPException, HTTPResponse, RemoteDisconnected, parse_headers
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.github.http.answer_headers import (
    MAX_HEADERS_BYTES,
    AnswerHeaders,
    BadFramingError,
    read_headers,
)
from release_assets.github.http.receiving import TimedResponse
from release_assets.github.http.timeouts import TIMEOUTS


def read(text: bytes) -> AnswerHeaders:
    return read_headers(io.BytesIO(text))


NAMES = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1)
VALUES = st.binary().map(lambda value: value.translate(None, b"\r\n\0"))


@given(st.lists(st.tuples(NAMES, VALUES), max_size=30), st.sampled_from([b"\r\n", b"\n"]))
def test_the_headers_are_those_of_http_client(
    headers: list[tuple[str, bytes]], line_end: bytes
) -> None:
    lines = [name.encode() + b": " + value for name, value in headers]
    text = b"".join(line + line_end for line in [*lines, b""])
    expected = parse_headers(io.BytesIO(text))
    assert read(text).items() == [
        (name, str(value).strip(" \t")) for name, value in expected.raw_items()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\r\n", {}),
        (b"A:1\r\nb:\t 2 \t\r\n\r\n", {"a": "1", "b": "2"}),
        (b"A:\r\n\r\n", {"a": ""}),
        (b"Link: <a>\r\nlink: <b>\r\n\r\n", {"link": "<a>, <b>"}),
        (b"A: one\r\n two\r\n\tthree \r\nB: 2\r\n\r\n", {"a": "one two three", "b": "2"}),
        (b"A: caf\xe9: \r\n\r\n", {"a": "caf\xe9:"}),
        (b"A: \xa0\x0c1\x85\r\n\r\n", {"a": "\xa0\x0c1\x85"}),
    ],
)
def test_headers_by_name(text: bytes, expected: dict[str, str]) -> None:
    assert read(text).combined() == expected


@pytest.mark.parametrize(
    "line",
    [b"no colon", b": no name", b"a b: 1", b"Content-Length : 5", b" folded", b"\xe9: 1", b"\0: 1"],
)
def test_a_line_that_is_not_a_header_is_refused(line: bytes) -> None:
    with pytest.raises(BadFramingError):
        read(line + b"\r\nContent-Length: 5\r\n\r\n")


@pytest.mark.parametrize("text", [b"", b"A: 1\r\n", b"A: 1\r\nB"])
def test_headers_that_are_cut_off_are_a_broken_connection(text: bytes) -> None:
    with pytest.raises(RemoteDisconnected):
        read(text)


@pytest.mark.parametrize("line", [b"A: 1\r\n", b"A: " + b"1" * MAX_HEADERS_BYTES])
def test_headers_without_end_are_refused(line: bytes) -> None:
    with pytest.raises(BadFramingError):
        read(line * (MAX_HEADERS_BYTES // len(line) + 1))


STATUS_LINES = [
    *(f"HTTP/1.1 {status}" for status in (101, 200, 201, 204, 302, 304, 404, 502)),
    *("HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/0.9 200 OK", "HTTP/1.7 200", "HTTP/2 200 OK"),
]
HEADERS = [
    "Content-Length: 5",
    "Content-Length: 0",
    "Transfer-Encoding: Chunked",
    "Transfer-Encoding: gzip",
    "Connection: Close",
    "Connection: keep-alive",
    "Keep-Alive: timeout=5",
]
ATTRIBUTES = ("status", "code", "reason", "version", "chunked", "length", "will_close")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_answer_is_framed_as_by_http_client(method: str) -> None:
    """Whatever its status line is, with none, one or two of the headers."""
    for status_line, first, second in product(STATUS_LINES, ["", *HEADERS], ["", *HEADERS]):
        if first.partition(":")[0] == second.partition(":")[0] != "":
            continue  # http.client takes the first of a name, whatever the others say
        head = "\r\n".join(line for line in (status_line, first, second) if line) + "\r\n\r\n"
        expected, actual = framing(head, method, HTTPResponse), framing(head, method, timed)
        assert actual == expected, head


@pytest.mark.parametrize(
    "headers",
    [
        *("Content-Length: x", "Content-Length: -1", "Content-Length: +5", "Content-Length: 5 6"),
        *("Content-Length: 5, 6", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5,"),
        *("Content-Length: \xb2",),
    ],
)
def test_a_length_that_is_not_one_number_is_refused(headers: str) -> None:
    """http.client would read until the connection closes, or take the first."""
    assert framing(f"HTTP/1.1 200\r\n{headers}\r\n\r\n", "GET", timed) is BadFramingError


def test_the_same_length_twice_is_one() -> None:
    head = "HTTP/1.1 200\r\nContent-Length: 5, 5\r\ncontent-length: 5\r\n\r\n"
    assert framing(head, "GET", timed)["length"] == 5


def timed(sock: socket.socket, method: str) -> HTTPResponse:
    return TimedResponse(sock, method, timeouts=TIMEOUTS, received=b"", closes_connection=False)


def framing(head: str, method: str, response_class: Any) -> Any:
    """Return what an answer says about its body; the type of the error if it is refused."""
    here, there = socket.socketpair()
    with here, there:
        there.sendall(head.encode("iso-8859-1"))
        there.shutdown(socket.SHUT_WR)
        answer = response_class(here, method=method)
        try:
            answer.begin()
        except HTTPException as error:
            return type(error)
        finally:
            answer.close()
        return {name: getattr(answer, name) for name in ATTRIBUTES}
