"""Single flight: one request for all threads that ask at the same time."""

import threading
from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SingleFlight(Generic[Value]):
    """Shares a read among threads: one that began after a thread asked answers it.

    When GitHub fails, many uploads fail at once; each needs to know what became of it, and every
    list of assets is several requests of the few that a token has.
    """

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._order = count()
        self._last: tuple[int, Value] | None = None  # when it began, and what it returned

    def get(self) -> Value:
        """Return the value as it is at some moment after the call.

        Raises: what reading raises, to each thread that waits, after an attempt of its own.
        """
        asked = next(self._order)
        with self._lock:
            if self._last is None or self._last[0] < asked:
                began = next(self._order)
                self._last = began, self._read()
            return self._last[1]
