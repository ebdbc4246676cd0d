"""Each call of each scenario x before and after its effect -> where to kill."""

from dataclasses import dataclass
from typing import Any

from tests.faults.calls import LOOKS, match_of
from tests.faults.matrix import calls_of
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A call of a scenario at which the process is killed."""

    scenario: Scenario
    kind: str
    number: int
    effect: bool  # whether GitHub has done what it was asked

    @property
    def id(self) -> str:
        """Say which it is."""
        when = "after" if self.effect else "before"
        return f"{self.scenario.name}-{when}-{self.kind}{self.number + 1}"

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault that holds the call so long."""
        at = "answer" if self.effect else "head"
        match = match_of(self.kind)
        return {"do": "stall", "at": at, "seconds": 20, "match": match, "skip": self.number}


def kills() -> tuple[Kill, ...]:
    """Return all."""
    return tuple(
        Kill(scenario=scenario, kind=kind, number=number, effect=effect)
        for scenario in scenarios()
        for kind, number in calls_of(scenario.calls)
        for effect in (False, True)
        if not (effect and kind in LOOKS)  # they have none
    )
