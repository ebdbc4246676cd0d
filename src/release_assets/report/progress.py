"""Bytes moved -> a line about each file that takes long, now and then."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from release_assets import text

EVERY_SECONDS = 15.0
"""Between two lines about a file; whatever is done sooner has no line but that of its end."""


@dataclass(slots=True)
class _Seen:
    """Where a file stood when its try began, and when it was told last."""

    began: float
    first: int  # bytes
    told: float


class ProgressLines:
    """Tells, for where nothing can be drawn over, how far the large files are."""

    def __init__(
        self,
        tell: Callable[[str], None],
        elapsed: Callable[[], float] = time.monotonic,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._tell = tell
        self._elapsed = elapsed
        self._every = every_seconds
        self._seen: dict[str, _Seen] = {}
        self._lock = threading.Lock()

    def moved(self, name: str, done: int, size: int) -> None:
        """Take note of how far a file is, and tell it when it is time."""
        now = self._elapsed()
        with self._lock:
            if done >= size:
                self._seen.pop(name, None)
                return
            seen = self._seen.setdefault(name, _Seen(began=now, first=done, told=now))
            if done <= seen.first:
                self._seen[name] = _Seen(began=now, first=done, told=seen.told)
            if now - seen.told < self._every:
                return
            seen = self._seen[name]
            seen.told = now
        self._tell(progress_line(name, done, size, done - seen.first, now - seen.began))


def progress_line(name: str, done: int, size: int, moved: int, seconds: float) -> str:
    """Return how far a file is, how fast it goes, and how long it may still take.

    moved: bytes in these seconds.
    """
    line = f"{name}: {text.size(done)} of {text.size(size)}"
    if moved <= 0 or seconds <= 0:
        return line
    rate = moved / seconds
    return f"{line}, {text.size(int(rate))}/s, {text.seconds((size - done) / rate)} left"
