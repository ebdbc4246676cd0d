"""Whether to go on: set by a signal, asked by every thread before it begins something."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from release_assets.errors import CancelledRunError

GRACE_SECONDS = 6.0
"""How long what is in hand may take to end.

The runner sends SIGINT, SIGTERM after 7.5 seconds, and kills after 2.5 more.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
"""

_LAST_SECONDS = 1.0  # more, for a request that is just being answered


class Stop:
    """Tells threads to end: at once, but for what is begun and must not stay half done."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._deadline = 0.0  # of who is finishing
        self._finishing = 0  # threads
        self._thread = threading.local()
        self.signal: int | None = None

    def set(self, number: int) -> None:
        """Tell all to end, because of a signal."""
        if not self._event.is_set():
            self.signal = number
            self._deadline = self._elapsed() + GRACE_SECONDS
            self._event.set()

    def is_set(self) -> bool:
        """Say whether to end."""
        return self._event.is_set()

    def check(self) -> None:
        """Return when it is right to go on.

        Raises: CancelledRunError.
        """
        if self._event.is_set() and not self._may_finish():
            raise CancelledRunError

    def sleep(self, seconds: float) -> None:
        """Wait, unless told to end.

        Raises: CancelledRunError; of who is finishing, only when it would take too long.
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
        """Let this thread end what it has begun, for a while, also when it is told to end."""
        self._thread.finishes = True
        with self._lock:
            self._finishing += 1
        try:
            yield
        finally:
            with self._lock:
                self._finishing -= 1
            self._thread.finishes = False

    def is_grace_period_over(self) -> bool:
        """Say whether to wait no longer: who finishes has had its time, or nobody does."""
        if not self._event.is_set():
            return False
        end = self._deadline if self._finishing else self._deadline - GRACE_SECONDS
        return self._elapsed() > end + _LAST_SECONDS

    def _may_finish(self) -> bool:
        finishes: bool = getattr(self._thread, "finishes", False)
        return finishes and self._elapsed() < self._deadline


def run_until_stopped(work: Callable[[], None], stop: Stop) -> bool:
    """Do the work in a thread of its own, listen to SIGINT and SIGTERM, and return when it ends.

    False when it did not end in time: then the process must end without waiting for its threads.
    As PID 1 of a container a process gets no signal that it does not handle itself.

    Raises: what the work raises.
    """
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            failures.append(error)

    def handle(number: int, _frame: FrameType | None) -> None:
        stop.set(number)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    thread = threading.Thread(target=run, name="work", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.5)
            if stop.is_grace_period_over():
                return False
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if failures:
        raise failures[0]
    return True
