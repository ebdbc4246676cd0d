"""Read the headers of an answer; http.client parses them as those of a mail, which is slow."""

import re
from http.client import HTTPException, HTTPMessage, RemoteDisconnected
from typing import BinaryIO

MAX_HEADERS_BYTES = 64 * 1024
"""Bytes of all headers of an answer; the same as http.client's limit for a line."""

_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~\w]+):(.*)\n")
_LINE_ENDS = (b"\r\n", b"\n")


class BadFramingError(HTTPException):
    """The framing of an answer is not HTTP, so that its end cannot be found."""


class AnswerHeaders(HTTPMessage):
    """The headers of an answer, of the class that urllib3 requires."""

    def items(self) -> list[tuple[str, str]]:
        """Return the headers as they were received, without decoding them as those of a mail."""
        return list(self.raw_items())

    def combined(self) -> dict[str, str]:
        """Return the headers by name in lower case; values of the same name are joined.

        Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.2
        """
        combined: dict[str, str] = {}
        for name, value in self.raw_items():
            key = name.lower()
            combined[key] = f"{combined[key]}, {value}" if key in combined else value
        return combined


def read_headers(stream: BinaryIO) -> AnswerHeaders:
    """Read the headers up to the empty line.

    A line that is not a header is refused: http.client takes it for the end of the headers, so
    that those after it, such as the length, are lost.

    Source: https://www.rfc-editor.org/rfc/rfc9112#section-5 ("No whitespace is allowed between the
    field name and colon"; 5.2: a line that begins with a space continues the one before)

    Raises: BadFramingError; RemoteDisconnected when they do not end.
    """
    headers: list[tuple[str, str]] = []
    left = MAX_HEADERS_BYTES
    while (line := stream.readline(left)) not in _LINE_ENDS:
        left -= len(line)
        if left <= 0:
            raise BadFramingError("the headers of the answer do not end")
        if not line.endswith(b"\n"):
            raise RemoteDisconnected("within the headers")
        if header := _HEADER.fullmatch(line):
            headers.append((header[1].decode(), _text(header[2])))
        elif line[:1] in b" \t" and headers:
            name, value = headers.pop()
            headers.append((name, f"{value} {_text(line)}".strip(" ")))
        else:
            raise BadFramingError("a line of the answer is not a header")
    message = AnswerHeaders()
    for name, value in headers:
        message.set_raw(name, value)
    return message


def _text(value: bytes) -> str:
    """Return a value as text, without the line end and the white space around it."""
    return value.strip(b" \t\r\n").decode("iso-8859-1")
