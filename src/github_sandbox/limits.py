"""Rate limits: what each token has used, and which requests are refused."""

import threading
from collections import deque
from dataclasses import dataclass, field

from github_sandbox.clock import Clock
from github_sandbox.errors import ApiError
from github_sandbox.models import Flavour, Identity
from github_sandbox.settings import Limits

UPLOAD_POINTS = 2
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CREATING = frozenset({"POST", "PUT", "PATCH"})
LIMITS_PAGE = (
    "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api"
)


@dataclass(slots=True, kw_only=True)
class _Usage:
    used: int = 0  # points of the primary limit
    started: float  # of the present window, in seconds since the epoch
    # The last hour: time, points of the secondary limit, whether it created content.
    recent: deque[tuple[float, int, bool]] = field(default_factory=deque)
    active: int = 0  # concurrent requests


class RateLimits:
    """What each token has used of its limits.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    def __init__(self, flavour: Flavour, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._has_headers = flavour != "ghes"  # which has no limits by default
        self._lock = threading.Lock()
        self._usages: dict[str, _Usage] = {}

    def begin(
        self, identity: Identity | None, method: str, limits: Limits, *, free: bool = False
    ) -> ApiError | None:
        """Count the start of a request; return its refusal if it exceeds a limit.

        free: whether it costs no points of the primary limit.
        """
        with self._lock:
            usage = self._usage(identity, limits)
            usage.active += 1
            if not limits.enforce:
                return None
            if not free and usage.used >= _allowed(identity, limits):
                return primary_refusal(limits.status, identity)
            if self._exceeds_secondary_limit(usage, method, limits):
                return secondary_refusal(limits.status, limits.retry_after)
            usage.recent.append(
                (self._clock.elapsed(), 5 if method in WRITES else 1, method in CREATING)
            )
            return None

    def end(self, identity: Identity | None, limits: Limits, points: int) -> None:
        """Count the end of a request, and its cost in points of the primary limit."""
        with self._lock:
            usage = self._usage(identity, limits)
            usage.active -= 1
            usage.used += points

    def headers(self, identity: Identity | None, limits: Limits) -> tuple[tuple[str, str], ...]:
        """Return the headers with the state of a token's primary limit."""
        if not self._has_headers and not limits.enforce:
            return ()
        numbers = self.numbers(identity, limits)
        return (
            ("X-RateLimit-Limit", str(numbers["limit"])),
            ("X-RateLimit-Remaining", str(numbers["remaining"])),
            ("X-RateLimit-Reset", str(numbers["reset"])),
            ("X-RateLimit-Used", str(numbers["used"])),
            ("X-RateLimit-Resource", "core"),
        )

    def numbers(self, identity: Identity | None, limits: Limits) -> dict[str, int]:
        """Return the primary limit, its used and remaining points, and its reset (epoch seconds)."""
        with self._lock:
            usage = self._usage(identity, limits)
            allowed = _allowed(identity, limits)
            used = usage.used
            if not limits.enforce and used >= allowed:
                # Requests are not refused, so the headers must not say that the limit is used up.
                used %= allowed
            return {
                "limit": allowed,
                "used": min(used, allowed),
                "remaining": max(0, allowed - used),
                "reset": int(usage.started + limits.window_seconds) + 1,
            }

    def _usage(self, identity: Identity | None, limits: Limits) -> _Usage:
        key = identity.key if identity else "anonymous"
        moment = self._clock.now()
        usage = self._usages.setdefault(key, _Usage(started=moment))
        if moment >= usage.started + limits.window_seconds:
            usage.used, usage.started = 0, moment
        return usage

    def _exceeds_secondary_limit(self, usage: _Usage, method: str, limits: Limits) -> bool:
        moment = self._clock.elapsed()
        while usage.recent and usage.recent[0][0] < moment - 3600:
            usage.recent.popleft()
        minute = [item for item in usage.recent if item[0] >= moment - 60]
        creating = method in CREATING
        return (
            usage.active > limits.concurrent
            or sum(points for _, points, _ in minute) >= limits.points_per_minute
            or (creating and sum(new for *_, new in minute) >= limits.content_per_minute)
            or (creating and sum(new for *_, new in usage.recent) >= limits.content_per_hour)
        )


def _allowed(identity: Identity | None, limits: Limits) -> int:
    if identity is None:
        return limits.anonymous
    return limits.primary if identity.integration else limits.user


def primary_refusal(status: int, identity: Identity | None) -> ApiError:
    """Return the refusal of a token whose primary limit is used up.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    kind = "installation" if identity and identity.integration else "user"
    number = identity.account.id if identity else 0
    return ApiError(
        status,
        f"API rate limit exceeded for {kind} ID {number}.",
        documentation=f"{LIMITS_PAGE}#primary-rate-limits",
        headers=(("X-RateLimit-Remaining", "0"),),
    )


def secondary_refusal(status: int, retry_after: int | None) -> ApiError:
    """Return the refusal of too many requests in a short time.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return ApiError(
        status,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
        "If you reach out to GitHub Support for help, please include the request ID {request_id}.",
        documentation=f"{LIMITS_PAGE}#about-secondary-rate-limits",
        headers=() if retry_after is None else (("Retry-After", str(retry_after)),),
    )
