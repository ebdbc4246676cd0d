"""Time, passed in so that a simulation need not wait for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where the imitation takes its time from: rate limits, stamps, links, latency."""

    now: Callable[[], float] = time.time  # seconds since the epoch
    elapsed: Callable[[], float] = time.monotonic  # seconds, from any start
    sleep: Callable[[float], None] = time.sleep  # seconds

    def moment(self) -> datetime:
        """Return the time in whole seconds, which is all that GitHub tells."""
        return datetime.fromtimestamp(int(self.now()), UTC)
