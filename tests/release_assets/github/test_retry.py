"""The classes of failures, and the wait before the next attempt."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.github.retry import (
    LONGEST_WAIT_SECONDS,
    FailureKind,
    classify_failure,
    end_of_limit,
    lacks_reset_time,
    wait_seconds,
)

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("status", "headers", "message", "expected"),
    [
        pytest.param(429, {}, "", "limited", id="429"),
        pytest.param(403, {"retry-after": "60"}, "", "limited", id="403 with retry-after"),
        pytest.param(403, {"x-ratelimit-remaining": "0"}, "", "limited", id="403, none left"),
        pytest.param(
            403,
            {},
            "You have exceeded a secondary rate limit. Please wait a few minutes.",
            "limited",
            id="403, secondary limit, no headers",
        ),
        pytest.param(
            403, {}, "API rate limit exceeded for installation", "limited", id="403, primary limit"
        ),
        pytest.param(
            403,
            {},
            "You have triggered an abuse detection mechanism",
            "limited",
            id="403, abuse detection",
        ),
        pytest.param(
            403,
            {"x-ratelimit-remaining": "4999"},
            "Resource not accessible by integration",
            "refused",
            id="403, no permission",
        ),
        *(pytest.param(s, {}, "", "failed", id=str(s)) for s in (408, 500, 502, 503, 504, 599)),
        *(pytest.param(s, {}, "", "refused", id=str(s)) for s in (301, 400, 401, 404, 409, 422)),
        pytest.param(
            404, {"retry-after": "9"}, "rate limit", "refused", id="404, whatever its headers"
        ),
    ],
)
def test_status_headers_and_message_classify_a_failure(
    status: int, headers: dict[str, str], message: str, expected: FailureKind
) -> None:
    assert classify_failure(status, headers, message) == expected


@pytest.mark.parametrize(
    ("what", "headers", "attempt", "least"),
    [
        pytest.param("limited", {"retry-after": "7"}, 1, 7, id="retry-after"),
        pytest.param("failed", {"retry-after": "7"}, 1, 7, id="retry-after of a failure"),
        pytest.param("limited", {"retry-after": "3600"}, 1, 3600, id="an hour"),
        pytest.param("limited", {"retry-after": "0"}, 1, 0, id="retry-after 0"),
        pytest.param(
            "limited", {"retry-after": formatdate(NOW + 30, usegmt=True)}, 1, 30, id="until a date"
        ),
        pytest.param(
            "limited", {"retry-after": formatdate(NOW - 30, usegmt=True)}, 1, 0, id="a past date"
        ),
        pytest.param(
            "limited",
            {"retry-after": "7", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000900"},
            1,
            7,
            id="retry-after before reset",
        ),
        pytest.param(
            "limited",
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000900"},
            1,
            900,
            id="until the reset",
        ),
        pytest.param(
            "limited",
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1799999999"},
            1,
            1,
            id="a past reset",
        ),
        pytest.param(
            "limited",
            {"x-ratelimit-remaining": "12", "x-ratelimit-reset": "1800000900"},
            1,
            60,
            id="some are left: a secondary limit",
        ),
        pytest.param("limited", {"x-ratelimit-remaining": "0"}, 1, 60, id="no reset time"),
        pytest.param("failed", {"retry-after": "5"}, 4, 5, id="a failure: the spread stays"),
        pytest.param("limited", {}, 1, 60, id="no header: a minute"),
        pytest.param("limited", {}, 3, 240, id="no header: longer each time"),
        pytest.param("limited", {}, 20, 960, id="no header: 16 minutes at most"),
        pytest.param("limited", {"retry-after": "soon"}, 1, 60, id="not a number"),
        pytest.param("limited", {"retry-after": "-5"}, 1, 60, id="negative"),
        pytest.param("limited", {"retry-after": "٣"}, 1, 60, id="digits of another script"),
        pytest.param("limited", {"retry-after": "3900"}, 1, 3900, id="the longest wait"),
        pytest.param(
            "limited",
            {"retry-after": "Mon, 01 Jan 2024 00:00:00 +" + "9" * 20},
            1,
            60,
            id="an invalid zone",
        ),
    ],
)
def test_headers_set_the_wait(
    what: FailureKind, headers: dict[str, str], attempt: int, least: float
) -> None:
    spread = max(1.0, least / 10, 4.0 ** (min(attempt, 6) - 1) if what == "limited" else 0.0)
    for chance in (0.0, 0.5, 0.75):
        seconds = wait_seconds(what, headers, attempt, now=NOW, chance=chance)
        assert seconds == least + chance * min(spread, 900)


@pytest.mark.parametrize(
    ("rate_limits", "max_spread"), [(1, 2), (2, 4), (3, 16), (5, 256), (6, 900), (99, 900)]
)
def test_each_further_rate_limit_spreads_the_jobs_over_a_longer_time(
    rate_limits: int, max_spread: int
) -> None:
    waits = [
        wait_seconds("limited", {"retry-after": "20"}, rate_limits, now=NOW, chance=chance)
        for chance in (0.0, 0.5)
    ]
    assert waits == [20, 20 + max_spread / 2]


@pytest.mark.parametrize(
    ("attempt", "middle"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (20, 30)]
)
def test_the_backoff_of_failures_is_exponential_with_jitter(attempt: int, middle: float) -> None:
    waits = [wait_seconds("failed", {}, attempt, now=NOW, chance=c) for c in (0.0, 0.5)]
    assert waits == [middle / 2, middle]


@pytest.mark.parametrize(
    ("headers", "attempt"),
    [
        ({"retry-after": "3901"}, 1),
        ({"retry-after": "9" * 400}, 1),
        ({"retry-after": formatdate(NOW + 86400, usegmt=True)}, 1),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800004000"}, 1),
    ],
)
def test_a_wait_over_the_longest_is_refused(headers: dict[str, str], attempt: int) -> None:
    assert wait_seconds("limited", headers, attempt, now=NOW, chance=0.5) is None


DATES = st.from_regex(
    r"([A-Z][a-z]{2}, )?[0-9]{1,6} ?(Jan|Dec|Foo|[0-9]{2})[ -][0-9]{1,7}"
    r" [0-9]{1,3}:[0-9]{1,3}(:[0-9]{1,3})? ?([+-][0-9]{2,12}|GMT|-0000|)",
    fullmatch=True,
)
VALUES = st.text(max_size=40) | DATES | st.integers().map(str)


@given(
    st.sampled_from(["limited", "failed"]),
    st.fixed_dictionaries(
        {},
        optional={
            "retry-after": VALUES,
            "x-ratelimit-remaining": st.just("0") | VALUES,
            "x-ratelimit-reset": VALUES,
        },
    ),
    st.integers(1, 20),
    st.floats(0, 1, exclude_max=True),
)
def test_any_headers_give_a_bounded_wait(
    what: FailureKind, headers: dict[str, str], attempt: int, chance: float
) -> None:
    seconds = wait_seconds(what, headers, attempt, now=NOW, chance=chance)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT_SECONDS + 900


PRIMARY = "API rate limit exceeded for installation ID 1."


@pytest.mark.parametrize(
    ("headers", "message", "expected"),
    [
        ({}, PRIMARY, True),
        ({"x-ratelimit-remaining": "0"}, PRIMARY, True),
        ({"x-ratelimit-reset": "1800000900"}, PRIMARY, False),
        ({"retry-after": "60"}, PRIMARY, False),
        ({}, "You have exceeded a secondary rate limit.", False),
        ({}, "", False),
    ],
)
def test_the_reset_time_is_missing_only_for_a_primary_rate_limit_without_headers(
    headers: dict[str, str], message: str, expected: bool
) -> None:
    assert lacks_reset_time(headers, message) is expected


@pytest.mark.parametrize(
    ("headers", "end"),
    [
        ({}, None),
        ({"retry-after": "60"}, NOW + 60),
        ({"x-ratelimit-reset": str(int(NOW) + 7200)}, NOW + 7200),
        ({"retry-after": "60", "x-ratelimit-reset": str(int(NOW) + 7200)}, NOW + 60),
        ({"retry-after": formatdate(NOW + 60, usegmt=True)}, NOW + 60),
        ({"retry-after": "soon", "x-ratelimit-reset": str(int(NOW) + 7200)}, NOW + 7200),
    ],
    ids=["unknown", "a wait", "a reset", "both", "a date", "no wait"],
)
def test_a_rate_limit_ends_when_github_says(headers: dict[str, str], end: float | None) -> None:
    assert end_of_limit(headers, now=NOW) == end
