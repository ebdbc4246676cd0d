"""The lag of lists: what was created too recently to be listed."""

from dataclasses import dataclass

from github_sandbox.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How long a created object is missing from lists."""

    seconds: float = 0.0
    requests: int = 0  # and from how many lists


class Visibility:
    """The objects that lists do not show yet.

    Source: https://github.com/cli/cli/issues/6599 (new releases missing from lists for seconds).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[int, float] = {}
        self._lists: dict[int, int] = {}

    def hide(self, item_id: int, lag: Lag) -> None:
        """Hide an object from lists for that long."""
        if lag.seconds > 0:
            self._until[item_id] = self._clock.elapsed() + lag.seconds
        if lag.requests > 0:
            self._lists[item_id] = lag.requests

    def shows(self, item_id: int) -> bool:
        """Whether a list shows an object; each call counts as one list."""
        if self._lists.get(item_id, 0) > 0:
            self._lists[item_id] -= 1
            return False
        return self._clock.elapsed() >= self._until.get(item_id, 0.0)
