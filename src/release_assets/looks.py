"""What the release holds, looked at once for all who ask at the same time."""

import threading
from collections.abc import Callable, Sequence
from itertools import count

from release_assets.models import Asset


class Looks:
    """Shares a look among threads: one that was begun after a question answers it.

    When GitHub fails, many uploads fail at once; each needs to know what became of it, and every
    look is several requests of the few that a token has.
    """

    def __init__(self, look: Callable[[], Sequence[Asset]]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._order = count()
        self._begun = -1
        self._seen: Sequence[Asset] = ()

    def now(self) -> Sequence[Asset]:
        """Return the assets as they are at some moment after the call.

        Raises: what a look raises, to each who waits, after a try of its own.
        """
        asked = next(self._order)
        with self._lock:
            if self._begun < asked:
                begun = next(self._order)
                self._seen = self._look()
                self._begun = begun
            return self._seen
