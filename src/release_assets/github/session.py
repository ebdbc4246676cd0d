"""Send one request, and retry it where that is safe and may help."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

import requests

from release_assets.clock import Clock
from release_assets.github import decode_errors
from release_assets.github.errors import (
    GitHubError,
    NotFoundError,
    RetryableError,
    TransientError,
)
from release_assets.github.http import origins
from release_assets.github.http.exchange import ApiAccess, Exchange, lower_names
from release_assets.github.http.request import Answer, Request
from release_assets.github.limiter import Limiter
from release_assets.github.server_time import ServerTime
from release_assets.github.throttle import Throttle
from release_assets.light_dataclasses import dataclass, replace
from release_assets.reporter import Reporter
from release_assets.stop import Stop
from release_assets.wording import words

Value = TypeVar("Value")


class Session:
    """Sends requests to one GitHub, with backoff, retries and rate limits."""

    def __init__(
        self,
        access: ApiAccess,
        clock: Clock,
        limiter: Limiter,
        reporter: Reporter,
        max_attempts: int,
        stop: Stop,
    ) -> None:
        self.clock = clock
        self.limiter = limiter
        self.max_attempts = max_attempts
        self.stop = stop
        self.may_have_written = False  # whether anything on GitHub may have changed
        self._log = reporter.line
        self.exchange = Exchange(
            access,
            clock,
            limiter.max_concurrency,
            self._before_request,
            reporter.debug if reporter.shows_debug else None,
        )
        self._throttle = Throttle(self.exchange, limiter, clock)

    @property
    def api_url(self) -> str:
        """The URL of GitHub's API."""
        return self.exchange.api_url

    @property
    def calls(self) -> int:
        """The number of requests sent to GitHub."""
        return self.exchange.calls

    @property
    def server(self) -> ServerTime:
        """GitHub's clock."""
        return self.exchange.server

    def send(self, request: Request, parse: Callable[[Answer], Value]) -> Value:
        """Return what parse makes of the answer, after retries that are safe and may help.

        parse: called with a successful answer. When it raises UnexpectedAnswerError, the answer
        counts as lost.

        Raises: GitHubError. The TransientError of a request that is not idempotent holds how long
            to wait before another attempt.
        """
        state = _AttemptState(may_lag=request.retry_not_found)
        send_once = partial(self._send_once, request, parse, state)
        may_retry = partial(_may_retry, request, state)
        return self._retry(
            send_once, request.where, may_retry, first=request.attempt, is_request=True
        )

    def _send_once(
        self,
        request: Request,
        parse: Callable[[Answer], Value],
        state: "_AttemptState",
        attempt: int,
    ) -> Value:
        if state.lost is not None and request.before_resend is not None:
            request.before_resend(state.lost)
        variant = request.variant_for_attempt
        sent = variant(attempt) if variant else request
        sent = replace(sent, attempt=attempt) if attempt != sent.attempt else sent
        try:
            return self._throttle.run(sent, partial(self._fetch, sent, parse))
        except TransientError as failure:
            self._note_write(request)
            seconds = self._throttle.wait_seconds("failed", failure.headers, attempt)
            state.lost = failure.waiting(seconds)
            raise state.lost from failure

    def open(self, request: Request) -> requests.Response:
        """Return a successful answer with its body still to be read; the caller closes it.

        Raises: GitHubError for any other answer, without a retry. A TransientError holds how long
            to wait before another attempt.
        """
        try:
            return self._throttle.run(request, lambda: self._open(request))
        except TransientError as failure:
            seconds = self._throttle.wait_seconds("failed", failure.headers, 1)
            raise failure.waiting(seconds) from failure

    def retry(
        self,
        do: Callable[[int], Value],
        what: str,
        retryable: tuple[type[GitHubError], ...],
        has_progressed: Callable[[], bool] = lambda: False,
    ) -> Value:
        """Return what `do` returns, called with the number of the attempt, from 1.

        Before each further attempt, wait as long as the error requires, or else for the usual
        backoff. what: the action, for the log. has_progressed: whether an attempt that failed got
        so far that the attempts are counted from 1 again.

        Raises: GitHubError: any that is not retryable, that was retried already, that requires
            too long a wait, or that the last attempt raises.
        """
        return self._retry(do, what, lambda error: isinstance(error, retryable), has_progressed)

    def _retry(
        self,
        do: Callable[[int], Value],
        what: str,
        may_retry: Callable[[GitHubError], bool],
        has_progressed: Callable[[], bool] = lambda: False,
        *,
        first: int = 1,
        is_request: bool = False,
    ) -> Value:
        attempt = first
        while True:
            try:
                return do(attempt)
            except GitHubError as failure:
                attempt = 1 if has_progressed() else attempt
                if _is_final(failure) or not may_retry(failure):
                    raise
                if attempt >= self.max_attempts:
                    if isinstance(failure, RetryableError):
                        # A caller of several requests may still recover by other ones.
                        raise failure.after(attempt, final=is_request) from failure
                    raise
                may_lag = is_request and isinstance(failure, NotFoundError)  # retried once
                last = attempt + 1 if may_lag else self.max_attempts
                self.wait_before_retry(failure, what, attempt, last)
            attempt += 1

    def wait_before_retry(
        self, failure: GitHubError, what: str, attempt: int, last: int | None = None
    ) -> None:
        """Log a failed attempt, and wait as its error requires, or for the usual backoff.

        last: number of the last attempt, if it is not the usual one.
        """
        headers = failure.headers if isinstance(failure, RetryableError) else {}
        seconds = self._throttle.wait_seconds("failed", headers, attempt) or 0.0
        outcome = f"{what}, attempt {attempt} of {last or self.max_attempts}: {failure.what}"
        self._log(f"{outcome}; trying again in {seconds:.1f} s")
        self.clock.sleep(seconds)

    def _fetch(self, request: Request, parse: Callable[[Answer], Value]) -> Value:
        answer = self.exchange.fetch(request)
        if not 200 <= answer.status < 300:
            raise _error_of(request, answer.status, lower_names(answer.headers), answer.body)
        self._note_write(request)
        return parse(answer)

    def _open(self, request: Request) -> requests.Response:
        response = self.exchange.open(request)
        if 200 <= response.status_code < 300:
            return response
        with response:
            body = self.exchange.read_body(response, request.where)
        if not origins.may_see_token(self.api_url, response.url):
            # The storage has no tokens and no rate limits. Its URLs expire soon, and another
            # attempt gets a new one.
            raise TransientError(
                f"the storage of GitHub refused with status {response.status_code}",
                where=request.where,
                fix=words("{RUN_AGAIN}"),
                status=response.status_code,
            )
        raise _error_of(request, response.status_code, lower_names(response.headers), body)

    def _before_request(self) -> None:
        self.limiter.wait()
        self.stop.check()

    def _note_write(self, request: Request) -> None:
        self.may_have_written = self.may_have_written or request.is_writing


@dataclass(kw_only=True)
class _AttemptState:
    """What the attempts at one request know of each other."""

    may_lag: bool  # whether a 404 may still be replication lag
    lost: TransientError | None = None  # of the attempt before


def _may_retry(request: Request, state: _AttemptState, failure: GitHubError) -> bool:
    if isinstance(failure, NotFoundError):
        # Replication lag is short: retry a 404 only once.
        is_first, state.may_lag = state.may_lag, False
        return is_first
    return isinstance(failure, TransientError) and request.is_idempotent


def _is_final(failure: GitHubError) -> bool:
    """Say whether no attempt is left: all were made, or the next wait would be too long."""
    return isinstance(failure, RetryableError) and (failure.final or failure.wait_seconds is None)


def _error_of(
    request: Request, status: int, headers: Mapping[str, str], body: bytes
) -> GitHubError:
    return decode_errors.error_of(request.method, request.where, status, headers, body)
