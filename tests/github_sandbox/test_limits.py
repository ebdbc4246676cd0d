from dataclasses import dataclass

import pytest

from github_sandbox.clock import Clock
from github_sandbox.limits import RateLimits
from github_sandbox.models import Account, Identity
from github_sandbox.settings import Limits
from tests.github_sandbox.conftest import RELEASES, Api

IDENTITY = Identity(
    account=Account(login="x", id=1, kind="Bot"), level="write", integration=True, key="x"
)


@dataclass(slots=True)
class Time:
    """A time that the test sets."""

    seconds: float = 1_800_000_000.0

    def clock(self) -> Clock:
        return Clock(now=lambda: self.seconds, elapsed=lambda: self.seconds)


@pytest.mark.parametrize(
    ("limits", "method", "expected"),
    [
        (Limits(enforce=True, primary=3), "GET", 3),
        (Limits(enforce=True, content_per_minute=2), "POST", 2),
        (Limits(enforce=True, content_per_minute=2), "GET", 9),
        (Limits(enforce=True, content_per_hour=4), "PATCH", 4),
        (Limits(enforce=True, points_per_minute=11), "DELETE", 3),
        (Limits(enforce=False, primary=1), "GET", 9),
    ],
)
def test_each_limit_allows_the_set_number_of_requests(
    limits: Limits, method: str, expected: int
) -> None:
    state, passed = RateLimits("github.com"), 0
    for _ in range(9):
        passed += state.begin(IDENTITY, method, limits) is None
        state.end(IDENTITY, limits, 1)
    assert passed == expected


def test_concurrent_requests_are_limited() -> None:
    state, limits = RateLimits("github.com"), Limits(enforce=True, concurrent=2)
    begun = [state.begin(IDENTITY, "GET", limits) is None for _ in range(3)]
    assert begun == [True, True, False]
    for _ in begun:
        state.end(IDENTITY, limits, 1)
    assert state.begin(IDENTITY, "GET", limits) is None


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        pytest.param(Limits(enforce=True, primary=2), 3600, id="primary: an hour"),
        pytest.param(Limits(enforce=True, content_per_minute=2), 60, id="a minute"),
        pytest.param(Limits(enforce=True, content_per_hour=2), 3600, id="content: an hour"),
    ],
)
def test_requests_are_allowed_again_after_the_window(limits: Limits, seconds: float) -> None:
    time = Time()
    state = RateLimits("github.com", time.clock())

    def passes() -> bool:
        taken = state.begin(IDENTITY, "POST", limits) is None
        state.end(IDENTITY, limits, int(taken))
        return taken

    assert [passes() for _ in range(3)] == [True, True, False]
    time.seconds += seconds - 1
    assert not passes()
    time.seconds += 2
    assert passes()


def test_the_reset_time_uses_the_same_clock() -> None:
    time, limits = Time(), Limits(enforce=True)
    state = RateLimits("github.com", time.clock())
    first = state.numbers(IDENTITY, limits)["reset"]
    time.seconds += 1800
    assert state.numbers(IDENTITY, limits)["reset"] == first == 1_800_003_601
    time.seconds += 1800
    assert state.numbers(IDENTITY, limits)["reset"] == 1_800_007_201


def test_an_upload_counts_twice_and_its_answer_has_no_limit_headers(api: Api) -> None:
    release = api.release(draft=True)
    before = int(api.call("GET", release["url"]).headers["X-RateLimit-Used"])
    assert not any(h.lower().startswith("x-ratelimit") for h in api.upload(release, "a").headers)
    after = int(api.call("GET", release["url"]).headers["X-RateLimit-Used"])
    assert after - before == 3


def test_a_request_for_the_rate_limit_is_not_counted(api: Api) -> None:
    used = [api.call("GET", "/rate_limit").json()["rate"]["used"] for _ in range(2)]
    assert used[0] == used[1]


def test_the_primary_limit_is_enforced_by_setting(api: Api) -> None:
    api.sandbox.settings(limits={"enforce": True, "primary": 2})
    answers = [api.call("GET", RELEASES) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert answers[2].headers["X-RateLimit-Remaining"] == "0"
    assert "rate limit exceeded" in answers[2].json()["message"]
    assert api.call("GET", "/rate_limit").json()["rate"]["remaining"] == 0, (
        "not counted even after the limit"
    )


def test_the_secondary_limit_has_a_retry_after_header(api: Api) -> None:
    limits = {"enforce": True, "content_per_minute": 1, "status": 429, "retry_after": 7}
    api.sandbox.settings(limits=limits)
    api.release()
    refused = api.create(tag_name="v9", draft=True)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert "secondary rate limit" in refused.json()["message"]
    assert "{request_id}" not in refused.text
