"""An answer in over one socket, which comes to its end in time."""

import errno
import io
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import Any

from release_assets.github.http.timeouts import StallTimer, Timeouts
from release_assets.github.http.tunnel import let_take

ENDLESS = "the answer does not end"
"""What is wrong with one whose time is over."""

_LARGEST_INTERIM = (
    64 * 1024
)  # bytes of interim answers before the answer; as for requests with a body


class BadFramingError(HTTPException):
    """An answer whose framing is not HTTP: nobody can tell where it ends."""


class TimedResponse(HTTPResponse):
    """An answer that is waited for as long as that makes sense, and may have begun before."""

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
        *,
        timeouts: Timeouts,
        heard: bytes = b"",
        last: bool = False,
    ) -> None:
        """heard: what was read of it from the socket. last: whether the connection ends with it."""
        super().__init__(sock, debuglevel, method, url)
        self._timeouts = timeouts
        stall_timer = StallTimer(timeouts.answer_seconds)
        self._timed = _Timed(
            heard, self.fp.detach(), stall_timer, partial(let_take, sock, timeouts.stall_seconds)
        )
        self.fp = io.BufferedReader(self._timed)
        self._last = last
        self._taken = 0

    def begin(self, *arguments: object, **options: object) -> None:
        """Read the head; a body that was not sent to its end leaves nothing to go on with.

        Raises: TimeoutError when it does not end, as reading the body does; BadFramingError.
        """
        super().begin(*arguments, **options)
        self._check_length()
        self._timed.stall_timer.renew()
        if self._last:
            self.will_close = True

    def _check_length(self) -> None:
        """Refuse a length that is no number: Python would read on until the connection ends.

        Source: https://www.rfc-editor.org/rfc/rfc9112#section-6.3 (5: "unrecoverable error")
        """
        told = ",".join(self.headers.get_all("content-length", []))
        lengths = {length.strip() for length in told.split(",")} if told else set()
        if any(not (length.isascii() and length.isdigit()) for length in lengths):
            raise BadFramingError("the length of the answer is not a number")
        if len(lengths) > 1:
            raise BadFramingError("the answer has more than one length")

    def _read_status(self) -> tuple[str, int, str]:
        """Read the status of the answer, and skip the interim ones before it.

        http.client skips 100 alone. 101 is an answer, if to a question never asked.

        Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.2 ("a client MUST be able to
        parse one or more 1xx responses received prior to a final response").
        """
        left = _LARGEST_INTERIM
        while True:
            status: tuple[str, int, str] = super()._read_status()  # type: ignore[misc] # not in typeshed
            if not 100 <= status[1] < 200 or status[1] == 101:
                return status
            line = b""
            while line not in {b"\r\n", b"\n"}:
                line = self.fp.readline(left)
                left -= len(line)
                if not line or left <= 0:
                    raise BadFramingError("the interim answers do not end")
            left -= 1  # so that even empty ones come to an end

    def _safe_read(self, amt: int) -> bytes:
        """Read so many bytes; urllib3 asks for a chunk of the size that the server says.

        Python takes -1 for all that comes.
        """
        if amt < 0:
            raise BadFramingError("a part of the answer has a negative size")
        data: bytes = super()._safe_read(amt)  # type: ignore[misc] # not in typeshed
        return data

    def hand_on(self, parts: Iterator[bytes], *, is_file: bool) -> Iterator[bytes]:
        """Yield the parts that the body is unpacked to, and note what moves.

        is_file: whether it may take as long as it takes, while it moves.
        """
        if is_file:
            least, seconds = self._timeouts.least_bytes, self._timeouts.answer_seconds
            self._timed.stall_timer = StallTimer(seconds, least, lambda: self._taken)
            self._timed.complaint = f"it gave less than {least:,} bytes in {seconds:g} seconds"
        for part in parts:
            self._taken += len(part)
            began = time.monotonic()
            yield part
            self._timed.stall_timer.exclude(time.monotonic() - began)


class _Timed(io.RawIOBase):
    """Bytes that were read ahead, then those of the socket, while there is patience."""

    def __init__(
        self, ahead: bytes, rest: io.RawIOBase, stall_timer: StallTimer, before: Callable[[], None]
    ) -> None:
        """before: called before each read."""
        self.stall_timer = stall_timer
        self.complaint = ENDLESS
        self._before = before
        self._ahead = memoryview(ahead)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._rest.fileno()

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any buffer that takes bytes
        if not self._ahead:
            if self.stall_timer.has_expired():
                raise TimeoutError(errno.ETIMEDOUT, self.complaint)
            self._before()
            return self._rest.readinto(buffer)
        size = min(len(buffer), len(self._ahead))
        buffer[:size] = self._ahead[:size]
        self._ahead = self._ahead[size:]
        return size

    def close(self) -> None:
        self._rest.close()
        super().close()
