"""A request and its answer, as values, independent of how they are sent."""

from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qsl

from github_sandbox.content import Content, Corruption
from github_sandbox.errors import new_request_id
from github_sandbox.models import Origin
from github_sandbox.request_body import Body
from github_sandbox.visibility import Lag


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of stored content as the body of an answer."""

    content: Content
    start: int
    length: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer to a request."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Slice = b""
    chunked: bool = False
    free: bool = False  # costs no points of the primary rate limit

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return self.body.length if isinstance(self.body, Slice) else len(self.body)

    def with_headers(self, *headers: tuple[str, str]) -> "Response":
        """Return this answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alterations:
    """What a fault changes about how a request is handled."""

    upload_leaves: Literal["uploaded", "starter"] | None = "uploaded"  # None: no asset
    corruption: Corruption = field(default_factory=Corruption)  # of the uploaded bytes
    lag: Lag | None = None  # of a created object in lists; None: as the settings say
    list_change: str | None = None  # how the listed page is wrong


@dataclass(slots=True, kw_only=True)
class Request:
    """A request; the body has not been read yet."""

    method: str
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
    permissions: str = ""  # that the endpoint needs, as a header lists them
    alterations: Alterations = field(default_factory=Alterations)
    id: str = field(default_factory=new_request_id)
    job: str | None = None  # the name that a seed has given to its token

    @property
    def arguments(self) -> dict[str, str]:
        """The values of the query by name; if a name is repeated, its first value."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, value)
        return found
