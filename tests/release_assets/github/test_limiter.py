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
from tests.support.room import check_room


@dataclass
class Time:
    """Time that passes only when somebody sleeps."""

    now: float = 0.0
    said: list[str] = field(default_factory=list)
    while_asleep: list[Callable[[], None]] = field(default_factory=list)  # each happens once

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.while_asleep:
            self.while_asleep.pop()()

    def limiter(self, limit: int | None = None, stop: Stop | None = None) -> Limiter:
        clock = Clock(elapsed=lambda: self.now, sleep=self.sleep)
        return Limiter(clock, self.said.append, stop or Stop(), limit)


def successes(limiter: Limiter, count: int) -> None:
    for _ in range(count):
        limiter.record_success(limiter.wait())


def complain(limiter: Limiter) -> None:
    """Complain of a request that began a moment ago."""
    limiter.back_off(limiter.wait())


@pytest.mark.parametrize(
    ("limit", "first", "most"),
    [
        (None, INITIAL_CONCURRENCY, MAX_CONCURRENCY),
        (1, 1, 1),
        (5, 5, 5),
        (40, 40, 40),
    ],  # who names a number means it
)
def test_it_starts_with_few_and_grows_to_the_most(limit: int | None, first: int, most: int) -> None:
    limiter = Time().limiter(limit)
    assert limiter.max_concurrency == most
    check_room(limiter, first)
    successes(limiter, 2000)
    check_room(limiter, most)


def test_each_that_goes_well_lets_in_one_more_until_there_is_a_complaint() -> None:
    limiter = Time().limiter()
    check_room(limiter, INITIAL_CONCURRENCY)
    successes(limiter, 3)
    check_room(limiter, INITIAL_CONCURRENCY + 3)
    successes(limiter, MAX_CONCURRENCY)
    check_room(limiter, MAX_CONCURRENCY)


def test_after_a_complaint_a_round_that_went_well_lets_in_one_more() -> None:
    limiter = Time().limiter()
    complain(limiter)
    places = INITIAL_CONCURRENCY // 2
    successes(limiter, places - 1)
    check_room(limiter, places)
    successes(limiter, 2)
    check_room(limiter, places + 1)


def test_a_complaint_halves_and_leaves_one() -> None:
    limiter = Time().limiter()
    for places in (4, 2, 1, 1, 1):
        complain(limiter)
        check_room(limiter, places)
    successes(limiter, 2)
    check_room(limiter, 2)


def test_what_fails_at_once_halves_once() -> None:
    limiter = Time().limiter(MAX_CONCURRENCY)
    began = [limiter.wait() for _ in range(MAX_CONCURRENCY)]
    for request in began:
        limiter.back_off(request)
    check_room(limiter, MAX_CONCURRENCY // 2)
    complain(limiter)
    check_room(limiter, MAX_CONCURRENCY // 4)
    limiter.back_off(began[0])  # the last to hear of it
    check_room(limiter, MAX_CONCURRENCY // 4)


def test_what_began_at_the_old_pace_does_not_raise_the_new_one() -> None:
    limiter = Time().limiter(MAX_CONCURRENCY)
    began = [limiter.wait() for _ in range(MAX_CONCURRENCY)]
    limiter.back_off(began.pop())
    for request in began:
        limiter.record_success(request)
    check_room(limiter, MAX_CONCURRENCY // 2)
    successes(limiter, MAX_CONCURRENCY // 2 + 1)
    check_room(limiter, MAX_CONCURRENCY // 2 + 1)


def test_who_waits_out_a_pause_begins_after_it() -> None:
    """A complaint of one that waited is about the pace that was cut meanwhile."""
    time = Time()
    limiter = time.limiter(MAX_CONCURRENCY)
    limiter.pause(10.0, "slow")
    time.while_asleep.append(lambda: complain(limiter))
    began = limiter.wait()
    check_room(limiter, MAX_CONCURRENCY // 2)
    limiter.back_off(began)
    check_room(limiter, MAX_CONCURRENCY // 4)


def test_after_a_complaint_no_more_are_let_in_until_enough_have_left() -> None:
    limiter = Time().limiter(2)
    entered = threading.Event()

    def take_turn() -> None:
        with limiter.slot():
            entered.set()

    third = threading.Thread(target=take_turn)
    with limiter.slot():
        with limiter.slot():
            complain(limiter)
            third.start()
        assert not entered.wait(0.02)
    assert entered.wait(30)
    third.join()


def test_a_place_is_given_back_after_a_failure() -> None:
    limiter = Time().limiter(1)
    with pytest.raises(ZeroDivisionError), limiter.slot():
        raise ZeroDivisionError
    check_room(limiter, 1)


def test_who_is_let_in_is_never_more_than_the_limit() -> None:
    limiter = Time().limiter(3)
    inside, most = 0, 0
    lock = threading.Lock()

    def take_turn(number: int) -> None:
        nonlocal inside, most
        with limiter.slot():
            with lock:
                inside += 1
                most = max(most, inside)
            (limiter.back_off if number % 7 == 0 else limiter.record_success)(limiter.wait())
            with lock:
                inside -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(take_turn, range(500)))
    assert inside == 0
    assert 1 <= most <= 3


# Pauses


def test_without_a_pause_nobody_waits() -> None:
    time = Time()
    time.limiter().wait()
    assert time.now == 0.0


def test_a_pause_is_for_all_and_told_once() -> None:
    time = Time()
    limiter = time.limiter()
    limiter.pause(60.0, "GitHub says to slow down")
    limiter.pause(60.4, "GitHub says to slow down")
    limiter.wait()
    limiter.wait()
    assert time.now == pytest.approx(60.4)
    assert time.said == ["GitHub says to slow down; all requests wait 60 s"]


def test_a_longer_pause_is_told_again_and_a_shorter_one_takes_nothing_away() -> None:
    time = Time()
    limiter = time.limiter()
    limiter.pause(60.0, "slow")
    limiter.pause(600.0, "slower")
    limiter.pause(5.0, "slow")
    limiter.wait()
    assert time.now == 600.0
    assert time.said == ["slow; all requests wait 60 s", "slower; all requests wait 600 s"]


def test_a_moment_is_not_worth_a_line() -> None:
    time = Time()
    limiter = time.limiter()
    limiter.pause(0.9, "slow")
    limiter.wait()
    assert (time.now, time.said) == (0.9, [])


def test_a_pause_that_grows_while_one_waits_is_waited_for() -> None:
    time = Time()
    limiter = time.limiter()
    time.while_asleep.append(lambda: limiter.pause(20.0, "again"))
    limiter.pause(10.0, "slow")
    limiter.wait()
    assert time.now == 30.0


def test_who_waits_for_a_turn_ends_when_the_run_does() -> None:
    stop = Stop()
    limiter = Time().limiter(1, stop)
    with limiter.slot():
        stop.set(signal.SIGTERM)
        with pytest.raises(CancelledRunError), limiter.slot():
            pass
    with limiter.slot():  # who has begun gave its place back
        pass


@given(
    st.none() | st.integers(1, 64),
    st.lists(st.tuples(st.sampled_from(["well", "complaint"]), st.integers(0, 3)), max_size=60),
)
def test_there_is_always_a_turn(limit: int | None, news: list[tuple[str, int]]) -> None:
    limiter = Time().limiter(limit)
    for piece, late in news:
        began = limiter.wait() - late
        (limiter.record_success if piece == "well" else limiter.back_off)(began)
    with limiter.slot():
        pass
