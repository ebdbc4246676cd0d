"""A request to GitHub, and the answer to it."""

from collections.abc import Callable, Iterable, Mapping

from release_assets.github.errors import GitHubError
from release_assets.light_dataclasses import dataclass, field

JSON = "application/vnd.github+json"
BYTES = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer with its whole body."""

    status: int
    headers: Mapping[str, str]  # names of any case are equal
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request. Its body has a length, and is iterated from its start for every attempt."""

    method: str
    url: str
    where: str  # names the call in messages to the user
    params: Mapping[str, str] | None = None
    json: "object | Callable[[], object]" = None  # or a function that returns it for each attempt
    body: Iterable[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    is_idempotent: bool = True  # whether it may be sent again after a lost response
    retry_not_found: bool = False  # the object existed a moment ago: a first 404 may be lag
    attempt: int = 1  # its number; the caller may have made some before
    # Called with the error before the request is sent again, after the wait. It may raise instead.
    before_resend: "Callable[[GitHubError], None] | None" = field(default=None, repr=False)
    # Returns the request to send instead at an attempt, from 1.
    variant_for_attempt: "Callable[[int], Request] | None" = field(default=None, repr=False)

    @property
    def is_writing(self) -> bool:
        """Whether it may change anything on GitHub."""
        return self.method not in {"GET", "HEAD"}
