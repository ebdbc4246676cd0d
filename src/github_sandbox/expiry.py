"""Tokens that are good for some requests, or for some time."""

import threading
from dataclasses import dataclass

from github_sandbox.clock import Clock


@dataclass(slots=True, kw_only=True)
class _Expiry:
    requests: int | None  # that are left; below zero: one too many has come
    until: float | None  # seconds of the clock


class Expiries:
    """When each token ends; a token without an entry does not.

    Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/
    generating-an-installation-access-token-for-a-github-app (after one hour) and
    https://github.com/actions/create-github-app-token/issues/121 (in the middle of a job).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, _Expiry] = {}

    def set(self, token: str, *, requests: int | None, seconds: float | None) -> None:
        """Let a token end after so many more requests, or so many seconds from now."""
        until = None if seconds is None else self._clock.elapsed() + seconds
        with self._lock:
            self._tokens[token] = _Expiry(requests=requests, until=until)

    def spend(self, token: str) -> None:
        """Count a request."""
        with self._lock:
            expiry = self._tokens.get(token)
            if expiry is not None and expiry.requests is not None:
                expiry.requests -= 1

    def has_expired(self, token: str) -> bool:
        """Whether a token is good no more."""
        with self._lock:
            expiry = self._tokens.get(token)
            if expiry is None:
                return False
            late = expiry.until is not None and self._clock.elapsed() >= expiry.until
            return late or (expiry.requests is not None and expiry.requests < 0)
