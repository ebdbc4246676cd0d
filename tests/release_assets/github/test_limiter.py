"""The concurrency limiter: its limit, its slots and its pauses."""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.clock import Clock
from release_assets.errors import CancelledRunError
from release_assets.github.limiter import INITIAL_CONCURRENCY, MAX_CONCURRENCY, Limiter
from release_assets.stop import Stop
from tests.support.limiter_slots import check_slots


@dataclass
class Time:
    """A clock on which time passes only during a sleep."""

    now: float = 0.0
    lines: list[str] = field(default_factory=list)
    while_asleep: list[Callable[[], None]] = field(default_factory=list)  # one call per sleep

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.while_asleep:
            self.while_asleep.pop()()

    def limiter(self, limit: int | None = None, stop: Stop | None = None) -> Limiter:
        clock = Clock(elapsed=lambda: self.now, sleep=self.sleep)
        return Limiter(clock, self.lines.append, stop or Stop(), limit)


def successes(limiter: Limiter, count: int) -> None:
    for _ in range(count):
        limiter.record_success(limiter.wait())


def fail_now(limiter: Limiter) -> None:
    """Record the failure of a request of the current epoch."""
    limiter.back_off(limiter.wait())


@pytest.mark.parametrize(
    ("limit", "first", "most"),
    [
        (None, INITIAL_CONCURRENCY, MAX_CONCURRENCY),
        (1, 1, 1),
        (5, 5, 5),
        (40, 40, 40),
    ],  # an explicit number may exceed the default
)
def test_the_limit_grows_from_the_initial_to_the_highest(
    limit: int | None, first: int, most: int
) -> None:
    limiter = Time().limiter(limit)
    assert limiter.max_concurrency == most
    check_slots(limiter, first)
    successes(limiter, 2000)
    check_slots(limiter, most)


def test_each_success_adds_a_slot_before_the_first_failure() -> None:
    limiter = Time().limiter()
    check_slots(limiter, INITIAL_CONCURRENCY)
    successes(limiter, 3)
    check_slots(limiter, INITIAL_CONCURRENCY + 3)
    successes(limiter, MAX_CONCURRENCY)
    check_slots(limiter, MAX_CONCURRENCY)


def test_after_a_failure_a_full_set_of_successes_adds_a_slot() -> None:
    limiter = Time().limiter()
    fail_now(limiter)
    slots = INITIAL_CONCURRENCY // 2
    successes(limiter, slots - 1)
    check_slots(limiter, slots)
    successes(limiter, 2)
    check_slots(limiter, slots + 1)


def test_a_failure_halves_the_limit_down_to_one() -> None:
    limiter = Time().limiter()
    for slots in (4, 2, 1, 1, 1):
        fail_now(limiter)
        check_slots(limiter, slots)
    successes(limiter, 2)
    check_slots(limiter, 2)


