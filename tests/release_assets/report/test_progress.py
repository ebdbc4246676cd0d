import pytest

from release_assets.report.progress import ProgressLines, progress_line

MIB = 1024 * 1024


class Watch:
    """A clock that the test sets, and the lines of progress."""

    def __init__(self) -> None:
        self.now = 100.0
        self.lines: list[str] = []
        self.progress = ProgressLines(self.lines.append, elapsed=lambda: self.now)

    def moved(self, seconds: float, done: int, size: int, name: str = "a.zip") -> list[str]:
        """Let time pass, report the progress of a file, and return the new lines."""
        self.now += seconds
        before = len(self.lines)
        self.progress.moved(name, done, size)
        return self.lines[before:]


def test_a_fast_file_has_no_line() -> None:
    watch = Watch()
    for second in range(15):
        assert watch.moved(1, second * MIB, 14 * MIB) == []


def test_a_slow_file_has_a_line_at_each_interval() -> None:
    watch = Watch()
    for second in range(60):
        watch.moved(1, second * MIB, 60 * MIB)
    assert watch.lines == [
        f"a.zip: {done}.0 MiB of 60.0 MiB, 1.0 MiB/s, {60 - done}.0 s left" for done in (15, 30, 45)
    ]


def test_each_file_has_its_own_lines() -> None:
    watch = Watch()
    for _ in range(16):
        watch.moved(1, MIB, 9 * MIB, "a.zip")
        watch.moved(0, 2 * MIB, 9 * MIB, "b.zip")
    assert [line.partition(":")[0] for line in watch.lines] == ["a.zip", "b.zip"]


def test_a_new_attempt_resets_the_rate_but_not_the_interval() -> None:
    watch = Watch()
    watch.moved(0, 0, 100 * MIB)
    watch.moved(10, 50 * MIB, 100 * MIB)
    assert watch.moved(0, 0, 100 * MIB) == []
    assert watch.moved(5, 10 * MIB, 100 * MIB) == [
        "a.zip: 10.0 MiB of 100.0 MiB, 2.0 MiB/s, 45.0 s left"
    ]


def test_earlier_bytes_do_not_count_for_the_rate() -> None:
    watch = Watch()
    watch.moved(0, 60 * MIB, 100 * MIB)
    (line,) = watch.moved(20, 80 * MIB, 100 * MIB)
    assert line == "a.zip: 80.0 MiB of 100.0 MiB, 1.0 MiB/s, 20.0 s left"


def test_a_stalled_file_has_no_rate() -> None:
    watch = Watch()
    watch.moved(0, MIB, 9 * MIB)
    assert watch.moved(20, MIB, 9 * MIB) == ["a.zip: 1.0 MiB of 9.0 MiB"]


@pytest.mark.parametrize(("moved", "seconds"), [(0, 5.0), (5, 0.0), (-3, 1.0)])
def test_no_rate_is_computed_without_bytes_or_seconds(moved: int, seconds: float) -> None:
    assert progress_line("a", 5, 10, moved, seconds) == "a: 5 B of 10 B"
