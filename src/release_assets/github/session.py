"""One request: repeated where repeating is safe, at the pace that GitHub takes."""

import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TypeVar

import requests

from release_assets.clock import Clock
from release_assets.github import decode_errors, retry
from release_assets.github.errors import (
    GitHubError,
    NotFoundError,
    RateLimitedError,
    RetryableError,
    TransientError,
)
from release_assets.github.http import origins
from release_assets.github.http.exchange import Exchange, lower
from release_assets.github.http.request import Answer, Request
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.limiter import Limiter
from release_assets.github.retry import Failure
from release_assets.github.server_time import ServerTime
from release_assets.stop import Stop

Value = TypeVar("Value")

TIMEOUTS = Timeouts()


class Session:
    """Asks one GitHub until it has an answer to go by."""

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        clock: Clock,
        limiter: Limiter,
        log: Callable[[str], None],
        debug: Callable[[str], None],
        max_attempts: int,
        stop: Stop,
        tls: ssl.SSLContext | None = None,
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        self.clock = clock
        self.limiter = limiter
        self.max_attempts = max_attempts
        self.stop = stop
        self.may_have_written = False  # whether anything may be other than before
        self._slowing = threading.Lock()
        self._refusals = 0  # how often GitHub said to slow down since it last let us write
        self._log = log
        self.exchange = Exchange(
            api_url=api_url,
            token=token,
            clock=clock,
            connections=limiter.most,
            before=self._check_stop,
            debug=debug,
            tls=tls,
            timeouts=timeouts,
        )

    @property
    def api_url(self) -> str:
        """Where GitHub's API is."""
        return self.exchange.api_url

    @property
    def calls(self) -> int:
        """How many requests GitHub was sent."""
        return self.exchange.calls

    @property
    def server(self) -> ServerTime:
        """GitHub's own clock."""
        return self.exchange.server

    def send(self, request: Request, parse: Callable[[Answer], Value]) -> Value:
        """Return what the answer of success means.

        understand: raises UnexpectedAnswerError for an answer that means nothing; it counts as
        one that was lost.

        Raises: GitHubError for any other answer, after the repeats that are safe and may help. A
            TransientError of a request that is not repeated says how long to wait.
        """
        may_lag = request.known

        def once(attempt: int) -> Value:
            asked = request.for_attempt(attempt) if request.for_attempt else request
            tried = replace(asked, attempt=attempt)
            try:
                return self._send_throttled(tried, partial(self._parsed, tried, parse))
            except TransientError as failure:
                self._wrote(request)
                seconds = self._wait_seconds("failed", failure.headers, attempt)
                is_last = attempt == self.max_attempts or seconds is None
                raise failure.waiting(seconds, final=request.repeat and is_last) from failure

        def may_repeat(failure: GitHubError) -> bool:
            nonlocal may_lag
            if isinstance(failure, NotFoundError):
                # GitHub may lag behind itself, but not for long: once.
                lags, may_lag = may_lag, False
                return lags
            return isinstance(failure, TransientError) and request.repeat

        return self._retry(once, request.where, may_repeat)

    def retry(
        self,
        do: Callable[[int], Value],
        what: str,
        retryable: tuple[type[GitHubError], ...],
    ) -> Value:
        """Return what `do` returns, called with the number of the attempt, from 1.

        Wait before each further attempt as long as its error says, or with the usual backoff
        where it says nothing. what: the action, for the log.

        Raises: GitHubError: any that is not retryable, that was retried already, that would have
            to wait too long, or that the last attempt raises.
        """
        return self._retry(do, what, lambda failure: isinstance(failure, retryable))

    def _retry(
        self, do: Callable[[int], Value], what: str, may_repeat: Callable[[GitHubError], bool]
    ) -> Value:
        for attempt in range(1, self.max_attempts):
            try:
                return do(attempt)
            except GitHubError as failure:
                if is_final(failure) or not may_repeat(failure):
                    raise
                self.back_off_before(failure, what, attempt)
        return do(self.max_attempts)

    def open(self, request: Request) -> requests.Response:
        """Return an answer of success whose body is still to be read; the caller closes it.

        Raises: GitHubError for any other, without a repeat. A TransientError says how long to wait.
        """
        try:
            return self._send_throttled(request, lambda: self._opened(request))
        except TransientError as failure:
            seconds = self._wait_seconds("failed", failure.headers, 1)
            raise failure.waiting(seconds) from failure

    def back_off_before(self, problem: GitHubError, what: str, attempt: int) -> None:
        """Wait before the next attempt, or before looking what became of this one, and log it."""
        if isinstance(problem, RetryableError):
            seconds = problem.wait_seconds or 0.0
        else:
            # Its cause is another job or a list that lags: both pass in a moment.
            seconds = self._wait_seconds("failed", {}, attempt) or 0.0
        told = f"{what}, try {attempt} of {self.max_attempts}: {problem.what}"
        self._log(f"{told}; trying again in {seconds:.1f} s")
        self.clock.sleep(seconds)

    def _send_throttled(self, request: Request, ask: Callable[[], Value]) -> Value:
        """Return what a request comes to, asked as often as GitHub says to slow down.

        It has done nothing then, so that anything may be asked again; what is bounded is the time.
        """
        refused_at: float | None = None
        while True:
            # Files go out in turn: who was told to wait takes its place anew, of fewer.
            with nullcontext() if request.body is None else self.limiter.slot():
                began = self.limiter.wait()
                try:
                    value = ask()
                except RateLimitedError as failure:
                    now = self.clock.elapsed()
                    refused_at = now if refused_at is None else refused_at
                    seconds = self._slow_down(failure, began)
                    if seconds is None or now - refused_at > retry.MAX_THROTTLED_SECONDS:
                        raise failure.waiting(None, final=True) from failure
                except TransientError:
                    self.limiter.back_off(began)
                    raise
                else:
                    self._refusals = 0 if request.is_writing else self._refusals
                    self.limiter.succeeded(began)
                    return value

    def _slow_down(self, failure: RateLimitedError, began: int) -> float | None:
        """Let all requests wait as long as GitHub says, and return how long; None: too long."""
        with self._slowing:
            headers = failure.headers
            if self.limiter.back_off(began):
                self._refusals += 1
                if retry.lacks_reset_time(headers, failure.what):
                    headers = self._rate_limit() or headers
            seconds = self._wait_seconds("limited", headers, self._refusals)
            if seconds is not None:
                self.limiter.pause(seconds, failure.what)
            return seconds

    def _rate_limit(self) -> Mapping[str, str]:
        """Return the headers that tell how many requests are left, and from when on there are more.

        Source: https://docs.github.com/en/rest/rate-limit/rate-limit (takes none of them)
        """
        url = f"{self.api_url}/rate_limit"
        try:
            request = Request(method="GET", url=url, where="the rate limit")
            return self.exchange.whole(request).headers
        except GitHubError:
            return {}  # as if it told nothing

    def _wait_seconds(
        self, what: Failure, headers: Mapping[str, str], attempt: int
    ) -> float | None:
        return retry.wait_seconds(
            what, headers, attempt, now=self.server.now(), chance=self.clock.chance()
        )

    def _parsed(self, request: Request, parse: Callable[[Answer], Value]) -> Value:
        answer = self.exchange.whole(request)
        if not 200 <= answer.status < 300:
            raise self._error(request, answer.status, answer.headers, answer.body)
        self._wrote(request)
        return parse(answer)

    def _opened(self, request: Request) -> requests.Response:
        response = self.exchange.follow(request)
        if 200 <= response.status_code < 300:
            return response
        with response:
            body = self.exchange.read(response, request.where)
        if not origins.may_see_token(self.api_url, response.url):
            # Storage knows nothing of tokens and limits. An address of its own dies soon: GitHub gives another.
            raise TransientError(
                f"the storage that GitHub leads to refused with {response.status_code}",
                where=request.where,
                fix="run again",
                status=response.status_code,
            )
        raise self._error(request, response.status_code, lower(response.headers), body)

    def _check_stop(self) -> None:
        self.limiter.wait()
        self.stop.check()

    def _wrote(self, request: Request) -> None:
        self.may_have_written = self.may_have_written or request.is_writing

    @staticmethod
    def _error(
        request: Request, status: int, headers: Mapping[str, str], body: bytes
    ) -> GitHubError:
        return decode_errors.error_of(request.method, request.where, status, headers, body)


def is_final(failure: GitHubError) -> bool:
    """Say whether an error rules out further attempts: all were made, or the wait is too long."""
    return isinstance(failure, RetryableError) and (failure.final or failure.wait_seconds is None)
