"""Single flight: one request serves all threads that ask at the same time."""

import threading
from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SingleFlight(Generic[Value]):
    """Shares a read among threads. A thread gets the result of a read that started after its call.

    When GitHub fails, many uploads fail at once, and each one must refresh the list of assets. That
    takes several requests each, and the rate limit of a token is low.
    """

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._order = count()
        self._last: tuple[int, Value] | None = None  # its place in the order, and its result

    def get(self) -> Value:
        """Return the value at some moment after the call.

        Raises: what the read raises. Each waiting thread then reads for itself.
        """
        called = next(self._order)
        with self._lock:
            if self._last is None or self._last[0] < called:
                started = next(self._order)
                self._last = started, self._read()
            return self._last[1]
