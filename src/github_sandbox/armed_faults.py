"""The armed faults, and which of them is due for a request."""

import dataclasses
import threading
from dataclasses import dataclass
from typing import Any

from github_sandbox.faults import Fault
from github_sandbox.journal import Entry


class ArmedFaults:
    """Counts the requests of each fault exactly, even if many arrive at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """Disarm all faults."""
        with self._lock:
            self._armed.clear()

    def take(self, request: Entry) -> Fault | None:
        """Return the fault of this request, or None; count the request.

        If several faults are due, the first is taken, and the others wait for the next request.
        Every fault that matches a request counts it towards its `skip`.
        """
        with self._lock:
            taken: Fault | None = None
            for armed in self._armed:
                if not armed.fault.match.fits(request):
                    continue
                if armed.skipped < armed.fault.skip:
                    armed.skipped += 1
                elif taken is None and armed.is_due:
                    armed.struck += 1
                    taken = armed.fault
            return taken

    def as_json(self) -> list[dict[str, Any]]:
        """Return all faults, each with the numbers of requests that it skipped and struck."""
        with self._lock:
            return [
                dataclasses.asdict(armed.fault) | {"skipped": armed.skipped, "struck": armed.struck}
                for armed in self._armed
            ]


@dataclass(slots=True)
class _Armed:
    fault: Fault
    skipped: int = 0  # requests
    struck: int = 0  # requests

    @property
    def is_due(self) -> bool:
        return self.fault.times is None or self.struck < self.fault.times
