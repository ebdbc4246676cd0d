"""A request and an answer, apart from the bytes they travel as."""

from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qsl

from github_sandbox.bodies import Body
from github_sandbox.content import Content
from github_sandbox.models import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of stored content as the body of an answer."""

    content: Content
    start: int
    length: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, before it is written."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Slice = b""
    chunked: bool = False
    close: bool = False
    free: bool = False  # does not count against the primary rate limit

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return self.body.length if isinstance(self.body, Slice) else len(self.body)

    def with_headers(self, *headers: tuple[str, str]) -> "Response":
        """Return this answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))


@dataclass(slots=True, kw_only=True)
class Request:
    """A request; the body has not been read yet."""

    method: str
    target: str  # as sent
    host: str
    path: str  # as sent, without the query
    query: str  # as sent
    headers: dict[str, str]  # names in lower case
    body: Body
    keep_alive: bool
    origin: Origin = "api"
    route_path: str = ""  # the path without the origin's base, such as /api/v3
    params: dict[str, str] = field(default_factory=dict)  # from the path, decoded
    documentation: str = ""  # page about the endpoint
    permissions: str = ""  # that it needs, as a header tells them
    leave: Literal["uploaded", "starter"] | None = "uploaded"  # of an upload; a fault changes it
    spoil_at: int | None = None
    spoil_hidden: bool = False
    lag: dict[str, float] | None = None
    change: str | None = None  # how the list that it asks for is wrong; a fault sets it
    job: str | None = None  # whose token it carries, of those that a seed has named

    @property
    def arguments(self) -> dict[str, str]:
        """The query's values by name; the first of each counts."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, value)
        return found
