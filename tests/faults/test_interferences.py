"""Between any two calls another party may act: nothing is lost, and no run is green in vain."""

import pytest

from release_assets.names import is_untagged
from release_assets.report.outcome import Outcome
from tests.faults.interferences import RENAMED, Interference, interferences
from tests.faults.matrix import ids
from tests.faults.snapshot import Snapshot, other_releases
from tests.faults.test_faults import INPUTS
from tests.faults.verdict import PARTY, Touched, check_nothing_is_lost, check_run, flaws
from tests.support.engine import Engine

pytestmark = pytest.mark.slow

# What a person must settle -> what a second run's error says of it.
BY_HAND = {
    "move-tag": {"Tag moved"},
    "delete-tag": {"Tag not found", "Tag moved"},
    "replace-asset": {"Asset exists"},
    "delete-release": {"Release not found", "Tag not found"},
    "edit-body": {"Draft without a tag"},
    "edit-title": {"Draft without a tag"},
}


def test_each_interference_has_a_name_of_its_own() -> None:
    found = ids(interferences())
    assert len(set(found)) == len(found)


def test_an_interference_costs_nothing_and_is_never_hidden(
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
    touched = _touched(interference, after)
    check_run(outcome, before, after, engine, scenario, touched)
    if touched.tag and interference.is_tag_read_later:
        assert outcome.errors or after.tags.get(scenario.tag) == before.tags.get(scenario.tag)

    sandbox.disarm()
    again = engine.publish(**INPUTS, **scenario.inputs)
    end = Snapshot.of(sandbox)
    check_nothing_is_lost(after, end, scenario, touched)
    if again.errors:
        by_hand = BY_HAND.get(interference.action["do"], set())
        immutable = scenario.repository.get("immutable_releases", False)
        assert _titles(again) <= by_hand | ({"Release is immutable"} if immutable else set())
    else:
        left = list(flaws(again, end, scenario, engine, touched))
        assert not left, f"a second run leaves {left}"


def _titles(outcome: Outcome) -> set[str]:
    return {error.title for error in outcome.errors}


def _touched(interference: Interference, after: Snapshot) -> Touched:
    """Return what the other party did, as far as it found anything to do."""
    action = interference.action
    done = any(event["job"] == PARTY and event["state"] == "done" for event in after.history)
    if not done:
        return Touched()
    do = action["do"]
    return Touched(
        anything=True,
        names=frozenset({action["name"], RENAMED}) if "name" in action else frozenset(),
        everything=do == "delete-release" or any(is_untagged(one.tag) for one in after.ours),
        fields=do in {"edit-body", "edit-title"},
        tag=do in {"move-tag", "delete-tag"},
        drafts=int(do == "create-draft"),
        is_published=do == "publish",
    )
