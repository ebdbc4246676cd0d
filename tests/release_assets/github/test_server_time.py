"""GitHub's clock, from the `date` header of its answers."""

import pytest

from release_assets.clock import Clock
from release_assets.github.server_time import ServerTime

DATE = "Tue, 01 Jul 2025 00:00:00 GMT"
MOMENT = 1_751_328_000.0


def test_a_date_header_corrects_the_local_clock() -> None:
    local = [MOMENT - 1000]
    server = ServerTime(Clock(now=lambda: local[0]))
    assert server.now() == MOMENT - 1000, "before the first answer"
    server.note({"date": DATE})
    assert server.now() == MOMENT
    local[0] += 7
    assert server.now() == MOMENT + 7


@pytest.mark.parametrize("date", ["", "now", "Tue, 99 Jul 2025 00:00:00 GMT", "0", "1e999"])
def test_an_invalid_date_changes_nothing(date: str) -> None:
    server = ServerTime(Clock(now=lambda: MOMENT))
    server.note({"date": date})
    server.note({})
    assert server.now() == MOMENT
