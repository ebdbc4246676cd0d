"""Changes by another party between any two calls lose nothing, and no run succeeds wrongly."""

import pytest

from release_assets.names import is_untagged
from release_assets.report.outcome import Outcome
from tests.faults.cases import ids
from tests.faults.interference_checks import (
    PARTY,
    ForeignChanges,
    check_nothing_is_lost,
    check_run,
    unreported_differences,
)
from tests.faults.interferences import RENAMED, Interference, interferences
from tests.faults.snapshot import Snapshot, other_releases
from tests.faults.test_faults import INPUTS
from tests.support.engine import Engine

pytestmark = pytest.mark.slow

# Interference that a person must resolve -> the titles of the errors that a second run may report.
BY_HAND = {
    "move-tag": {"Tag moved"},
    "delete-tag": {"Tag not found", "Tag moved"},
    "replace-asset": {"Asset exists"},
    "delete-release": {"Release not found", "Tag not found"},
    "edit-body": {"Draft without a tag"},
    "edit-title": {"Draft without a tag"},
}


def test_interference_ids_are_unique() -> None:
    found = ids(interferences())
    assert len(set(found)) == len(found)


def test_an_interference_loses_nothing_and_is_reported(
    interference: Interference, engine: Engine
) -> None:
    scenario, sandbox = interference.scenario, engine.sandbox
    scenario.set_up(engine, other_releases(scenario))
    before = Snapshot.of(sandbox)
    sandbox.fault(**interference.fault)
    outcome = engine.publish(**INPUTS, **scenario.inputs)
    after = Snapshot.of(sandbox)
    (struck,) = sandbox.faults()
    assert struck["struck"], "the call was not made"
    foreign_changes = _foreign_changes(interference, after)
    check_run(outcome, before, after, engine, scenario, foreign_changes)
    if foreign_changes.tag and interference.is_tag_read_later:
        assert outcome.errors or after.tags.get(scenario.tag) == before.tags.get(scenario.tag)

    sandbox.disarm()
    again = engine.publish(**INPUTS, **scenario.inputs)
    end = Snapshot.of(sandbox)
    check_nothing_is_lost(after, end, scenario, foreign_changes)
    if again.errors:
        by_hand = BY_HAND.get(interference.action["do"], set())
        immutable = scenario.repository.get("immutable_releases", False)
        assert _titles(again) <= by_hand | ({"Release is immutable"} if immutable else set())
    else:
        remaining = list(unreported_differences(again, end, scenario, engine, foreign_changes))
        assert not remaining, f"a second run leaves {remaining}"


def _titles(outcome: Outcome) -> set[str]:
    return {error.title for error in outcome.errors}


def _foreign_changes(interference: Interference, after: Snapshot) -> ForeignChanges:
    """Return what the other party changed, if its action had an effect."""
    action = interference.action
    done = any(event["job"] == PARTY and event["state"] == "done" for event in after.history)
    if not done:
        return ForeignChanges()
    do = action["do"]
    return ForeignChanges(
        anything=True,
        names=frozenset({action["name"], RENAMED}) if "name" in action else frozenset(),
        release_lost=do == "delete-release" or any(is_untagged(one.tag) for one in after.ours),
        fields=do in {"edit-body", "edit-title"},
        tag=do in {"move-tag", "delete-tag"},
        drafts=int(do == "create-draft"),
        is_published=do == "publish",
    )
