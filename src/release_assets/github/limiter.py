"""How many requests at once, and when to wait: one pace for all threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from release_assets.clock import Clock
from release_assets.stop import Stop

START = 8
MOST = 32


class Limiter:
    """Lets uploads through: full speed until GitHub complains, then fewer, then slowly more.

    Additive increase, multiplicative decrease. When one request is told to wait, all wait.

    What is under way when the pace is cut says nothing of the new one: its failures are those that
    the cut answers, and its successes were begun at the old pace. So every request knows the round
    in which it began, each cut begins another, and only news of the present round count. TCP does
    the same. Source: https://www.rfc-editor.org/rfc/rfc6582 ("recover")
    """

    def __init__(
        self, clock: Clock, log: Callable[[str], None], stop: Stop, limit: int | None = None
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._log = log
        self._most = limit or MOST
        self._limit = float(min(limit or START, self._most))
        self._busy = 0
        self._round = 0  # how often the limit was halved
        self._resume = 0.0  # clock.elapsed() at which requests may go on
        self._change = threading.Condition()

    @property
    def most(self) -> int:
        """The most requests that will ever be under way at once."""
        return self._most

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a place, hold it, give it back.

        Raises: CancelledRunError when the run is told to end before there is one.
        """
        with self._change:
            while self._busy >= int(self._limit):
                self._change.wait(0.5)
                self._stop.check()
            self._busy += 1
        try:
            yield
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify()

    def wait(self) -> int:
        """Return when no pause is on: the round in which a request begins that is sent now."""
        while (left := self._resume - self._clock.elapsed()) > 0:
            self._clock.sleep(left)
        with self._change:
            return self._round

    def succeeded(self, began: int) -> None:
        """Note a request that GitHub took: one more at once.

        After a complaint, only once as many as there are places went well.

        began: the round in which it did.
        """
        with self._change:
            if began == self._round:
                more = 1.0 if began == 0 else 1 / self._limit
                self._limit = min(self._limit + more, float(self._most))
                self._change.notify()

    def back_off(self, began: int) -> bool:
        """Note that GitHub failed or said to slow down: half as many at once, from now on.

        began: the round in which that request did. Return whether that is news.
        """
        with self._change:
            is_news = began == self._round
            if is_news:
                self._limit = max(self._limit / 2, 1.0)
                self._round += 1
            return is_news

    def pause(self, seconds: float, why: str) -> None:
        """Let nobody begin a request for so long; say so, once for a pause."""
        until = self._clock.elapsed() + seconds
        with self._change:
            news = until > self._resume + 1.0
            self._resume = max(self._resume, until)
        if news and seconds >= 1.0:
            self._log(f"{why}; all requests wait {seconds:.0f} s")
