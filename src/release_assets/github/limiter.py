"""Limit concurrent uploads, and pause all requests, in reaction to failures and rate limits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from release_assets import text
from release_assets.clock import Clock
from release_assets.stop import Stop

INITIAL_CONCURRENCY = 8
MAX_CONCURRENCY = 32


class Limiter:
    """Limits concurrency by additive increase and multiplicative decrease; pauses all requests.

    When the limit is halved, requests in flight were sent under the old limit. Their failures
    have the same cause, and their successes prove nothing about the new limit. So each halving
    starts a new epoch, each request remembers the epoch in which it was sent, and only results
    from the current epoch count. TCP does the same.
    Source: https://www.rfc-editor.org/rfc/rfc6582 ("recover")
    """

    def __init__(
        self, clock: Clock, log: Callable[[str], None], stop: Stop, concurrency: int | None = None
    ) -> None:
        """concurrency: the highest limit and the first; None: the defaults."""
        self._clock = clock
        self._stop = stop
        self._log = log
        self._max = concurrency or MAX_CONCURRENCY
        self._limit = float(min(concurrency or INITIAL_CONCURRENCY, self._max))
        self._in_use = 0
        self._epoch = 0  # how often the limit was halved
        self._paused_until = 0.0  # in terms of clock.elapsed()
        self._change = threading.Condition()

    @property
    def max_concurrency(self) -> int:
        """The highest limit."""
        return self._max

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a slot, hold it, and release it.

        Raises: CancelledRunError when the run is cancelled while it waits.
        """
        with self._change:
            while self._in_use >= int(self._limit):
                self._change.wait(0.5)
                self._stop.check()
            self._in_use += 1
        try:
            yield
        finally:
            with self._change:
                self._in_use -= 1
                self._change.notify()

    def wait(self) -> int:
        """Wait until no pause is left; return the epoch of a request that is sent now."""
        while (left := self._paused_until - self._clock.elapsed()) > 0:
            self._clock.sleep(left)
        with self._change:
            return self._epoch

    def record_success(self, epoch: int) -> None:
        """Raise the limit: by one in the first epoch, later by one per full set of slots.

        epoch: the one in which the request was sent.
        """
        with self._change:
            if epoch == self._epoch:
                increase = 1.0 if epoch == 0 else 1 / self._limit
                self._limit = min(self._limit + increase, float(self._max))
                self._change.notify()

    def back_off(self, epoch: int) -> bool:
        """Halve the limit after a failure or a rate limit; return False if it was halved already.

        epoch: the one in which the request was sent.
        """
        with self._change:
            is_current = epoch == self._epoch
            if is_current:
                self._limit = max(self._limit / 2, 1.0)
                self._epoch += 1
            return is_current

    def pause(self, seconds: float, reason: str) -> None:
        """Let all requests wait, and log each pause once."""
        until = self._clock.elapsed() + seconds
        with self._change:
            is_new = until > self._paused_until + 1.0
            self._paused_until = max(self._paused_until, until)
        if is_new and seconds >= 1.0:
            self._log(f"{reason}; all requests wait {text.seconds(seconds)}")
