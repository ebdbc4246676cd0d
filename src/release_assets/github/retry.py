"""Status, headers, attempt -> seconds to wait, or give up. Pure."""

import email.utils
from collections.abc import Mapping
from typing import Literal

Failure = Literal["limited", "failed", "refused"]

LONGEST_WAIT_SECONDS = 3900.0
"""Never wait longer at once; a primary rate limit resets within the hour, by GitHub's clock.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

MAX_THROTTLED_SECONDS = 5 * 3600.0
"""For which one request lets itself be told to slow down; a job of GitHub's own runners has six hours.

Source: https://docs.github.com/en/actions/reference/limits
"""

_MOST_SPREAD_SECONDS = 900.0


def classify_failure(status: int, headers: Mapping[str, str], message: str) -> Failure:
    """Return what an error answer means: slow down, try again, or no.

    headers: names in lower case.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    ("403 or 429"; `retry-after`, `x-ratelimit-remaining`), and the text of secondary limits in
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
    what: Failure, headers: Mapping[str, str], attempt: int, *, now: float, chance: float
) -> float | None:
    """Return how long to wait before the next attempt; None when it would be too long.

    attempt: of the request that just failed, from 1; for limits, how often GitHub has said so since
    it last let something be written. now: seconds since the epoch, as the server's reset time.
    chance: 0 <= x < 1, spreads the waits of many jobs.

    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    ("Handle rate limit errors appropriately")
    """
    told = _retry_after(headers, now)
    if told is None and what == "limited":
        if headers.get("x-ratelimit-remaining") == "0":
            told = _reset_after(headers, now)
        if told is None:
            told = 60.0 * 2 ** min(attempt - 1, 4)
    if told is None:
        return min(2.0 ** min(attempt - 1, 5), 30.0) * (0.5 + chance)
    if told > LONGEST_WAIT_SECONDS:
        return None
    # A little later than told, and not all jobs at the same moment. Where they were too many again
    # and again, they come in the course of minutes.
    spread = max(1.0, told / 10)
    if what == "limited":
        spread = max(spread, 4.0 ** min(attempt - 1, 5))
    return told + chance * min(spread, _MOST_SPREAD_SECONDS)


def lacks_reset_time(headers: Mapping[str, str], message: str) -> bool:
    """Say whether the hour's requests are used up, and the answer does not tell until when.

    headers: names in lower case. The host for uploads tells nothing of limits, as every recorded
    answer of it shows.
    """
    told = {"retry-after", "x-ratelimit-reset"} & headers.keys()
    return not told and "api rate limit exceeded" in message.lower()


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
