"""Cases: each kind of fault at each call of each scenario; and the sample that is usually tried."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from tests.faults.calls import match_of
from tests.faults.fault_kinds import FaultKind, fault_kinds
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios


class Named(Protocol):
    """An object with a stable, unique id."""

    @property
    def id(self) -> str: ...


AnyCase = TypeVar("AnyCase", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of fault at one call of a scenario."""

    scenario: Scenario
    fault_kind: FaultKind
    kind: str  # of the call
    number: int  # of the call among its kind, from 0
    stays: bool  # whether it strikes every such call from then on

    @property
    def id(self) -> str:
        """The id of the parametrized test."""
        stays = "-stays" if self.stays else ""
        return f"{self.scenario.name}-{self.kind}{self.number + 1}-{self.fault_kind.name}{stays}"

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault as the sandbox takes it."""
        times = None if self.stays else 1
        match = match_of(self.kind)
        return {**self.fault_kind.fault, "match": match, "skip": self.number, "times": times}


def cases() -> tuple[Case, ...]:
    """Return all cases."""
    possible = fault_kinds()
    return tuple(
        Case(scenario=scenario, fault_kind=fault_kind, kind=kind, number=number, stays=stays)
        for scenario in scenarios()
        for kind, number in numbered_calls(scenario.calls)
        for fault_kind in possible
        if fault_kind.strikes(scenario, kind)
        for stays in (False, True)
        if fault_kind.stays or not stays
    )


def numbered_calls(calls: str) -> Iterator[tuple[str, int]]:
    """Yield kind and number of each call of a run."""
    seen: Counter[str] = Counter()
    for kind in calls.split():
        yield kind, seen[kind]
        seen[kind] += 1


def sample(found: Sequence[AnyCase], count: int) -> tuple[AnyCase, ...]:
    """Return a sample of the cases, chosen by id so that it changes little when cases are added."""

    def order(case: AnyCase) -> bytes:
        return sha256(case.id.encode()).digest()

    chosen = set(map(order, sorted(found, key=order)[:count]))
    return tuple(case for case in found if order(case) in chosen)


def ids(found: Iterable[Named]) -> list[str]:
    """Return the ids of cases."""
    return [case.id for case in found]
