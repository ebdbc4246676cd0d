"""Cases: what another party may do, before each call of each scenario."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults.calls import match_of
from tests.faults.cases import numbered_calls
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios

RENAMED = "renamed-by-another.bin"
ON_RELEASES: tuple[Mapping[str, Any], ...] = (
    {"do": "edit-body"},
    {"do": "edit-body", "keep_tag": True},
    {"do": "edit-title"},
    {"do": "edit-title", "keep_tag": True},
    {"do": "publish"},
    {"do": "unpublish"},
    {"do": "delete-release"},
    {"do": "create-draft"},
    {"do": "upload"},
    {"do": "move-tag"},
    {"do": "delete-tag"},
)
ON_ASSETS = ("delete-asset", "rename-asset", "replace-asset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interference:
    """What another party does before a call of a scenario."""

    scenario: Scenario
    kind: str  # of the call
    number: int  # of the call among its kind, from 0
    action: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of the parametrized test."""
        action = self.action
        name = "-".join([action["do"], *([action["name"]] if "name" in action else [])])
        kept = "-keeping-the-tag" if action.get("keep_tag") else ""
        return f"{self.scenario.name}-{self.kind}{self.number + 1}-{name}{kept}"

    @property
    def is_tag_read_later(self) -> bool:
        """Whether the run reads the git tag before this and again at or after it."""
        calls = list(numbered_calls(self.scenario.calls))
        place = calls.index((self.kind, self.number))
        kinds = [kind for kind, _ in calls]
        return "commit" in kinds[:place] and "commit" in kinds[place:]

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault as the sandbox takes it."""
        return {
            "do": "interfere",
            "when": "before",
            "actions": [{"tag": self.scenario.tag, **self.action}],
            "match": match_of(self.kind),
            "skip": self.number,
        }


def interferences() -> tuple[Interference, ...]:
    """Return all interferences."""
    return tuple(
        Interference(scenario=scenario, kind=kind, number=number, action=action)
        for scenario in scenarios()
        for kind, number in _calls(scenario)
        if kind != "bytes"  # the storage belongs to no repository
        for action in _actions(scenario)
    )


def _calls(scenario: Scenario) -> tuple[tuple[str, int], ...]:
    """Return the calls of a scenario up to the one that reads the release back."""
    calls = tuple(numbered_calls(scenario.calls))
    return calls[: len(calls) - scenario.calls_after_verification]


def _actions(scenario: Scenario) -> Iterator[Mapping[str, Any]]:
    yield from ON_RELEASES
    for name in (*list(scenario.files)[:1], "users.txt"):
        if name in scenario.holds:
            for action in ON_ASSETS:
                more = {"new_name": RENAMED} if action == "rename-asset" else {}
                yield {"do": action, "name": name, **more}
