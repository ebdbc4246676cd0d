"""Send a body over one socket, and stop when the server answers early."""

import errno
import math
import re
import select
import socket
import ssl
import struct
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import cast

from urllib3.util.ssltransport import SSLTransport

from release_assets.github.http.openssl import clear_error_queue
from release_assets.github.http.receiving import ENDLESS_ANSWER, MAX_INTERIM_BYTES
from release_assets.github.http.timeouts import StallTimer, Timeouts
from release_assets.github.http.tunnel import limit_step

if sys.platform == "linux":
    import fcntl
    import termios

_STATUS_LENGTH = len(b"HTTP/1.1 103")
_INTERIM = re.compile(rb"HTTP/1\.\d 1(?!01)")  # 101 is a final answer
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINGER = "hh" if sys.platform == "win32" else "ii"  # struct linger: on or off, seconds
_RESET, _NO_RESET = struct.pack(_LINGER, 1, 0), struct.pack(_LINGER, 0, 0)
_MAX_TLS_RECORD = 16 * 1024
_TOOK_NOTHING = "it took no more bytes"


class Sender:
    """Sends a body while it watches for an answer.

    A server may answer before the end of the body: wrong token, immutable release, too large, too
    many requests. It then reads on, stops reading or closes the connection. A client that only
    writes would send everything for nothing, block forever, or get a broken pipe instead of the
    answer.

    Source: https://www.rfc-editor.org/rfc/rfc9112#section-9.5 ("A client sending a message body
    SHOULD monitor the network connection for an error response while it is transmitting the
    request").
    """

    def __init__(self, sock: socket.socket | SSLTransport, timeouts: Timeouts) -> None:
        self._sock = sock
        self._timeouts = timeouts
        self._bytes_sent = 0  # accepted by the operating system
        self._received = bytearray()
        self._is_done = False  # an answer has begun, or none will come
        self._error: OSError | None = None
        self.is_complete = False  # whether the whole body was sent
        # Until the body is complete, closing resets the connection. A reset discards what is in
        # the send buffer: up to megabytes that the server will not read.
        self._set_linger(_RESET)
        sock.settimeout(0)
        limit_step(sock, math.inf)  # no read blocks here
        self._stall_timer = StallTimer(
            timeouts.answer_seconds, timeouts.min_bytes, self._bytes_acknowledged
        )

    @property
    def received(self) -> bytes:
        """The bytes of the answer received so far, without interim answers."""
        return bytes(self._received)

    def send_body(self, blocks: Iterable[bytes]) -> None:
        """Send the body, until an answer comes or none will come.

        Raises: TimeoutError when nothing moves for too long, or less than the minimum rate; what
            reading the blocks raises.
        """
        sent_at = time.monotonic()
        for block in blocks:
            self._stall_timer.exclude(time.monotonic() - sent_at)
            self._send(memoryview(block))
            if self._is_done:
                return
            sent_at = time.monotonic()
        self.is_complete = True
        self._set_linger(_NO_RESET)
        self._stall_timer.restart()

    def wait_for_answer(self) -> None:
        """Return when the answer has begun, or the peer has closed the connection.

        While the peer still acknowledges bytes of the body, the connection is not stalled.

        Raises: OSError when the connection broke without an answer, TimeoutError when nothing
            moves for too long.
        """
        while not self._is_done:
            self._wait_ready("nothing came back", write=False)
            self._receive()
        if self._error is not None:
            raise self._error

    def _set_linger(self, option: bytes) -> None:
        sock = self._sock.socket if isinstance(self._sock, SSLTransport) else self._sock
        with suppress(OSError):  # the connection may be broken already
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)

    def _send(self, view: memoryview) -> None:
        while view and not self._is_done:
            readable, writable = self._wait_ready(_TOOK_NOTHING, write=True)
            if readable:
                self._receive()
            if writable and not self._is_done:
                size = self._write(view)
                self._bytes_sent += size
                view = view[size:]

    def _write(self, view: memoryview) -> int:
        """Write what the socket accepts, and return the number of bytes."""
        try:
            if isinstance(self._sock, SSLTransport):
                return self._write_record(self._sock, view)
            return self._sock.send(view)
        except (BlockingIOError, ssl.SSLWantWriteError):
            return 0  # not writable after all: the caller waits again
        except ssl.SSLWantReadError:  # TLS has to read before it can write
            self._wait_ready(_TOOK_NOTHING, write=False)
            self._receive()
        except OSError as error:
            self._handle_write_error(error)
        return 0

    def _write_record(self, sock: SSLTransport, view: memoryview) -> int:
        """Write at most one record of TLS inside TLS, and return the number of bytes.

        It loses what it cannot write at once, so it has to block. The socket is writable, which
        leaves room for one record.
        """
        record = view[:_MAX_TLS_RECORD]
        sock.settimeout(self._timeouts.stall_seconds)
        try:
            sock.sendall(record)  # type: ignore[arg-type] # accepts any buffer
        finally:
            sock.settimeout(0)
        return len(record)

    def _receive(self) -> None:
        """Read what has arrived, and notice an answer, the end of the connection or an error.

        A readable socket alone proves nothing: TLS sends session tickets, and servers send
        interim answers.
        """
        try:
            while not self._is_done:
                self._check_stall_timer()
                data = self._sock.recv(64 * 1024)
                self._received += cast("bytes", data)  # SSLTransport declares int, returns bytes
                self._is_done = not data or self._has_answer()
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return  # nothing more has arrived
        except OSError as error:
            self._is_done, self._error = True, error

    def _handle_write_error(self, error: OSError) -> None:
        """Read what the peer sent before the connection broke: it may be the answer."""
        clear_error_queue()
        self._receive()
        self._is_done, self._error = True, None if self._has_answer() else error

    def _has_answer(self) -> bool:
        """Drop the interim answers, and say whether the final one has begun.

        Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.2 ("a client MUST be able to
        parse one or more 1xx responses received prior to a final response").
        """
        while _INTERIM.match(self._received):
            end = _HEAD_END.search(self._received)
            if end is None:
                return len(self._received) > MAX_INTERIM_BYTES
            del self._received[: end.end()]
        return len(self._received) >= _STATUS_LENGTH

    def _wait_ready(self, stall_reason: str, *, write: bool) -> tuple[bool, bool]:
        """Wait until the socket is readable or writable, and return both.

        stall_reason: the start of the message when it is neither for too long.

        Raises: TimeoutError when no byte moves for too long, or less than the minimum rate.
        """
        step = min(self._timeouts.stall_seconds / 4, 1.0)
        idle_seconds = 0.0
        queued: int | None = None  # unknown before the first step
        while True:
            self._check_stall_timer()
            readable, writable = _ready(self._sock.fileno(), write=write, seconds=step)
            if readable or writable:
                return readable, writable
            queued_before, queued = queued, _queued_bytes(self._sock.fileno())
            idle_seconds = idle_seconds + step if queued == queued_before else 0.0
            if idle_seconds >= self._timeouts.stall_seconds:
                seconds = f"{self._timeouts.stall_seconds:g} seconds"
                raise TimeoutError(errno.ETIMEDOUT, f"{stall_reason} for {seconds}")

    def _check_stall_timer(self) -> None:
        """Raise TimeoutError when the stall timer has expired."""
        if not self._stall_timer.has_expired():
            return
        if self.is_complete and not _queued_bytes(self._sock.fileno()):
            raise TimeoutError(errno.ETIMEDOUT, ENDLESS_ANSWER)
        least, seconds = self._timeouts.min_bytes, self._timeouts.answer_seconds
        reason = f"it took less than {least:,} bytes in {seconds:g} seconds"
        raise TimeoutError(errno.ETIMEDOUT, reason)

    def _bytes_acknowledged(self) -> int:
        return self._bytes_sent - _queued_bytes(self._sock.fileno())


