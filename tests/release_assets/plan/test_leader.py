"""Which job publishes the release, and when another one takes over."""

import pytest

from release_assets.light_dataclasses import replace
from release_assets.names import staging_name
from release_assets.plan.leader import (
    LEADER_TIMEOUT_SECONDS,
    TAKEOVER_SECONDS,
    is_older,
    newest,
    takeover_delay,
    uploaded_after,
)
from tests.support.samples import A, asset, starter

NOW = 1_751_328_000.0  # 2025-07-01T00:00:00Z, when the samples were uploaded
STAGED = staging_name("app.zip", A)
FIRST, LAST = asset("a.zip", id=3), asset("b.zip", id=9)
# Staged assets and starters do not count as uploaded, whatever their ids.
ASSETS = [FIRST, LAST, asset(STAGED, id=11), starter("c.zip", id=12)]


def delay(
    ours: dict[int, bool], *, now: float = NOW, took: float = 0.0, chance: float = 0
) -> float:
    return takeover_delay(ASSETS, ours, now=now, refresh_seconds=took, chance=chance)


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        pytest.param({9: True}, 0.0, id="this run uploaded the last asset: it is the leader"),
        pytest.param(
            {3: True},
            TAKEOVER_SECONDS + 1,
            id="another job uploaded the last asset: the second rank",
        ),
        pytest.param({9: False}, TAKEOVER_SECONDS + 1, id="the last asset is older than this run"),
        pytest.param({}, TAKEOVER_SECONDS + 2, id="no asset is of this run: the last rank"),
    ],
)
def test_the_delay_by_what_this_run_uploaded(ours: dict[int, bool], expected: float) -> None:
    assert delay(ours) == expected


def test_there_is_no_delay_after_the_leader_timeout() -> None:
    assert delay({3: True}, now=NOW + LEADER_TIMEOUT_SECONDS + 1) == 0.0


def test_there_is_no_delay_without_assets() -> None:
    assert takeover_delay([], {}, now=NOW, refresh_seconds=0.0, chance=0.0) == 0.0


@pytest.mark.parametrize(("took", "each"), [(0.0, 1.0), (1.0, 3.0), (100.0, 4.0)])
def test_the_delay_grows_with_the_refresh_time(took: float, each: float) -> None:
    assert delay({3: True}, took=took) == TAKEOVER_SECONDS + each


def test_chance_spreads_jobs_of_the_same_rank() -> None:
    assert delay({3: True}, chance=0.5) == TAKEOVER_SECONDS + 1.5


def test_the_rank_has_a_maximum() -> None:
    many = [asset(f"{number}.zip", id=number) for number in range(1, 200)]
    delays = [
        takeover_delay(many, {number: True}, now=NOW, refresh_seconds=0.0, chance=0.9)
        for number in (1, 100)
    ]
    assert delays == [TAKEOVER_SECONDS + 15 + 4.5] * 2


def test_all_jobs_agree_on_the_last_asset() -> None:
    for order in (ASSETS, ASSETS[::-1]):
        assert newest(order) == LAST
    assert newest([]) is None


@pytest.mark.parametrize(("ours", "count"), [({9}, 0), ({3}, 1), ({3, 9}, 0), ({12}, 2), ((), 2)])
def test_how_many_assets_were_uploaded_after_ours(ours: set[int], count: int) -> None:
    assert uploaded_after(ASSETS, ours) == count


@pytest.mark.parametrize(("now", "older"), [(NOW + 61, True), (NOW + 59, False), (0.0, False)])
def test_the_age_of_an_asset(now: float, *, older: bool) -> None:
    assert is_older(asset(), 60, now) is older


def test_an_asset_of_unknown_age_is_not_older() -> None:
    assert not is_older(replace(asset(), updated_at=""), 60, NOW * 2)
    assert is_older(replace(asset(), updated_at="2025-07-01T00:00:00"), 60, NOW + 61)
