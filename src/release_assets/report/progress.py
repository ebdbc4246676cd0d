"""Byte counts of a transfer -> log lines about the progress of files that take long."""

import threading
import time
from collections.abc import Callable

from release_assets import text
from release_assets.light_dataclasses import dataclass

EVERY_SECONDS = 15.0
"""Between two lines about a file. A file that is done sooner gets no progress line."""


@dataclass(kw_only=True)
class _Attempt:
    """When the current attempt of a file started, and when its progress was reported last."""

    started: float
    first_bytes: int  # that were done when it started
    reported: float


class ProgressLines:
    """Reports the progress of large files as lines, for logs that cannot show a progress bar."""

    def __init__(
        self,
        report: Callable[[str], None],
        elapsed: Callable[[], float] = time.monotonic,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._report = report
        self._elapsed = elapsed
        self._every_seconds = every_seconds
        self._attempts: dict[str, _Attempt] = {}
        self._lock = threading.Lock()

    def moved(self, name: str, done: int, size: int) -> None:
        """Record how many bytes of a file are done, and report the progress if it is due."""
        now = self._elapsed()
        with self._lock:
            if done >= size:
                self._attempts.pop(name, None)
                return
            attempt = self._attempts.setdefault(
                name, _Attempt(started=now, first_bytes=done, reported=now)
            )
            if done <= attempt.first_bytes:  # a new attempt started
                attempt = _Attempt(started=now, first_bytes=done, reported=attempt.reported)
                self._attempts[name] = attempt
            if now - attempt.reported < self._every_seconds:
                return
            attempt.reported = now
        moved, seconds = done - attempt.first_bytes, now - attempt.started
        self._report(progress_line(name, done, size, moved, seconds))


def progress_line(name: str, done: int, size: int, moved: int, seconds: float) -> str:
    """Return how much of a file is done, at which rate, and how long the rest may take.

    moved: bytes in these seconds.
    """
    line = f"{name}: {text.size(done)} of {text.size(size)}"
    if moved <= 0 or seconds <= 0:
        return line
    rate = moved / seconds
    return f"{line}, {text.size(int(rate))}/s, {text.seconds((size - done) / rate)} left"
