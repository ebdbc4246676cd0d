"""Receive an answer over one socket, within its timeouts."""

import errno
import io
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from http.client import HTTPResponse, UnknownProtocol
from typing import Any

from release_assets.github.http.answer_headers import BadFramingError, read_headers
from release_assets.github.http.timeouts import StallTimer, Timeouts
from release_assets.github.http.tunnel import limit_step

ENDLESS_ANSWER = "the answer does not end"
"""The reason given for an answer that exceeds its total timeout."""

_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED, HTTPStatus.SWITCHING_PROTOCOLS}

MAX_INTERIM_BYTES = 64 * 1024
"""Bytes of interim answers before the final one; the same as http.client's limit for a line."""


class TimedResponse(HTTPResponse):
    """An answer with timeouts, of which the first bytes may have been received already."""

    def __init__(
        self,
        sock: socket.socket,
        method: str,
        *,
        timeouts: Timeouts,
        received: bytes,
        closes_connection: bool,
    ) -> None:
        """received: the bytes of the answer that were read from the socket before."""
        super().__init__(sock, method=method)
        self._timeouts = timeouts
        self._reader = _TimedReader(
            received,
            self.fp.detach(),
            StallTimer(timeouts.answer_seconds),
            before_read=partial(limit_step, sock, timeouts.stall_seconds),
        )
        self.fp = io.BufferedReader(self._reader)
        self._is_head = method == "HEAD"
        self._closes_connection = closes_connection
        self._bytes_yielded = 0

    def begin(self, *_: object, **__: object) -> None:
        """Read the head, and set the same attributes as http.client.

        Raises: TimeoutError when the head does not end, as reading the body does;
            BadFramingError, RemoteDisconnected, UnknownProtocol.
        """
        version, self.status, reason = self._read_status()
        self.code = self.status
        self.reason = reason.strip()
        if not version.startswith(("HTTP/1.", "HTTP/0.9")):
            raise UnknownProtocol(version)
        self.version = 10 if version in {"HTTP/1.0", "HTTP/0.9"} else 11
        self.headers = self.msg = read_headers(self.fp)
        self._set_framing(self.headers.combined())
        self._reader.stall_timer.restart()

    def _set_framing(self, headers: Mapping[str, str]) -> None:
        """Find out how the body ends.

        headers: names in lower case.

        Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.3
        """
        self.chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        length = _length(headers.get("content-length", ""))
        if self._is_head or self.status in _WITHOUT_BODY:
            self.length = 0
        else:
            self.length = None if self.chunked else length
        has_end = self.chunked or self.length is not None
        closes = self._check_close()  # type: ignore[attr-defined] # not in typeshed
        self.will_close = self._closes_connection or not has_end or closes

    def _read_status(self) -> tuple[str, int, str]:
        """Skip interim answers, and return version, status and reason of the final one.

        http.client skips only 100. 101 is a final answer.

        Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.2 ("a client MUST be able to
        parse one or more 1xx responses received prior to a final response").
        """
        left = MAX_INTERIM_BYTES
        while True:
            status: tuple[str, int, str] = super()._read_status()  # type: ignore[misc] # not in typeshed
            if not 100 <= status[1] < 200 or status[1] == 101:
                return status
            left = self._skip_headers(left) - 1  # also bounds their number if they have no header

    def _skip_headers(self, most_bytes: int) -> int:
        """Skip the headers of an interim answer, and return how many bytes are left."""
        line = b""
        while line not in {b"\r\n", b"\n"}:
            line = self.fp.readline(most_bytes)
            most_bytes -= len(line)
            if not line or most_bytes <= 0:
                raise BadFramingError("the interim answers do not end")
        return most_bytes

    def _safe_read(self, amt: int) -> bytes:
        """Read so many bytes, for a chunk of the size that the server sent.

        Python would read to the end for -1.
        """
        if amt < 0:
            raise BadFramingError("a part of the answer has a negative size")
        data: bytes = super()._safe_read(amt)  # type: ignore[misc] # not in typeshed
        return data

    def timed_parts(self, parts: Iterator[bytes], *, is_file: bool) -> Iterator[bytes]:
        """Yield the decoded parts of the body, and count their bytes for the stall timer.

        is_file: whether a minimum rate applies, instead of a total timeout.
        """
        if is_file:
            least, seconds = self._timeouts.min_bytes, self._timeouts.answer_seconds
            self._reader.stall_timer = StallTimer(seconds, least, lambda: self._bytes_yielded)
            self._reader.timeout_reason = (
                f"it gave less than {least:,} bytes in {seconds:g} seconds"
            )
        for part in parts:
            self._bytes_yielded += len(part)
            yielded_at = time.monotonic()
            yield part
            self._reader.stall_timer.exclude(time.monotonic() - yielded_at)


def _length(header: str) -> int | None:
    """Return the length of a body; None without one.

    A length that is not a number is refused: Python would read until the connection closes.

    Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.3 (5: "unrecoverable error")
    """
    if not header:
        return None
    lengths = {length.strip() for length in header.split(",")}
    if any(not (length.isascii() and length.isdigit()) for length in lengths):
        raise BadFramingError("the length of the answer is not a number")
    if len(lengths) > 1:
        raise BadFramingError("the answer has more than one length")
    return int(lengths.pop())


class _TimedReader(io.RawIOBase):
    """The bytes received already, then those of the socket until the stall timer expires."""

    def __init__(
        self,
        received: bytes,
        source: io.RawIOBase,
        stall_timer: StallTimer,
        *,
        before_read: Callable[[], None],
    ) -> None:
        """before_read: called before each read of the socket."""
        self.stall_timer = stall_timer
        self.timeout_reason = ENDLESS_ANSWER
        self._before_read = before_read
        self._received = memoryview(received)
        self._source = source

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._source.fileno()

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        if not self._received:
            if self.stall_timer.has_expired():
                raise TimeoutError(errno.ETIMEDOUT, self.timeout_reason)
            self._before_read()
            return self._source.readinto(buffer)
        size = min(len(buffer), len(self._received))
        buffer[:size] = self._received[:size]
        self._received = self._received[size:]
        return size

    def close(self) -> None:
        self._source.close()
        super().close()
