"""Status, headers and attempt -> seconds to wait before the next attempt, if there is one. Pure."""

import email.utils
from collections.abc import Mapping
from typing import Literal

FailureKind = Literal["limited", "failed", "refused"]

LONGEST_WAIT_SECONDS = 3900.0
"""The longest single wait. A primary rate limit resets within an hour, by GitHub's clock.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

MAX_THROTTLED_SECONDS = 5 * 3600.0
"""How long one request may be rate limited in all; a job on GitHub's runners has six hours.

Source: https://docs.github.com/en/actions/reference/limits
"""

_MAX_SPREAD_SECONDS = 900.0


def classify_failure(status: int, headers: Mapping[str, str], message: str) -> FailureKind:
    """Return whether an error answer is a rate limit, a transient failure or a refusal.

    headers: names in lower case.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    ("403 or 429"; `retry-after`, `x-ratelimit-remaining`), and the messages of secondary limits in
    public reports, which come without these headers.
    """
    if status == 429:
        return "limited"
    if status == 403 and (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in message.lower()
        or "abuse" in message.lower()
    ):
        return "limited"
    if status >= 500 or status == 408:
        return "failed"
    return "refused"


def wait_seconds(
    kind: FailureKind, headers: Mapping[str, str], attempt: int, *, now: float, chance: float
) -> float | None:
    """Return how long to wait before the next attempt; None when that would be too long.

    attempt: the one that failed, from 1; for a rate limit, the number of rate limits since the
    last successful write. now: seconds since the epoch, by the server's clock. chance: 0 <= x < 1,
    spreads the waits of concurrent jobs.

    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    ("Handle rate limit errors appropriately")
    """
    least = _required_seconds(kind, headers, attempt, now)
    if least is None:
        return min(2.0 ** min(attempt - 1, 5), 30.0) * (0.5 + chance)
    if least > LONGEST_WAIT_SECONDS:
        return None
    return least + chance * min(_spread(kind, least, attempt), _MAX_SPREAD_SECONDS)


def end_of_limit(headers: Mapping[str, str], *, now: float) -> float | None:
    """Return when a rate limit ends, in seconds since the epoch; None if GitHub does not say.

    now: by the server's clock.
    """
    after = _retry_after(headers, now)
    after = _reset_after(headers, now) if after is None else after
    return None if after is None else now + after


def _required_seconds(
    kind: FailureKind, headers: Mapping[str, str], attempt: int, now: float
) -> float | None:
    """Return how long GitHub requires to wait; None if it requires nothing."""
    least = _retry_after(headers, now)
    if least is not None or kind != "limited":
        return least
    if headers.get("x-ratelimit-remaining") == "0":
        least = _reset_after(headers, now)
    return 60.0 * 2 ** min(attempt - 1, 4) if least is None else least


def _spread(kind: FailureKind, least: float, attempt: int) -> float:
    """Return how much longer than required to wait at most, so that jobs return one by one.

    With each further rate limit, spread them over a longer time.
    """
    spread = max(1.0, least / 10)
    return max(spread, 4.0 ** min(attempt - 1, 5)) if kind == "limited" else spread


def lacks_reset_time(headers: Mapping[str, str], message: str) -> bool:
    """Say whether the primary rate limit is used up, and the answer lacks the time of its reset.

    headers: names in lower case. Answers of the host for uploads never hold that time, as every
    recorded one shows.
    """
    has_time = bool({"retry-after", "x-ratelimit-reset"} & headers.keys())
    return not has_time and "api rate limit exceeded" in message.lower()


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = email.utils.parsedate_to_datetime(value)
        return max(0.0, date.timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _reset_after(headers: Mapping[str, str], now: float) -> float | None:
    value = headers.get("x-ratelimit-reset", "").strip()
    if not (value.isascii() and value.isdigit()):
        return None
    return max(1.0, float(value[:12]) - now)
