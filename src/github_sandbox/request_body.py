"""The body of a request, read while it arrives, at a limited rate if a test asks for it."""

import time
from dataclasses import dataclass
from typing import Protocol

from github_sandbox.content import BLOCK

LARGEST_JSON = 8 * 1024 * 1024  # bytes


class BadRequestError(Exception):
    """The client sent something that is not valid HTTP, or too large."""


class DisconnectedError(Exception):
    """The client closed the connection, or a fault ends it here."""


class Source(Protocol):
    """The connection that a body comes from."""

    def receive_into(self, view: memoryview) -> int:
        """Read some bytes; 0 when the client has closed the connection."""

    def receive_chunks(self, limit: int) -> bytes:
        """Return a chunked body, decoded; limit: bytes."""

    def write(self, data: bytes | memoryview) -> None:
        """Write to the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """How fast bytes are transferred, and where the transfer stalls or ends."""

    bytes_per_second: float | None = None
    stall_after: int | None = None  # bytes of the body
    stall_seconds: float = 0.0
    cut_after: int | None = None  # bytes of the body; then the connection is reset


class Body:
    """A request's body, read at most once."""

    def __init__(self, connection: Source, length: int | None, *, chunked: bool) -> None:
        self._connection = connection
        self.length = length
        self.chunked = chunked
        self.remaining = length or 0
        self.received = 0
        self.throttle = Throttle()
        self.expects_continue = False
        self._stalled = False
        self._loaded: bytes | None = None

    @property
    def loaded(self) -> bytes | None:
        """The body, if `load` has read it."""
        return self._loaded

    @property
    def finished(self) -> bool:
        """Whether the whole body has been read."""
        return not self.chunked and self.remaining == 0

    @property
    def is_cut(self) -> bool:
        """Whether the throttle ends the connection at this byte."""
        cut_after = self.throttle.cut_after
        return cut_after is not None and self.received >= cut_after

    def readinto(self, view: memoryview) -> int:
        """Read some bytes; 0 at the end.

        Raises:
            DisconnectedError: the client closed the connection too early, or a fault cuts it here.
        """
        self._send_continue()
        want = self._allowed_bytes(len(view))
        self._stall()
        if self.is_cut:
            raise DisconnectedError
        if want == 0:
            return 0
        count = self._connection.receive_into(view[:want])
        if count == 0:
            raise DisconnectedError
        self.received += count
        self.remaining -= count
        if self.throttle.bytes_per_second:
            time.sleep(count / self.throttle.bytes_per_second)
        return count

    def load(self) -> None:
        """Read a small body, such as JSON, so that `read` need not wait for the client."""
        self._loaded = self.read()

    def read(self) -> bytes:
        """Return the whole of a small body, such as JSON.

        Raises:
            BadRequestError: it is larger than LARGEST_JSON.
        """
        if self._loaded is not None:
            return self._loaded
        if self.chunked:
            return self._read_chunks()
        if self.remaining > LARGEST_JSON:
            raise BadRequestError("the body is too large")
        buffer = bytearray(self.remaining)
        position = 0
        while position < len(buffer):
            position += self.readinto(memoryview(buffer)[position:])
        return bytes(buffer)

    def drain(self) -> None:
        """Read the rest and discard it."""
        if self.chunked:
            self.read()
            return
        if self.remaining == 0 or self.expects_continue:
            return
        buffer = memoryview(bytearray(min(BLOCK, self.remaining)))
        while self.readinto(buffer):
            pass

    def _read_chunks(self) -> bytes:
        self._send_continue()
        data = self._connection.receive_chunks(LARGEST_JSON)
        self.received += len(data)
        self.chunked = False
        return data

    def _allowed_bytes(self, most: int) -> int:
        """Return how many bytes may be read at once: up to the next stall or cut."""
        want = min(most, self.remaining)
        throttle = self.throttle
        for limit in (throttle.cut_after, None if self._stalled else throttle.stall_after):
            if limit is not None and limit > self.received:
                want = min(want, limit - self.received)
        if want and throttle.bytes_per_second:
            want = min(want, max(1, int(throttle.bytes_per_second / 20)))
        return want

    def _send_continue(self) -> None:
        if self.expects_continue:
            self.expects_continue = False
            self._connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _stall(self) -> None:
        after = self.throttle.stall_after
        if after is not None and not self._stalled and self.received >= after:
            self._stalled = True
            time.sleep(self.throttle.stall_seconds)
