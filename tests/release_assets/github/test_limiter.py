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
from release_assets.github.limiter import MOST, START, Pacer
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

    def pacer(self, limit: int | None = None, stop: Stop | None = None) -> Pacer:
        clock = Clock(elapsed=lambda: self.now, sleep=self.sleep)
        return Pacer(clock, self.said.append, stop or Stop(), limit)


def successes(pacer: Pacer, count: int) -> None:
    for _ in range(count):
        pacer.went_well(pacer.wait())


def complain(pacer: Pacer) -> None:
    """Complain of a request that began a moment ago."""
    pacer.complained(pacer.wait())


@pytest.mark.parametrize(
    ("limit", "first", "most"),
    [(None, START, MOST), (1, 1, 1), (5, 5, 5), (40, 40, 40)],  # who names a number means it
)
def test_it_starts_with_few_and_grows_to_the_most(limit: int | None, first: int, most: int) -> None:
    pacer = Time().pacer(limit)
    assert pacer.most == most
    check_room(pacer, first)
    successes(pacer, 2000)
    check_room(pacer, most)


def test_each_that_goes_well_lets_in_one_more_until_there_is_a_complaint() -> None:
    pacer = Time().pacer()
    check_room(pacer, START)
    successes(pacer, 3)
    check_room(pacer, START + 3)
    successes(pacer, MOST)
    check_room(pacer, MOST)


def test_after_a_complaint_a_round_that_went_well_lets_in_one_more() -> None:
    pacer = Time().pacer()
    complain(pacer)
    places = START // 2
    successes(pacer, places - 1)
    check_room(pacer, places)
    successes(pacer, 2)
    check_room(pacer, places + 1)


def test_a_complaint_halves_and_leaves_one() -> None:
    pacer = Time().pacer()
    for places in (4, 2, 1, 1, 1):
        complain(pacer)
        check_room(pacer, places)
    successes(pacer, 2)
    check_room(pacer, 2)


def test_what_fails_at_once_halves_once() -> None:
    pacer = Time().pacer(MOST)
    began = [pacer.wait() for _ in range(MOST)]
    for request in began:
        pacer.complained(request)
    check_room(pacer, MOST // 2)
    complain(pacer)
    check_room(pacer, MOST // 4)
    pacer.complained(began[0])  # the last to hear of it
    check_room(pacer, MOST // 4)


def test_what_began_at_the_old_pace_does_not_raise_the_new_one() -> None:
    pacer = Time().pacer(MOST)
    began = [pacer.wait() for _ in range(MOST)]
    pacer.complained(began.pop())
    for request in began:
        pacer.went_well(request)
    check_room(pacer, MOST // 2)
    successes(pacer, MOST // 2 + 1)
    check_room(pacer, MOST // 2 + 1)


def test_who_waits_out_a_pause_begins_after_it() -> None:
    """A complaint of one that waited is about the pace that was cut meanwhile."""
    time = Time()
    pacer = time.pacer(MOST)
    pacer.pause(10.0, "slow")
    time.while_asleep.append(lambda: complain(pacer))
    began = pacer.wait()
    check_room(pacer, MOST // 2)
    pacer.complained(began)
    check_room(pacer, MOST // 4)


def test_after_a_complaint_no_more_are_let_in_until_enough_have_left() -> None:
    pacer = Time().pacer(2)
    entered = threading.Event()

    def take_turn() -> None:
        with pacer.turn():
            entered.set()

    third = threading.Thread(target=take_turn)
    with pacer.turn():
        with pacer.turn():
            complain(pacer)
            third.start()
        assert not entered.wait(0.02)
    assert entered.wait(30)
    third.join()


def test_a_place_is_given_back_after_a_failure() -> None:
    pacer = Time().pacer(1)
    with pytest.raises(ZeroDivisionError), pacer.turn():
        raise ZeroDivisionError
    check_room(pacer, 1)


def test_who_is_let_in_is_never_more_than_the_limit() -> None:
    pacer = Time().pacer(3)
    inside, most = 0, 0
    lock = threading.Lock()

    def take_turn(number: int) -> None:
        nonlocal inside, most
        with pacer.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            (pacer.complained if number % 7 == 0 else pacer.went_well)(pacer.wait())
            with lock:
                inside -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(take_turn, range(500)))
    assert inside == 0
    assert 1 <= most <= 3


# Pauses


def test_without_a_pause_nobody_waits() -> None:
    time = Time()
    time.pacer().wait()
    assert time.now == 0.0


def test_a_pause_is_for_all_and_told_once() -> None:
    time = Time()
    pacer = time.pacer()
    pacer.pause(60.0, "GitHub says to slow down")
    pacer.pause(60.4, "GitHub says to slow down")
    pacer.wait()
    pacer.wait()
    assert time.now == pytest.approx(60.4)
    assert time.said == ["GitHub says to slow down; all requests wait 60 s"]


def test_a_longer_pause_is_told_again_and_a_shorter_one_takes_nothing_away() -> None:
    time = Time()
    pacer = time.pacer()
    pacer.pause(60.0, "slow")
    pacer.pause(600.0, "slower")
    pacer.pause(5.0, "slow")
    pacer.wait()
    assert time.now == 600.0
    assert time.said == ["slow; all requests wait 60 s", "slower; all requests wait 600 s"]


def test_a_moment_is_not_worth_a_line() -> None:
    time = Time()
    pacer = time.pacer()
    pacer.pause(0.9, "slow")
    pacer.wait()
    assert (time.now, time.said) == (0.9, [])


def test_a_pause_that_grows_while_one_waits_is_waited_for() -> None:
    time = Time()
    pacer = time.pacer()
    time.while_asleep.append(lambda: pacer.pause(20.0, "again"))
    pacer.pause(10.0, "slow")
    pacer.wait()
    assert time.now == 30.0


def test_who_waits_for_a_turn_ends_when_the_run_does() -> None:
    stop = Stop()
    pacer = Time().pacer(1, stop)
    with pacer.turn():
        stop.set(signal.SIGTERM)
        with pytest.raises(CancelledRunError), pacer.turn():
            pass
    with pacer.turn():  # who has begun gave its place back
        pass


@given(
    st.none() | st.integers(1, 64),
    st.lists(st.tuples(st.sampled_from(["well", "complaint"]), st.integers(0, 3)), max_size=60),
)
def test_there_is_always_a_turn(limit: int | None, news: list[tuple[str, int]]) -> None:
    pacer = Time().pacer(limit)
    for piece, late in news:
        began = pacer.wait() - late
        (pacer.went_well if piece == "well" else pacer.complained)(began)
    with pacer.turn():
        pass
