"""Send requests no faster than GitHub allows, and wait out its rate limits."""

import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TypeVar

from release_assets import text
from release_assets.clock import Clock
from release_assets.github import retry
from release_assets.github.errors import GitHubError, RateLimitedError, TransientError
from release_assets.github.http.exchange import Exchange, lower_names
from release_assets.github.http.request import Request
from release_assets.github.limiter import Limiter

Value = TypeVar("Value")


class Throttle:
    """Sends requests through the limiter, and sends them again after a rate limit.

    GitHub does not process a request that it rate limits, so any request may be sent again.
    The waiting time is bounded, not the number of attempts.
    """

    def __init__(self, exchange: Exchange, limiter: Limiter, clock: Clock) -> None:
        self._exchange = exchange
        self._limiter = limiter
        self._clock = clock
        self._lock = threading.Lock()
        self._rate_limits = 0  # since the last successful write

    def run(self, request: Request, send: Callable[[], Value]) -> Value:
        """Return what send, which sends the request, returns.

        Raises: GitHubError. RateLimitedError when the next wait, or all of them, is too long.
        """
        limited_since: float | None = None
        while True:
            try:
                return self._send_in_slot(request, send)
            except RateLimitedError as failure:
                now = self._clock.elapsed()
                limited_since = now if limited_since is None else limited_since
                is_too_long = now - limited_since > retry.MAX_THROTTLED_SECONDS
                if failure.wait_seconds is None or is_too_long:
                    raise failure.waiting(None, final=True) from failure
                if request.before_resend is not None:
                    self._limiter.wait()
                    request.before_resend(failure)

    def _send_in_slot(self, request: Request, send: Callable[[], Value]) -> Value:
        """Send once, and react to a failure. The RateLimitedError says how long all are paused."""
        # Only uploads need a slot. After a rate limit they take a new one, of fewer.
        with nullcontext() if request.body is None else self._limiter.slot():
            epoch = self._limiter.wait()
            try:
                value = send()
            except RateLimitedError as failure:
                raise self._pause(failure, epoch) from failure
            except TransientError:
                self._limiter.back_off(epoch)
                raise
            self._rate_limits = 0 if request.is_writing else self._rate_limits
            self._limiter.record_success(epoch)
            return value

    def wait_seconds(
        self, kind: retry.FailureKind, headers: Mapping[str, str], attempt: int
    ) -> float | None:
        """Return how long to wait before the next attempt; None when that would be too long."""
        now, chance = self._exchange.server.now(), self._clock.chance()
        return retry.wait_seconds(kind, headers, attempt, now=now, chance=chance)

    def _pause(self, failure: RateLimitedError, epoch: int) -> RateLimitedError:
        """Pause all requests as long as GitHub requires, unless that is too long.

        Return the error with the wait, or with the time at which the limit ends.
        """
        with self._lock:
            headers = failure.headers
            if self._limiter.back_off(epoch):
                self._rate_limits += 1
                if retry.lacks_reset_time(headers, failure.what):
                    headers = self._rate_limit_headers() or headers
            seconds = self.wait_seconds("limited", headers, self._rate_limits)
            if seconds is not None:
                self._limiter.pause(seconds, failure.what)
                return failure.waiting(seconds)
        end = retry.end_of_limit(headers, now=self._exchange.server.now())
        return failure.waiting(None, fix=_run_after(end, self._exchange.server.now()))

    def _rate_limit_headers(self) -> Mapping[str, str]:
        """Return the headers with the number of requests left and the time of the reset.

        Source: https://docs.github.com/en/rest/rate-limit/rate-limit (does not count itself)
        """
        url = f"{self._exchange.api_url}/rate_limit"
        try:
            request = Request(method="GET", url=url, where="the rate limit")
            return lower_names(self._exchange.fetch(request).headers)
        except GitHubError:
            return {}  # the same as an answer without these headers


def _run_after(end: float | None, now: float) -> str:
    """Return the fix for a rate limit that ends at a time, in seconds since the epoch."""
    if end is None:
        return ""
    date = datetime.fromtimestamp(end, UTC)
    return (
        f"run again after {date:%Y-%m-%d %H:%M} UTC, in {text.seconds(end - now)}: a run does not "
        f"wait longer than {text.seconds(retry.LONGEST_WAIT_SECONDS)} for it"
    )
