"""The log of requests, which the control API shows."""

import threading
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request: logged when its head has arrived, completed before its answer is sent.

    So a client that has received its answer finds the request in the log, and a test can wait for
    a request that is in progress.
    """

    id: int = 0
    time: float  # seconds since the epoch, when the head had arrived
    seconds: float | None = None  # until the exchange ended
    origin: str
    method: str
    path: str  # as sent, without the query
    query: str
    status: int | None = None  # None: no answer has been sent
    authorized: bool  # whether it had an Authorization header
    job: str | None = None  # the name that a seed has given to its token
    bytes_in: int = 0  # of the request's body
    bytes_out: int = 0  # of the answer's body
    points: int = 0  # of the primary rate limit
    headers: dict[str, str]  # without Authorization
    # Only with the setting `log_bodies`, and not for uploads and downloads.
    request_body: str | None = None
    response_headers: dict[str, str] | None = None
    response_body: str | None = None
    fault: str | None = None  # the `do` of its fault


class Journal:
    """All requests, in the order of arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._last_id = 0

    def add(self, entry: Entry) -> None:
        """Log a request."""
        with self._lock:
            self._last_id += 1
            entry.id = self._last_id
            self._entries.append(entry)

    def clear(self) -> None:
        """Remove all requests; ids are not used again."""
        with self._lock:
            self._entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """Return all requests, in the order of their ids."""
        with self._lock:
            return [asdict(entry) for entry in self._entries]