def test_failures_of_one_epoch_halve_the_limit_once() -> None:
    limiter = Time().limiter(MAX_CONCURRENCY)
    epochs = [limiter.wait() for _ in range(MAX_CONCURRENCY)]
    for epoch in epochs:
        limiter.back_off(epoch)
    check_slots(limiter, MAX_CONCURRENCY // 2)
    fail_now(limiter)
    check_slots(limiter, MAX_CONCURRENCY // 4)
    limiter.back_off(epochs[0])  # of an earlier epoch
    check_slots(limiter, MAX_CONCURRENCY // 4)


def test_successes_of_an_earlier_epoch_do_not_raise_the_limit() -> None:
    limiter = Time().limiter(MAX_CONCURRENCY)
    epochs = [limiter.wait() for _ in range(MAX_CONCURRENCY)]
    limiter.back_off(epochs.pop())
    for epoch in epochs:
        limiter.record_success(epoch)
    check_slots(limiter, MAX_CONCURRENCY // 2)
    successes(limiter, MAX_CONCURRENCY // 2 + 1)
    check_slots(limiter, MAX_CONCURRENCY // 2 + 1)


def test_a_request_that_waits_for_a_pause_belongs_to_the_epoch_after_it() -> None:
    """Its failure halves the limit again."""
    time = Time()
    limiter = time.limiter(MAX_CONCURRENCY)
    limiter.pause(10.0, "slow")
    time.while_asleep.append(lambda: fail_now(limiter))
    epoch = limiter.wait()
    check_slots(limiter, MAX_CONCURRENCY // 2)
    limiter.back_off(epoch)
    check_slots(limiter, MAX_CONCURRENCY // 4)


def test_after_a_failure_no_slot_is_given_until_enough_are_released() -> None:
    limiter = Time().limiter(2)
    entered = threading.Event()

    def take_slot() -> None:
        with limiter.slot():
            entered.set()

    third = threading.Thread(target=take_slot)
    with limiter.slot():
        with limiter.slot():
            fail_now(limiter)
            third.start()
        assert not entered.wait(0.02)
    assert entered.wait(30)
    third.join()


def test_a_slot_is_released_after_an_exception() -> None:
    limiter = Time().limiter(1)
    with pytest.raises(ZeroDivisionError), limiter.slot():
        raise ZeroDivisionError
    check_slots(limiter, 1)


def test_slots_in_use_never_exceed_the_limit() -> None:
    limiter = Time().limiter(3)
    inside, most = 0, 0
    lock = threading.Lock()

    def take_slot(number: int) -> None:
        nonlocal inside, most
        with limiter.slot():
            with lock:
                inside += 1
                most = max(most, inside)
            (limiter.back_off if number % 7 == 0 else limiter.record_success)(limiter.wait())
            with lock:
                inside -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(take_slot, range(500)))
    assert inside == 0
    assert 1 <= most <= 3


# Pauses


def test_without_a_pause_wait_returns_at_once() -> None:
    time = Time()
    time.limiter().wait()
    assert time.now == 0.0


def test_a_pause_applies_to_all_requests_and_is_logged_once() -> None:
    time = Time()
    limiter = time.limiter()
    limiter.pause(60.0, "GitHub says to slow down")
    limiter.pause(60.4, "GitHub says to slow down")
    limiter.wait()
    limiter.wait()
    assert time.now == pytest.approx(60.4)
    (line,) = time.lines
    assert line.startswith("GitHub says to slow down; ")
    assert "1 min 0 s" in line


def test_a_longer_pause_is_logged_and_a_shorter_one_changes_nothing() -> None:
    time = Time()
    limiter = time.limiter()
    limiter.pause(60.0, "slow")
    limiter.pause(600.0, "slower")
    limiter.pause(5.0, "slow")
    limiter.wait()
    assert time.now == 600.0
    first, second = time.lines
    assert all(token in first for token in ("slow; ", "1 min 0 s"))
    assert all(token in second for token in ("slower; ", "10 min 0 s"))


def test_a_pause_shorter_than_a_second_is_not_logged() -> None:
    time = Time()
    limiter = time.limiter()
    limiter.pause(0.9, "slow")
    limiter.wait()
    assert (time.now, time.lines) == (0.9, [])


def test_a_pause_that_is_extended_during_a_wait_is_waited_out() -> None:
    time = Time()
    limiter = time.limiter()
    time.while_asleep.append(lambda: limiter.pause(20.0, "again"))
    limiter.pause(10.0, "slow")
    limiter.wait()
    assert time.now == 30.0


def test_waiting_for_a_slot_ends_when_the_run_is_cancelled() -> None:
    stop = Stop()
    limiter = Time().limiter(1, stop)
    with limiter.slot():
        stop.set(signal.SIGTERM)
        with pytest.raises(CancelledRunError), limiter.slot():
            pass
    with limiter.slot():  # the first slot was released
        pass


@given(
    st.none() | st.integers(1, 64),
    st.lists(st.tuples(st.sampled_from(["success", "failure"]), st.integers(0, 3)), max_size=60),
)
def test_there_is_always_a_slot(limit: int | None, results: list[tuple[str, int]]) -> None:
    limiter = Time().limiter(limit)
    for result, age in results:
        epoch = limiter.wait() - age
        (limiter.record_success if result == "success" else limiter.back_off)(epoch)
    with limiter.slot():
        pass
