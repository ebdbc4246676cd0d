"""What is asked of GitHub, and what it answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

JSON = "application/vnd.github+json"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked. A body is iterated anew for every try, and has a length."""

    method: str
    url: str
    where: str  # which call it is, for the user
    params: Mapping[str, str] | None = None
    json: object = None
    body: Iterable[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    repeat: bool = True  # whether it may be sent again when nobody knows what became of it
    known: bool = False  # whether what it names was there a moment ago
    attempt: int = 1  # which try of it this is
    # What to ask in its place, by the try.
    for_attempt: "Callable[[int], Request] | None" = field(default=None, repr=False)

    @property
    def is_writing(self) -> bool:
        """Whether it may change anything."""
        return self.method not in {"GET", "HEAD"}
