"""GitHub's clock, as its answers tell it."""

import email.utils
from collections.abc import Mapping

from release_assets.clock import Clock


class ServerTime:
    """Tells GitHub's time: what it says of its assets and limits is in that, not in ours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = 0.0  # seconds that GitHub's clock is ahead of ours

    def note(self, headers: Mapping[str, str]) -> None:
        """Take the time from an answer that tells it."""
        try:
            told = email.utils.parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (ValueError, OverflowError):
            return
        self._ahead = told - self._clock.now()

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self._clock.now() + self._ahead
