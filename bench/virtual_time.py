"""Threads that take turns, and time that passes only when all of them wait.

A simulation of hours must not take hours, and must come to the same end twice. So one thread runs
at a time. It hands on its turn where it sleeps, waits for a lock or for a thread, or ends; when
nobody is left who could take it, the clock jumps to who wakes next. A thread that waits for an
answer over HTTP keeps its turn: the server in this process spends it, and what the server sleeps is
slept by whoever asked.
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


class StuckError(Exception):
    """Every thread waits for another."""


@dataclass(slots=True, eq=False)
class _Place:
    """Where a thread waits for its turn."""

    gate: Any = field(default_factory=_lock)
    called: bool = False  # it is to go on, or has
    late: bool = False  # for its time was up

    def __post_init__(self) -> None:
        self.gate.acquire()


class VirtualTime:
    """A clock, and whose turn it is."""

    def __init__(self, start: float) -> None:
        self._now = start  # seconds since the epoch
        self._ready: deque[_Place] = deque()
        self._timers: list[tuple[float, int, _Place]] = []
        self._waiting: dict[_Place, None] = {}
        self._order = count()
        self._local = threading.local()
        self._stuck = False

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let so much time pass, and whoever wants to go on meanwhile."""
        self.wait(_Place(), seconds)

    def run(self, work: Callable[[], Value]) -> Value:
        """Return what work returns; the threads that it starts, and theirs, take turns.

        Raises: what work raises; StuckError.
        """
        with self._in_place_of_real_ones(), self._taking_part():
            return work()

    def takes_part(self) -> bool:
        """Say whether the thread that asks is one of those that take turns."""
        return bool(getattr(self._local, "takes_part", False))

    def wait(self, place: _Place, seconds: float | None = None) -> bool:
        """Hand on the turn, and return when it comes back; False when the time was up.

        Raises: StuckError.
        """
        if seconds is not None:
            entry = (self._now + max(seconds, 0.0), next(self._order), place)
            heapq.heappush(self._timers, entry)
        self._waiting[place] = None
        self.hand_on()
        place.gate.acquire()
        del self._waiting[place]
        if self._stuck:
            raise StuckError
        return not place.late

    def call(self, place: _Place) -> bool:
        """Let the thread at a place go on when its turn comes; False when it does so anyway."""
        if place.called:
            return False
        place.called = True
        self._ready.append(place)
        return True

    def hand_on(self) -> None:
        """Give the turn to the next thread; where there is none, let the time come for one."""
        while not self._ready and self._timers:
            moment, _, place = heapq.heappop(self._timers)
            if self.call(place):
                place.late = True
                self._now = max(self._now, moment)
        if not self._ready and self._waiting:
            self._stuck = True
            for place in self._waiting:
                self.call(place)
        if self._ready:
            self._ready.popleft().gate.release()

    @contextmanager
    def _taking_part(self) -> Iterator[None]:
        self._local.takes_part = True
        try:
            yield
        finally:
            self._local.takes_part = False

    @contextmanager
    def _in_place_of_real_ones(self) -> Iterator[None]:
        """Give the threads that take turns locks and threads of their own."""

        def pick(ours: Callable[[], object], real: Callable[[], object]) -> Callable[[], object]:
            return lambda: ours() if self.takes_part() else real()

        class Thread(_TurnThread):
            time = self

        lock = pick(lambda: _TurnLock(self), _lock)
        with (
            patch.object(threading, "Lock", lock),
            patch.object(threading, "_allocate_lock", lock),  # which Condition takes
            patch.object(threading, "RLock", pick(threading._PyRLock, _rlock)),  # type: ignore[attr-defined]  # noqa: SLF001
            patch.object(queue, "SimpleQueue", pick(queue._PySimpleQueue, _queue)),  # type: ignore[attr-defined]  # noqa: SLF001
            patch.object(threading, "Thread", Thread),
        ):
            yield


class _TurnLock:
    """A lock; whoever waits for it has handed on the turn. Fair."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._held = False
        self._line: deque[_Place] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not self._held:
            self._held = True
            return True
        if not blocking:
            return False
        place = _Place()
        self._line.append(place)
        if self._time.wait(place, None if timeout < 0 else timeout):
            return True  # whoever released it has left it held
        self._line.remove(place)
        return False

    def release(self) -> None:
        if not self._held:
            raise RuntimeError("release unlocked lock")
        for place in tuple(self._line):
            if self._time.call(place):
                self._line.remove(place)
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


class _TurnThread(_Thread):
    """A thread that takes turns, when the one that starts it does."""

    time: VirtualTime

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as Thread has it
        with self._as_real():
            super().__init__(*arguments, **options)
        self._place: _Place | None = None
        self._joining: list[_Place] = []
        self._is_over = False

    def start(self) -> None:
        if self.time.takes_part():
            self._place = _Place()
            self.time.call(self._place)
        with self._as_real():
            super().start()

    def run(self) -> None:
        if self._place is None:
            super().run()
            return
        self._place.gate.acquire()
        try:
            with self.time._taking_part():  # noqa: SLF001
                super().run()
        finally:
            self._is_over = True
            for place in self._joining:
                self.time.call(place)
            self.time.hand_on()

    def join(self, timeout: float | None = None) -> None:
        if self._place is not None and not self._is_over and self.time.takes_part():
            place = _Place()
            self._joining.append(place)
            if not self.time.wait(place, timeout):
                return
        with self._as_real():
            super().join(timeout)

    @contextmanager
    def _as_real(self) -> Iterator[None]:
        """Wait for the machine, not for a turn: what is waited for needs none."""
        local = self.time._local  # noqa: SLF001
        before, local.takes_part = self.time.takes_part(), False
        try:
            yield
        finally:
            local.takes_part = before
