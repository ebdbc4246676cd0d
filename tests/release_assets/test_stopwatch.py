from release_assets.stopwatch import Stopwatch
from tests.support.engine import Engine, FakeTime, HeardSay
from tests.support.sandbox import Sandbox


def test_time_is_taken_since_the_last_try_began() -> None:
    said, time = HeardSay(), FakeTime(seconds=0.0)
    watch = Stopwatch(said, time.clock().elapsed)
    time.seconds = 5.0
    assert watch.seconds("a", since=1.0) == 4.0, "no byte of it moved"
    for moment, done in ((10.0, 0), (11.0, 5), (20.0, 0), (21.0, 5), (22.0, 9)):
        time.seconds = moment
        watch.moved("a", done, 9)
    time.seconds = 23.0
    assert watch.seconds("a", since=1.0) == 3.0
    assert watch.seconds("b", since=1.0) == 22.0
    assert said.counts == {"a": [0, 5, 0, 5, 9]}


def test_what_is_told_is_told_on() -> None:
    said = HeardSay()
    watch = Stopwatch(said, lambda: 0.0)
    with watch.group("g"):
        watch.line("l")
        watch.debug("d")
    watch.warning("t", "w")
    assert said.lines == ["g:", "l", "debug: d"]
    assert said.warnings == ["t: w"]


def test_a_wait_between_two_tries_is_no_part_of_the_time(engine: Engine, sandbox: Sandbox) -> None:
    engine.write({"dist/a.zip": b"a"})
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": ["v1"]}]})
    sandbox.fault(match={"origin": "uploads"}, do="status", status=502, leave=None)
    (result,) = engine.publish_well().results
    assert sum(engine.time.waits) > 0
    assert result.seconds == 0
