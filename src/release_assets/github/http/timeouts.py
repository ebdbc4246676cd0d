"""How long the other side is waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long to wait; a file as a whole may take as long as it takes."""

    # Three tries of TCP's first packet, after 1, 3 and 7 seconds, and some more for a slow proxy.
    connect_seconds: float = 30.0
    # Without a byte in either direction. GitHub stores 2 GiB before it answers, which takes it
    # far less; networks drop what was silent for some minutes, so longer is in vain.
    stall_seconds: float = 120.0
    # For the head of an answer, and for the body of one that is no file, however slowly they come:
    # none is large.
    answer_seconds: float = 600.0
    # Of a file in each such time, out or in: 437 bytes a second, with which 32 files at once still
    # go through 14 kB/s. On less nobody waits for a release.
    least_bytes: int = 256 * 1024


class StallTimer:
    """So many seconds for all; or for so many bytes, and then again for as many.

    That nothing moves at all is seen by others, and sooner.
    """

    def __init__(
        self, seconds: float, least_bytes: int | None = None, moved: Callable[[], int] = int
    ) -> None:
        """moved: returns how many bytes have moved up to now; asked when the time is over."""
        self._seconds = seconds
        self._least_bytes = least_bytes
        self._moved = moved
        self.renew()

    def renew(self) -> None:
        """Begin anew from here."""
        self._until = time.monotonic() + self._seconds
        self._mark = self._moved()

    def exclude(self, seconds: float) -> None:
        """Leave out a time in which nobody waited for the other side."""
        self._until += seconds

    def has_expired(self) -> bool:
        """Say whether the time is over, and too few bytes moved in it."""
        if time.monotonic() <= self._until:
            return False
        if self._least_bytes is None or self._moved() - self._mark < self._least_bytes:
            return True
        self.renew()
        return False
