"""GitHub's clock, as its answers tell it."""

import pytest

from release_assets.clock import Clock
from release_assets.github.server_time import ServerTime

TOLD = "Tue, 01 Jul 2025 00:00:00 GMT"
MOMENT = 1_751_328_000.0


def test_a_clock_that_is_wrong_does_not_matter() -> None:
    ours = [MOMENT - 1000]
    server = ServerTime(Clock(now=lambda: ours[0]))
    assert server.now() == MOMENT - 1000, "as long as nobody told another"
    server.note({"date": TOLD})
    assert server.now() == MOMENT
    ours[0] += 7
    assert server.now() == MOMENT + 7


@pytest.mark.parametrize("date", ["", "now", "Tue, 99 Jul 2025 00:00:00 GMT", "0", "1e999"])
def test_what_is_no_date_changes_nothing(date: str) -> None:
    server = ServerTime(Clock(now=lambda: MOMENT))
    server.note({"date": date})
    server.note({})
    assert server.now() == MOMENT
