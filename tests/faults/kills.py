"""Cases: the process is killed at each call of each scenario, before or after its effect."""

from dataclasses import dataclass
from typing import Any

from tests.faults.calls import READS, match_of
from tests.faults.cases import numbered_calls
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A call of a scenario at which the process is killed."""

    scenario: Scenario
    kind: str
    number: int
    effect: bool  # whether the call has taken effect on GitHub

    @property
    def id(self) -> str:
        """The id of the parametrized test."""
        when = "after" if self.effect else "before"
        return f"{self.scenario.name}-{when}-{self.kind}{self.number + 1}"

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault that stalls the call until the process is killed."""
        at = "answer" if self.effect else "head"
        match = match_of(self.kind)
        return {"do": "stall", "at": at, "seconds": 20, "match": match, "skip": self.number}


def kills() -> tuple[Kill, ...]:
    """Return all kills."""
    return tuple(
        Kill(scenario=scenario, kind=kind, number=number, effect=effect)
        for scenario in scenarios()
        for kind, number in numbered_calls(scenario.calls)
        for effect in (False, True)
        if not (effect and kind in READS)  # reads have no effect
    )
