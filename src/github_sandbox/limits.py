"""Rate limits: what each request costs, and when GitHub would have had enough."""

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
class _Account:
    used: int = 0
    started: float  # seconds since the epoch
    recent: deque[tuple[float, int, bool]] = field(default_factory=deque)
    active: int = 0


class RateLimits:
    """What each token has used up.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    def __init__(self, flavour: Flavour, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._has_headers = flavour != "ghes"  # off by default there
        self._lock = threading.Lock()
        self._accounts: dict[str, _Account] = {}

    def begin(
        self, identity: Identity | None, method: str, limits: Limits, *, free: bool = False
    ) -> ApiError | None:
        """Note that a request begins; return the refusal if it is one too many.

        free: whether it takes none of the hour's requests.
        """
        with self._lock:
            account = self._account(identity, limits)
            account.active += 1
            if not limits.enforce:
                return None
            if not free and account.used >= _allowed(identity, limits):
                return primary_refusal(limits.status, identity)
            if self._too_much_at_once(account, method, limits):
                return secondary_refusal(limits.status, limits.retry_after)
            account.recent.append(
                (self._clock.elapsed(), 5 if method in WRITES else 1, method in CREATING)
            )
            return None

    def end(self, identity: Identity | None, limits: Limits, points: int) -> None:
        """Note that a request is answered, and what it cost."""
        with self._lock:
            account = self._account(identity, limits)
            account.active -= 1
            account.used += points

    def headers(self, identity: Identity | None, limits: Limits) -> tuple[tuple[str, str], ...]:
        """Return the headers that tell where a token stands."""
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
        """Return the limit, what is used and left of it, and when it starts anew (epoch)."""
        with self._lock:
            account = self._account(identity, limits)
            allowed = _allowed(identity, limits)
            used = account.used
            if not limits.enforce and used >= allowed:
                # Nobody is stopped, so nobody shall read that he should be.
                used %= allowed
            return {
                "limit": allowed,
                "used": min(used, allowed),
                "remaining": max(0, allowed - used),
                "reset": int(account.started + limits.window_seconds) + 1,
            }

    def _account(self, identity: Identity | None, limits: Limits) -> _Account:
        key = identity.key if identity else "anonymous"
        moment = self._clock.now()
        account = self._accounts.setdefault(key, _Account(started=moment))
        if moment >= account.started + limits.window_seconds:
            account.used, account.started = 0, moment
        return account

    def _too_much_at_once(self, account: _Account, method: str, limits: Limits) -> bool:
        moment = self._clock.elapsed()
        while account.recent and account.recent[0][0] < moment - 3600:
            account.recent.popleft()
        minute = [item for item in account.recent if item[0] >= moment - 60]
        creating = method in CREATING
        return (
            account.active > limits.concurrent
            or sum(points for _, points, _ in minute) >= limits.points_per_minute
            or (creating and sum(new for *_, new in minute) >= limits.content_per_minute)
            or (creating and sum(new for *_, new in account.recent) >= limits.content_per_hour)
        )


def _allowed(identity: Identity | None, limits: Limits) -> int:
    if identity is None:
        return limits.anonymous
    return limits.primary if identity.integration else limits.user


def primary_refusal(status: int, identity: Identity | None) -> ApiError:
    """Return the answer to a token whose hour is used up.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    who = "installation" if identity and identity.integration else "user"
    number = identity.account.id if identity else 0
    return ApiError(
        status,
        f"API rate limit exceeded for {who} ID {number}.",
        documentation=f"{LIMITS_PAGE}#primary-rate-limits",
        headers=(("X-RateLimit-Remaining", "0"),),
    )


def secondary_refusal(status: int, retry_after: int | None) -> ApiError:
    """Return the answer to too many requests at once.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return ApiError(
        status,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
        "If you reach out to GitHub Support for help, please include the request ID {request_id}.",
        documentation=f"{LIMITS_PAGE}#about-secondary-rate-limits",
        headers=() if retry_after is None else (("Retry-After", str(retry_after)),),
    )
