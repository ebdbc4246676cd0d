"""Tokens that expire after some requests, or after some time."""

import threading
from dataclasses import dataclass

from github_sandbox.clock import Clock


@dataclass(slots=True, kw_only=True)
class _Expiry:
    requests: int | None  # that are left; below zero: expired
    until: float | None  # seconds, by the clock


class Expiries:
    """When each token expires; a token without an entry does not.

    Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/
    generating-an-installation-access-token-for-a-github-app (after one hour) and
    https://github.com/actions/create-github-app-token/issues/121 (in the middle of a job).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, _Expiry] = {}

    def set(self, token: str, *, requests: int | None, seconds: float | None) -> None:
        """Let a token expire after that many requests, or that many seconds from now."""
        until = None if seconds is None else self._clock.elapsed() + seconds
        with self._lock:
            self._tokens[token] = _Expiry(requests=requests, until=until)

    def count(self, token: str) -> None:
        """Count a request with a token."""
        with self._lock:
            expiry = self._tokens.get(token)
            if expiry is not None and expiry.requests is not None:
                expiry.requests -= 1

    def has_expired(self, token: str) -> bool:
        """Whether a token has expired."""
        with self._lock:
            expiry = self._tokens.get(token)
            if expiry is None:
                return False
            is_late = expiry.until is not None and self._clock.elapsed() >= expiry.until
            return is_late or (expiry.requests is not None and expiry.requests < 0)
