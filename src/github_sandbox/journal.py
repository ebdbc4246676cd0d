"""The log of requests, for tests to count and read."""

import threading
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request: noted when its head has arrived, completed before its answer goes out.

    So that a client that has its answer finds the request in the log, and a test can wait for a
    request that is still going on.
    """

    id: int = 0
    time: float  # seconds since the epoch, when the head had arrived
    seconds: float | None = None  # until all was over
    origin: str
    method: str
    path: str  # as sent, without the query
    query: str
    status: int | None = None  # None: there is no answer, or not yet
    authorized: bool  # an Authorization header came
    job: str | None = None  # whose token that was, of those that a seed has named
    bytes_in: int = 0  # of the body
    bytes_out: int = 0  # of the body
    points: int = 0  # what it cost of the primary rate limit
    headers: dict[str, str]  # without Authorization
    # With the setting `log_bodies`; not of uploads and downloads, whose bytes are stored elsewhere.
    request_body: str | None = None
    response_headers: dict[str, str] | None = None
    response_body: str | None = None
    fault: str | None = None  # the kind of the fault that struck it


class Journal:
    """Requests in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._last_id = 0

    def add(self, entry: Entry) -> None:
        """Note a request that begins."""
        with self._lock:
            self._last_id += 1
            entry.id = self._last_id
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget all requests; ids go on."""
        with self._lock:
            self._entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """Return all requests, by id."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]
