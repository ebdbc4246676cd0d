"""Timeouts: how long to wait for a connection, for the next byte and for a whole answer."""

import time
from collections.abc import Callable

from release_assets.light_dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """The timeouts of every request. A file has no total timeout, only a minimum rate."""

    # Leaves time for three TCP SYN packets, sent after 1, 3 and 7 seconds, and for a slow proxy.
    connect_seconds: float = 30.0
    # Without a byte in either direction. GitHub needs far less to store 2 GiB before it answers,
    # and networks drop connections that are silent for some minutes.
    stall_seconds: float = 120.0
    # For the head of an answer, and for a body that is not a file: neither is large.
    answer_seconds: float = 600.0
    # The minimum rate of a file, in bytes per `answer_seconds`, in either direction: 437 bytes a
    # second, at which 32 concurrent files still fit through 14 kB/s.
    min_bytes: int = 256 * 1024


TIMEOUTS = Timeouts()
"""The timeouts of real runs."""


class StallTimer:
    """Expires after some seconds, or when fewer than `min_bytes` moved in such a period.

    It does not detect that no byte moves at all: the socket's own timeout does so earlier.
    """

    def __init__(
        self,
        seconds: float,
        min_bytes: int | None = None,
        bytes_moved: Callable[[], int] = int,
    ) -> None:
        """min_bytes: to move in each period; None: there is one period only.

        bytes_moved: returns the number of bytes moved so far.
        """
        self._seconds = seconds
        self._min_bytes = min_bytes
        self._bytes_moved = bytes_moved
        self.restart()

    def restart(self) -> None:
        """Begin a new period."""
        self._deadline = time.monotonic() + self._seconds
        self._moved_before = self._bytes_moved()

    def exclude(self, seconds: float) -> None:
        """Extend the period by a time in which the program did not wait for the peer."""
        self._deadline += seconds

    def has_expired(self) -> bool:
        """Say whether the period is over with too few bytes; with enough, begin a new one."""
        if time.monotonic() <= self._deadline:
            return False
        if self._min_bytes is None or self._bytes_moved() - self._moved_before < self._min_bytes:
            return True
        self.restart()
        return False
