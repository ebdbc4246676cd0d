"""A body out over one socket, with an ear open for the answer."""

import errno
import math
import re
import select
import socket
import ssl
import struct
import sys
import time
from contextlib import suppress
from typing import cast

from urllib3.util.ssltransport import SSLTransport

from release_assets.github.http.openssl import forget_errors
from release_assets.github.http.receiving import ENDLESS
from release_assets.github.http.timeouts import StallTimer, Timeouts
from release_assets.github.http.tunnel import let_take

if sys.platform == "linux":
    import fcntl
    import termios

_LARGEST_INTERIM = 64 * 1024  # bytes of answers before the answer; http.client's limit for a line
_STATUS = len(b"HTTP/1.1 103")
_INTERIM = re.compile(rb"HTTP/1\.\d 1(?!01)")  # 101 is an answer, if to a question never asked
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINGER = "hh" if sys.platform == "win32" else "ii"  # whether to, how many seconds
_RESET, _NO_RESET = struct.pack(_LINGER, 1, 0), struct.pack(_LINGER, 0, 0)
_RECORD = 16 * 1024  # bytes, the most that TLS packs at once


class Sender:
    """Sends a body, and hears the answer when it comes, be it before the end of the body.

    A server may answer at once when it wants no body: wrong token, immutable release, too large,
    too many requests. It then reads on, or does not, or closes. Whoever only writes sends all in
    vain, waits for ever, or finds a broken pipe in place of the answer.

    Source: https://www.rfc-editor.org/rfc/rfc9112#section-9.5 ("A client sending a message body
    SHOULD monitor the network connection for an error response while it is transmitting the
    request").
    """

    def __init__(self, sock: socket.socket | SSLTransport, timeouts: Timeouts) -> None:
        self._sock = sock
        self._timeouts = timeouts
        self._sent = 0  # bytes handed to the system
        self._heard = bytearray()
        self._over = False  # nothing more is to be sent or waited for
        self._error: OSError | None = None
        self.is_whole = False  # whether the body was sent to its end
        # A body that ends too early ends with a reset, which throws away what waits in the
        # system: up to megabytes that nobody wants, or that nobody would ever take.
        self._linger(_RESET)
        sock.settimeout(0)
        let_take(sock, math.inf)  # what is read here is never waited for
        self._stall_timer = StallTimer(
            timeouts.answer_seconds, timeouts.least_bytes, self._confirmed
        )
        self._left = time.monotonic()  # when the last piece was sent

    @property
    def heard(self) -> bytes:
        """What is read of the answer, without interim ones."""
        return bytes(self._heard)

    def send(self, data: bytes) -> bool:
        """Send a piece; return False when there is an answer, or none to be had: send no more.

        Raises: TimeoutError when nothing moves, or next to nothing, for too long.
        """
        view, writes = memoryview(data), True
        self._stall_timer.exclude(time.monotonic() - self._left)
        while view and not self._over:
            readable, writable = self._wait("it took no more bytes", write=writes)
            if readable and self._listen():
                break
            if not writable and writes:
                continue
            writes = True
            try:
                size = self._write(view)
                self._sent += size
                view = view[size:]
            except (BlockingIOError, ssl.SSLWantWriteError):
                continue
            except ssl.SSLWantReadError:
                writes = False  # TLS has something to settle before it goes on
            except OSError as error:
                self._break(error)
        self._left = time.monotonic()
        return not self._over

    def end(self) -> None:
        """Take note that the body was sent to its end."""
        self.is_whole = True
        self._linger(_NO_RESET)
        self._stall_timer.renew()

    def hear(self) -> None:
        """Return when the answer has begun, or the peer has closed.

        Bytes of the body may still be on their way: while the peer takes them, it is not waited
        in vain.

        Raises: OSError when the connection broke without an answer, TimeoutError when nothing
            moves for too long.
        """
        while not self._over:
            self._wait("nothing came back", write=False)
            self._listen()
        if self._error is not None:
            raise self._error

    def _linger(self, option: bytes) -> None:
        sock = self._sock.socket if isinstance(self._sock, SSLTransport) else self._sock
        with suppress(OSError):  # it may be broken already
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)

    def _write(self, view: memoryview) -> int:
        """Write as much as goes without waiting, and return how many bytes."""
        if not isinstance(self._sock, SSLTransport):
            return self._sock.send(view)
        # TLS within TLS loses what it cannot write at once, so it must wait. There is room for
        # a record: the socket said so.
        piece = view[:_RECORD]
        self._sock.settimeout(self._timeouts.stall_seconds)
        try:
            self._sock.sendall(piece)  # type: ignore[arg-type] # any buffer does
        finally:
            self._sock.settimeout(0)
        return len(piece)

    def _listen(self) -> bool:
        """Read what came; return whether that is an answer, the end or an error.

        That there is something to read proves nothing: TLS sends session tickets, and servers
        interim answers.
        """
        try:
            while not self._over:
                self._check_time()
                data = self._sock.recv(64 * 1024)
                self._heard += cast("bytes", data)  # SSLTransport says int too, and never is
                self._over = not data or self._is_answer()
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False  # there is no more for now
        except OSError as error:
            self._over, self._error = True, error
        return self._over

    def _break(self, error: OSError) -> None:
        """Take what the peer said before it broke the connection: it may be the answer."""
        forget_errors()
        self._listen()
        answered = self._is_answer()
        self._over, self._error = True, None if answered else error

    def _is_answer(self) -> bool:
        """Say whether an answer has begun, dropping the interim ones before it.

        Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.2 ("a client MUST be able to
        parse one or more 1xx responses received prior to a final response").
        """
        while _INTERIM.match(self._heard):
            end = _HEAD_END.search(self._heard)
            if end is None:
                return len(self._heard) > _LARGEST_INTERIM
            del self._heard[: end.end()]
        return len(self._heard) >= _STATUS

    def _wait(self, complaint: str, *, write: bool) -> tuple[bool, bool]:
        """Return whether there is something to read, and room to write, as soon as either is.

        Raises: TimeoutError when neither comes and no byte moves, or few do, for too long.
        """
        step = min(self._timeouts.stall_seconds / 4, 1.0)
        idle = 0.0
        queued: int | None = None  # the first step tells only where it stands
        while True:
            self._check_time()
            readable, writable = _ready(self._sock.fileno(), write=write, seconds=step)
            if readable or writable:
                return readable, writable
            before, queued = queued, _queued(self._sock.fileno())
            idle = idle + step if queued == before else 0.0
            if idle >= self._timeouts.stall_seconds:
                seconds = f"{self._timeouts.stall_seconds:g} seconds"
                raise TimeoutError(errno.ETIMEDOUT, f"{complaint} for {seconds}")

    def _check_time(self) -> None:
        """See to it that what moves comes to an end.

        Raises: TimeoutError when it was next to nothing for too long.
        """
        if not self._stall_timer.has_expired():
            return
        if self.is_whole and not _queued(self._sock.fileno()):
            raise TimeoutError(errno.ETIMEDOUT, ENDLESS)
        least, seconds = self._timeouts.least_bytes, self._timeouts.answer_seconds
        told = f"it took less than {least:,} bytes in {seconds:g} seconds"
        raise TimeoutError(errno.ETIMEDOUT, told)

    def _confirmed(self) -> int:
        """Return how many bytes the peer has taken, as far as the system tells."""
        return self._sent - _queued(self._sock.fileno())


