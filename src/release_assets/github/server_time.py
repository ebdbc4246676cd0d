"""GitHub's clock, from the `date` header of its answers."""

import email.utils
from collections.abc import Mapping

from release_assets.clock import Clock


class ServerTime:
    """The time by GitHub's clock, which the times of assets and rate limits refer to."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = 0.0  # seconds by which GitHub's clock is ahead of the local one

    def note(self, headers: Mapping[str, str]) -> None:
        """Set the clock by an answer, if it has a valid `date`."""
        try:
            date = email.utils.parsedate_to_datetime(headers.get("date", "")).timestamp()
        except (ValueError, OverflowError):
            return
        self._offset = date - self._clock.now()

    def now(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._clock.now() + self._offset