if sys.platform == "win32":

    def _ready(fileno: int, *, write: bool, seconds: float) -> tuple[bool, bool]:
        readable, writable, _ = select.select([fileno], [fileno] if write else [], [], seconds)
        return bool(readable), bool(writable)

else:

    def _ready(fileno: int, *, write: bool, seconds: float) -> tuple[bool, bool]:
        """Return whether a socket is readable and writable, after some seconds at most.

        An error or a hangup counts as readable: reading then returns which it is.
        """
        poll = select.poll()
        poll.register(fileno, select.POLLIN | (select.POLLOUT if write else 0))
        events = poll.poll(seconds * 1000)
        event = events[0][1] if events else 0
        return bool(event & ~select.POLLOUT), bool(event & select.POLLOUT)


def _queued_bytes(fileno: int) -> int:
    """Return how many bytes in the send buffer the peer has not acknowledged.

    Linux reports a socket as writable only when a third of its buffer is free, which may be
    megabytes. Over a slow link that takes minutes, although bytes move all the time.

    Source: https://man7.org/linux/man-pages/man7/tcp.7.html (SIOCOUTQ, the same as TIOCOUTQ).
    Other systems report a socket as writable when there is any room, so 0 will do there.
    """
    if sys.platform != "linux":
        return 0
    answer = fcntl.ioctl(fileno, termios.TIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", answer)[0])
