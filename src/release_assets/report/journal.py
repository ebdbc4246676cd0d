"""The journal of a run: stages append events, and the outcome is computed from them."""

import threading

from release_assets.report.events import Event
from release_assets.report.outcome import Outcome, outcome_of


class Journal:
    """The events of a run, in order; many threads may append to it."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._computed = (0, Outcome())  # the number of events, and their outcome
        self._lock = threading.Lock()

    def append(self, event: Event) -> None:
        """Add an event."""
        with self._lock:
            self._events.append(event)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events so far."""
        with self._lock:
            return tuple(self._events)

    @property
    def outcome(self) -> Outcome:
        """The outcome of the events so far."""
        events = self.events
        count, known = self._computed
        if count != len(events):
            known = outcome_of(events)
            self._computed = (len(events), known)
        return known
