from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.in_process_github import LIMITS
from bench.matrix import FILES, Matrix, Measured, measure
from bench.peers import Step, draft_first, public_at_once, this_program
from github_sandbox.settings import Limits

pytestmark = pytest.mark.slow

SMALL = Matrix(peer=this_program, jobs=6)


def counts(measured: Measured) -> tuple[object, ...]:
    """Return the measurements that contain no port and no random id."""
    ended = [(one.green, one.at, one.waited) for one in measured.ended]
    return (ended, measured.calls, measured.statuses, measured.points, measured.seconds)


def test_jobs_publish_one_release_once_with_every_asset() -> None:
    measured = measure(SMALL)
    assert measured.is_right, [one.lines for one in measured.ended]
    assert measured.points == sum(measured.calls) + SMALL.jobs * FILES  # an upload counts twice


@pytest.mark.parametrize("peer", [this_program, draft_first, public_at_once])
def test_a_matrix_with_the_same_seed_gives_the_same_measurements(
    peer: Callable[[Step], bool],
) -> None:
    first, second = (measure(replace(SMALL, peer=peer, spread=3.0)) for _ in range(2))
    assert counts(first) == counts(second)
    assert counts(first) != counts(measure(replace(SMALL, peer=peer, spread=3.0, seed=1)))


@pytest.mark.parametrize("spread", [0.0, 30.0])
@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(replace(LIMITS, content_per_minute=10), id="10 creations a minute"),
        pytest.param(replace(LIMITS, content_per_minute=10, status=429), id="429"),
        pytest.param(replace(LIMITS, content_per_minute=10, retry_after=None), id="no Retry-After"),
        pytest.param(replace(LIMITS, points_per_minute=100), id="100 points a minute"),
        pytest.param(replace(LIMITS, concurrent=5), id="5 at once"),
    ],
)
def test_many_jobs_publish_one_release_under_every_rate_limit(
    limits: Limits, spread: float
) -> None:
    measured = measure(replace(SMALL, jobs=10, spread=spread, limits=limits))
    assert measured.is_right, [one.lines for one in measured.ended]


def test_an_exhausted_primary_limit_delays_jobs_and_every_asset_is_published() -> None:
    measured = measure(replace(SMALL, limits=replace(LIMITS, primary=60)))
    assert measured.statuses[403] > 0
    assert measured.seconds > 3000
    assert max(one.waited for one in measured.ended) > 3000
    assert measured.is_right, [one.lines for one in measured.ended]


def test_a_publisher_that_fails_at_a_rate_limit_leaves_assets_missing() -> None:
    limits = replace(LIMITS, content_per_minute=10)
    measured = measure(replace(SMALL, peer=public_at_once, limits=limits))
    assert measured.statuses[403] > 0
    assert measured.assets < SMALL.jobs * FILES
    assert not all(one.green for one in measured.ended)


def test_requests_beyond_the_concurrency_limit_are_refused() -> None:
    one_at_a_time = replace(LIMITS, concurrent=1)
    measured = measure(replace(SMALL, jobs=2, peer=public_at_once, limits=one_at_a_time))
    assert measured.statuses[403] > 0


def test_the_time_of_a_public_but_incomplete_release_is_measured() -> None:
    measured = measure(replace(SMALL, peer=public_at_once, spread=100.0))
    assert measured.public == 1
    assert 50 < measured.partial_seconds < 120
    assert not measured.is_right
