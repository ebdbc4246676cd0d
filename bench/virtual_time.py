"""A deterministic scheduler for threads, with a virtual clock that advances when all of them wait.

A simulation of hours must not take hours, and must give the same result each time. So only one
thread runs at a time. It yields to the next one when it sleeps, waits for a lock or for a thread,
or ends; if no thread can run, the clock jumps to the next wake-up time. A thread that waits for an
answer over HTTP does not yield: meanwhile the server in this process runs, and when the server
sleeps, the client's thread sleeps.
"""

import heapq
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, TypeVar
from unittest.mock import patch

Value = TypeVar("Value")
_Thread = threading.Thread
_lock, _rlock, _queue = threading.Lock, threading.RLock, queue.SimpleQueue


class DeadlockError(Exception):
    """Every thread waits for another one."""


@dataclass(slots=True, eq=False)
class _Waiter:
    """A thread that waits to be scheduled."""

    gate: Any = field(default_factory=_lock)
    is_woken: bool = False  # it may run, or has run
    has_timed_out: bool = False  # it was woken by its timeout

    def __post_init__(self) -> None:
        self.gate.acquire()


class VirtualTime:
    """A virtual clock, and the scheduler of the threads that use it."""

    def __init__(self, start: float) -> None:
        self._now = start  # seconds since the epoch
        self._ready: deque[_Waiter] = deque()
        self._timers: list[tuple[float, int, _Waiter]] = []
        self._waiting: dict[_Waiter, None] = {}
        self._order = count()
        self._local = threading.local()
        self._is_deadlocked = False

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass, while other threads run."""
        self.wait(_Waiter(), seconds)

    def run(self, work: Callable[[], Value]) -> Value:
        """Return what work returns; all threads that it starts, directly or indirectly, are scheduled.

        Raises: what work raises; DeadlockError.
        """
        with self._patched_threading(), self._scheduled():
            return work()

    def is_scheduled(self) -> bool:
        """Return whether the current thread is scheduled here."""
        return bool(getattr(self._local, "is_scheduled", False))

    def wait(self, waiter: _Waiter, seconds: float | None = None) -> bool:
        """Run other threads until this one is woken; return False if it was woken by the timeout.

        Raises: DeadlockError.
        """
        if seconds is not None:
            entry = (self._now + max(seconds, 0.0), next(self._order), waiter)
            heapq.heappush(self._timers, entry)
        self._waiting[waiter] = None
        self.switch()
        waiter.gate.acquire()
        del self._waiting[waiter]
        if self._is_deadlocked:
            raise DeadlockError
        return not waiter.has_timed_out

    def wake(self, waiter: _Waiter) -> bool:
        """Make a waiting thread runnable; return False if it already is."""
        if waiter.is_woken:
            return False
        waiter.is_woken = True
        self._ready.append(waiter)
        return True

    def switch(self) -> None:
        """Run the next thread; if none is runnable, advance the clock to the next timer."""
        while not self._ready and self._timers:
            moment, _, waiter = heapq.heappop(self._timers)
            if self.wake(waiter):
                waiter.has_timed_out = True
                self._now = max(self._now, moment)
        if not self._ready and self._waiting:
            self._is_deadlocked = True
            for waiter in self._waiting:
                self.wake(waiter)
        if self._ready:
            self._ready.popleft().gate.release()

    @contextmanager
    def _scheduled(self) -> Iterator[None]:
        self._local.is_scheduled = True
        try:
            yield
        finally:
            self._local.is_scheduled = False

    @contextmanager
    def _patched_threading(self) -> Iterator[None]:
        """Make scheduled threads use virtual locks and threads."""

        def choose(
            virtual: Callable[[], object], real: Callable[[], object]
        ) -> Callable[[], object]:
            return lambda: virtual() if self.is_scheduled() else real()

        class Thread(_VirtualThread):
            time = self

        lock = choose(lambda: _VirtualLock(self), _lock)
        with (
            patch.object(threading, "Lock", lock),
            patch.object(threading, "_allocate_lock", lock),  # which Condition takes
            patch.object(threading, "RLock", choose(threading._PyRLock, _rlock)),  # type: ignore[attr-defined]  # noqa: SLF001
            patch.object(queue, "SimpleQueue", choose(queue._PySimpleQueue, _queue)),  # type: ignore[attr-defined]  # noqa: SLF001
            patch.object(threading, "Thread", Thread),
        ):
            yield


class _VirtualLock:
    """A fair lock; other threads run while one waits for it."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._held = False
        self._waiters: deque[_Waiter] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not self._held:
            self._held = True
            return True
        if not blocking:
            return False
        waiter = _Waiter()
        self._waiters.append(waiter)
        if self._time.wait(waiter, None if timeout < 0 else timeout):
            return True  # release() left it held, for this thread
        self._waiters.remove(waiter)
        return False

    def release(self) -> None:
        if not self._held:
            raise RuntimeError("release unlocked lock")
        for waiter in tuple(self._waiters):
            if self._time.wake(waiter):
                self._waiters.remove(waiter)
                return
        self._held = False

    def locked(self) -> bool:
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class _VirtualThread(_Thread):
    """A thread that is scheduled if the thread that starts it is."""

    time: VirtualTime

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as Thread has it
        with self._unscheduled():
            super().__init__(*arguments, **options)
        self._waiter: _Waiter | None = None
        self._joiners: list[_Waiter] = []
        self._has_ended = False

    def start(self) -> None:
        if self.time.is_scheduled():
            self._waiter = _Waiter()
            self.time.wake(self._waiter)
        with self._unscheduled():
            super().start()

    def run(self) -> None:
        if self._waiter is None:
            super().run()
            return
        self._waiter.gate.acquire()
        try:
            with self.time._scheduled():  # noqa: SLF001
                super().run()
        finally:
            self._has_ended = True
            for waiter in self._joiners:
                self.time.wake(waiter)
            self.time.switch()

    def join(self, timeout: float | None = None) -> None:
        if self._waiter is not None and not self._has_ended and self.time.is_scheduled():
            waiter = _Waiter()
            self._joiners.append(waiter)
            if not self.time.wait(waiter, timeout):
                return
        with self._unscheduled():
            super().join(timeout)

    @contextmanager
    def _unscheduled(self) -> Iterator[None]:
        """Wait in real time, for what happens without the scheduler."""
        local = self.time._local  # noqa: SLF001
        before, local.is_scheduled = self.time.is_scheduled(), False
        try:
            yield
        finally:
            local.is_scheduled = before
