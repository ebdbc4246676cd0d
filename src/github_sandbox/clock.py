"""The clock of the sandbox, which a simulation can replace by virtual time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The source of time for rate limits, timestamps, signed URLs and latency."""

    now: Callable[[], float] = time.time  # seconds since the epoch
    elapsed: Callable[[], float] = time.monotonic  # seconds, from any start
    sleep: Callable[[float], None] = time.sleep  # seconds

    def moment(self) -> datetime:
        """Return the time in whole seconds, as in GitHub's timestamps."""
        return datetime.fromtimestamp(int(self.now()), UTC)