if sys.platform == "win32":

    def _ready(fileno: int, *, write: bool, seconds: float) -> tuple[bool, bool]:
        readable, writable, _ = select.select([fileno], [fileno] if write else [], [], seconds)
        return bool(readable), bool(writable)

else:

    def _ready(fileno: int, *, write: bool, seconds: float) -> tuple[bool, bool]:
        """Return what a socket is ready for, after some seconds at most.

        An error or a hangup counts as something to read: reading tells which it is.
        """
        poll = select.poll()
        poll.register(fileno, select.POLLIN | (select.POLLOUT if write else 0))
        events = poll.poll(seconds * 1000)
        event = events[0][1] if events else 0
        return bool(event & ~select.POLLOUT), bool(event & select.POLLOUT)


def _queued(fileno: int) -> int:
    """Return how many bytes the system holds that the peer has not confirmed.

    Linux calls a socket writable when a third of its buffer is free, megabytes on a fast start:
    over a slow link that takes minutes in which every byte moves.

    Source: https://man7.org/linux/man-pages/man7/tcp.7.html (SIOCOUTQ, the same as TIOCOUTQ).
    Elsewhere any room counts, so that a socket that is not writable does not move.
    """
    if sys.platform != "linux":
        return 0
    answer = fcntl.ioctl(fileno, termios.TIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", answer)[0])
