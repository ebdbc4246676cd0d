"""Cancels a run after a signal: threads check it before each request."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from release_assets.errors import CancelledRunError

GRACE_SECONDS = 6.0
"""How long a swap that was started may take to finish.

The runner sends SIGINT, SIGTERM after 7.5 seconds, and kills after 2.5 more.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
"""

_RESPONSE_SECONDS = 1.0  # in addition, for the response to the last request


class Stop:
    """Cancels threads at once, except for those in a grace period, which finish a swap."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._deadline = 0.0  # of threads in their grace period
        self._graced = 0  # threads in their grace period
        self._thread = threading.local()
        self.signal: int | None = None

    def set(self, number: int) -> None:
        """Cancel all threads, because of a signal."""
        if not self._event.is_set():
            self.signal = number
            self._deadline = self._elapsed() + GRACE_SECONDS
            self._event.set()

    def is_set(self) -> bool:
        """Say whether the run is cancelled."""
        return self._event.is_set()

    def check(self) -> None:
        """Return when this thread may continue.

        Raises: CancelledRunError.
        """
        if self._event.is_set() and not self._has_grace():
            raise CancelledRunError

    def sleep(self, seconds: float) -> None:
        """Wait; end early when the run is cancelled.

        Raises: CancelledRunError; in a grace period, only if the wait would exceed it.
        """
        end = self._elapsed() + seconds
        if not self._event.wait(seconds):
            return
        self.check()
        left = end - self._elapsed()
        if left > self._deadline - self._elapsed():
            raise CancelledRunError
        if left > 0:
            time.sleep(left)

    @contextmanager
    def grace_period(self) -> Iterator[None]:
        """Give this thread time to finish its swap, even if the run is cancelled meanwhile."""
        self._thread.has_grace = True
        with self._lock:
            self._graced += 1
        try:
            yield
        finally:
            with self._lock:
                self._graced -= 1
            self._thread.has_grace = False

    def is_grace_period_over(self) -> bool:
        """Say whether the process should exit: no thread has a grace period left."""
        if not self._event.is_set():
            return False
        end = self._deadline if self._graced else self._deadline - GRACE_SECONDS
        return self._elapsed() > end + _RESPONSE_SECONDS

    def _has_grace(self) -> bool:
        has_grace: bool = getattr(self._thread, "has_grace", False)
        return has_grace and self._elapsed() < self._deadline


def run_until_stopped(work: Callable[[], None], stop: Stop) -> bool:
    """Do the work in another thread, cancel it after SIGINT or SIGTERM, return when it ends.

    False when it did not end in time: then the process must exit without waiting for its threads.
    PID 1 of a container receives only signals that it handles itself.

    Raises: what the work raises.
    """
    worker = _Worker(work)
    with _cancelled_by_signals(stop):
        worker.start()
        while worker.is_alive():
            worker.join(0.5)
            if stop.is_grace_period_over():
                return False
    if worker.error is not None:
        raise worker.error
    return True


class _Worker(threading.Thread):
    """A thread that keeps what its work raises."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="work", daemon=True)
        self._work = work
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do the work."""
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self.error = error


@contextmanager
def _cancelled_by_signals(stop: Stop) -> Iterator[None]:
    """Let SIGINT and SIGTERM cancel the threads within the context."""

    def handle(number: int, _frame: FrameType | None) -> None:
        stop.set(number)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def exit_at_once(code: int) -> NoReturn:
    """End the process without waiting for threads that still wait for a response."""
    sys.stdout.flush()
    os._exit(code)
