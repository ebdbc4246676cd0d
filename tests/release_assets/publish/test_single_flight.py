"""One read serves all threads that ask at the same time, and starts after their questions."""

import threading
from collections.abc import Sequence

import pytest

from release_assets.github.errors import TransientError
from release_assets.models import Asset
from release_assets.publish.single_flight import SingleFlight
from tests.support.engine import Engine, results
from tests.support.sandbox import Sandbox

TIMEOUT = 10  # seconds


def test_calls_one_after_the_other_read_separately() -> None:
    reads: list[int] = []

    def read() -> Sequence[Asset]:
        reads.append(1)
        return ()

    single_flight = SingleFlight(read)
    for count in (1, 2, 3):
        single_flight.get()
        assert len(reads) == count


def test_a_call_during_a_read_is_served_by_the_next_read() -> None:
    """The result of the current read may be older than the question."""
    begun, go_on = threading.Event(), threading.Event()
    count = 0

    def read() -> Sequence[Asset]:
        nonlocal count
        count += 1
        begun.set()
        assert go_on.wait(TIMEOUT)
        return ()

    single_flight = SingleFlight(read)
    first = threading.Thread(target=single_flight.get)
    first.start()
    assert begun.wait(TIMEOUT)
    second = threading.Thread(target=single_flight.get)
    second.start()
    go_on.set()
    for thread in (first, second):
        thread.join(TIMEOUT)
        assert not thread.is_alive()
    assert count == 2


def test_a_failed_read_is_repeated_for_waiting_threads() -> None:
    answers: list[Exception | None] = [TransientError("no"), None]

    def read() -> Sequence[Asset]:
        if problem := answers.pop(0):
            raise problem
        return ()

    single_flight = SingleFlight(read)
    with pytest.raises(TransientError):
        single_flight.get()
    assert single_flight.get() == ()


def test_uploads_that_fail_at_once_share_their_refreshes(engine: Engine, sandbox: Sandbox) -> None:
    release = {"tag": "v1", "assets": []}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    names = [f"{number}.txt" for number in range(8)]
    engine.write({f"dist/{name}": b"x" for name in names})
    sandbox.fault(match={"origin": "uploads"}, times=8, do="status", status=502, leave="starter")
    sandbox.settings(latency=0.1)
    assert results(engine.publish_well(concurrency="8")) == dict.fromkeys(names, "uploaded")
    lists = sandbox.count("GET", "/assets")
    assert lists < 1 + len(names), "each looked for itself"
