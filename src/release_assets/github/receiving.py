"""An answer in over one socket, which comes to its end in time."""

import errno
import io
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPResponse
from typing import Any

from release_assets.github.patience import Patience, Timeouts
from release_assets.github.tunnel import let_take

ENDLESS = "the answer does not end"
"""What is wrong with one whose time is over."""


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
        patience = Patience(timeouts.answer_seconds)
        self._timed = _Timed(
            heard, self.fp.detach(), patience, partial(let_take, sock, timeouts.stall_seconds)
        )
        self.fp = io.BufferedReader(self._timed)
        self._last = last
        self._taken = 0

    def begin(self, *arguments: object, **options: object) -> None:
        """Read the head; a body that was not sent to its end leaves nothing to go on with.

        Raises: TimeoutError when it does not end, as reading the body does.
        """
        super().begin(*arguments, **options)
        self._timed.patience.renew()
        if self._last:
            self.will_close = True

    def hand_on(self, parts: Iterator[bytes], *, is_file: bool) -> Iterator[bytes]:
        """Yield the parts that the body is unpacked to, and note what moves.

        is_file: whether it may take as long as it takes, while it moves.
        """
        if is_file:
            least, seconds = self._timeouts.least_bytes, self._timeouts.answer_seconds
            self._timed.patience = Patience(seconds, least, lambda: self._taken)
            self._timed.complaint = f"it gave less than {least:,} bytes in {seconds:g} seconds"
        for part in parts:
            self._taken += len(part)
            began = time.monotonic()
            yield part
            self._timed.patience.spare(time.monotonic() - began)


class _Timed(io.RawIOBase):
    """Bytes that were read ahead, then those of the socket, while there is patience."""

    def __init__(
        self, ahead: bytes, rest: io.RawIOBase, patience: Patience, before: Callable[[], None]
    ) -> None:
        """before: called before each read."""
        self.patience = patience
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
            if self.patience.is_over():
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
