"""A request's body as it streams in, and the pace at which bytes move."""

import time
from dataclasses import dataclass
from typing import Protocol

from github_sandbox.content import BLOCK

LARGEST_JSON = 8 * 1024 * 1024  # bytes


class BadRequestError(Exception):
    """What arrived is not HTTP that this server takes."""


class HungUpError(Exception):
    """The client is gone, or the server is to cut it off."""


class Source(Protocol):
    """Where a body comes from."""

    def receive_into(self, view: memoryview) -> int:
        """Read some bytes; 0 when the client has closed."""

    def receive_chunks(self, limit: int) -> bytes:
        """Return a chunked body, decoded."""

    def write(self, data: bytes | memoryview) -> None:
        """Write to the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast bytes move, and where they are held up."""

    bytes_per_second: float | None = None
    stall_after: int | None = None  # bytes of the body
    stall_seconds: float = 0.0
    cut_after: int | None = None  # bytes of the body; then the connection is reset


class Body:
    """A request's body, read at most once."""

    def __init__(self, connection: "Source", length: int | None, *, chunked: bool) -> None:
        self._connection = connection
        self.length = length
        self.chunked = chunked
        self.remaining = length or 0
        self.received = 0
        self.pace = Pace()
        self.expects_continue = False
        self._stalled = False
        self._loaded: bytes | None = None

    @property
    def loaded(self) -> bytes | None:
        """What `load` has read; None when it was not called."""
        return self._loaded

    @property
    def finished(self) -> bool:
        """Whether nothing more of it is to come."""
        return not self.chunked and self.remaining == 0

    def readinto(self, view: memoryview) -> int:
        """Read some bytes; 0 at the end.

        Raises:
            HungUpError: the client closed the connection too early, or a fault cuts it here.
        """
        self._invite()
        want = min(len(view), self.remaining)
        for limit in (self.pace.cut_after, None if self._stalled else self.pace.stall_after):
            if limit is not None and limit > self.received:
                want = min(want, limit - self.received)
        self._stall()
        if self.pace.cut_after is not None and self.received >= self.pace.cut_after:
            raise HungUpError
        if want == 0:
            return 0
        rate = self.pace.bytes_per_second
        if rate:
            want = min(want, max(1, int(rate / 20)))
        got = self._connection.receive_into(view[:want])
        if got == 0:
            raise HungUpError
        self.received += got
        self.remaining -= got
        if rate:
            time.sleep(got / rate)
        return got

    def load(self) -> None:
        """Read a body that is small, such as JSON, so that `read` need not wait for the client."""
        self._loaded = self.read()

    def read(self) -> bytes:
        """Return the whole of a body that is small, such as JSON.

        Raises:
            BadRequestError: it is larger than any JSON has to be.
        """
        if self._loaded is not None:
            return self._loaded
        if self.chunked:
            self._invite()
            data = self._connection.receive_chunks(LARGEST_JSON)
            self.received += len(data)
            self.chunked = False
            return data
        if self.remaining > LARGEST_JSON:
            raise BadRequestError("the body is too large")
        buffer = bytearray(self.remaining)
        position = 0
        while position < len(buffer):
            position += self.readinto(memoryview(buffer)[position:])
        return bytes(buffer)

    def drain(self) -> None:
        """Read the rest and forget it."""
        if self.chunked:
            self.read()
            return
        if self.remaining == 0 or self.expects_continue:
            return
        buffer = memoryview(bytearray(min(BLOCK, self.remaining)))
        while self.readinto(buffer):
            pass

    def _invite(self) -> None:
        if self.expects_continue:
            self.expects_continue = False
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _stall(self) -> None:
        after = self.pace.stall_after
        if after is not None and not self._stalled and self.received >= after:
            self._stalled = True
            time.sleep(self.pace.stall_seconds)
