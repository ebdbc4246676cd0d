import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.virtual_time import DeadlockError, VirtualTime

pytestmark = pytest.mark.slow


def test_virtual_time_passes_only_by_sleeping() -> None:
    clock = VirtualTime(1000.0)
    began = time.monotonic()

    def work() -> list[float]:
        def nap(hours: int) -> float:
            clock.sleep(hours * 3600.0)
            return clock.now()

        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(nap, (3, 1, 2)))

    assert clock.run(work) == [1000.0 + hours * 3600 for hours in (3, 1, 2)]
    assert clock.now() == 1000.0 + 3 * 3600
    assert time.monotonic() - began < 3600


def test_threads_run_one_at_a_time_and_in_the_same_order_each_time() -> None:
    def trace() -> list[tuple[int, float]]:
        clock = VirtualTime(0.0)
        seen: list[tuple[int, float]] = []
        lock, busy = threading.Lock(), 0

        def work() -> None:
            def one(number: int) -> None:
                nonlocal busy
                for step in range(5):
                    busy += 1
                    assert busy == 1
                    time.sleep(0.0001)  # another thread could run here if it were scheduled
                    seen.append((number, clock.now()))
                    busy -= 1
                    clock.sleep((number * 7 + step) % 5)

            with ThreadPoolExecutor(20) as pool:
                list(pool.map(one, range(20)))

        clock.run(work)
        assert not lock.locked()
        return seen

    assert trace() == trace()


def test_a_lock_excludes_other_threads_while_its_holder_sleeps() -> None:
    clock = VirtualTime(0.0)

    def work() -> list[float]:
        lock, done = threading.Lock(), list[float]()

        def one(_: int) -> None:
            with lock:
                clock.sleep(10)
                done.append(clock.now())

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(one, range(3)))
        return done

    assert clock.run(work) == [10, 20, 30]


def test_a_wait_with_a_timeout_takes_virtual_time() -> None:
    clock = VirtualTime(0.0)

    def work() -> tuple[bool, float, bool, float]:
        event, late = threading.Event(), threading.Event()

        def setter() -> None:
            clock.sleep(100)
            event.set()

        thread = threading.Thread(target=setter)
        thread.start()
        set_in_time, then = late.wait(60), clock.now()
        in_time = event.wait(60)
        thread.join()
        return set_in_time, then, in_time, clock.now()

    assert clock.run(work) == (False, 60, True, 100)


def test_a_deadlock_raises_an_error() -> None:
    clock = VirtualTime(0.0)

    def work() -> None:
        first, second = threading.Lock(), threading.Lock()

        def take(one: threading.Lock, other: threading.Lock) -> None:
            with one:
                clock.sleep(1)
                with other:
                    pass

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(take, (first, second), (second, first)))

    with pytest.raises(DeadlockError):
        clock.run(work)


def test_threading_is_restored_after_a_run() -> None:
    before = threading.Lock, threading.RLock, threading.Thread
    VirtualTime(0.0).run(lambda: None)
    assert (threading.Lock, threading.RLock, threading.Thread) == before
