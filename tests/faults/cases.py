"""Each call of each scenario x each trouble -> cases, and the few that are tried each time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from tests.faults.calls import match_of
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios
from tests.faults.troubles import Trouble, troubles


class Named(Protocol):
    """What has a name that stays the same."""

    @property
    def id(self) -> str: ...


Some = TypeVar("Some", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trouble with one call of a scenario."""

    scenario: Scenario
    trouble: Trouble
    kind: str  # of the call
    number: int  # of the call among its kind, from 0
    stays: bool  # whether it strikes every such call from there on

    @property
    def id(self) -> str:
        """Say which it is."""
        stays = "-stays" if self.stays else ""
        return f"{self.scenario.name}-{self.kind}{self.number + 1}-{self.trouble.name}{stays}"

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault as the sandbox takes it."""
        times = None if self.stays else 1
        match = match_of(self.kind)
        return {**self.trouble.fault, "match": match, "skip": self.number, "times": times}


def cases() -> tuple[Case, ...]:
    """Return all cases."""
    possible = troubles()
    return tuple(
        Case(scenario=scenario, trouble=trouble, kind=kind, number=number, stays=stays)
        for scenario in scenarios()
        for kind, number in calls_of(scenario.calls)
        for trouble in possible
        if trouble.strikes(scenario, kind)
        for stays in (False, True)
        if trouble.stays or not stays
    )


def calls_of(calls: str) -> Iterator[tuple[str, int]]:
    """Yield kind and number of each call of a run."""
    seen: Counter[str] = Counter()
    for kind in calls.split():
        yield kind, seen[kind]
        seen[kind] += 1


def sample(found: Sequence[Some], count: int) -> tuple[Some, ...]:
    """Return some of the cases: always the same, however many others come or go."""

    def order(case: Some) -> bytes:
        return sha256(case.id.encode()).digest()

    chosen = set(map(order, sorted(found, key=order)[:count]))
    return tuple(case for case in found if order(case) in chosen)


def ids(found: Iterable[Named]) -> list[str]:
    """Return the names of cases."""
    return [case.id for case in found]
