"""Wrong answers lose nothing, and no run succeeds unless the release is as requested."""

import re
from pathlib import Path

import pytest

from release_assets.github import decode
from tests.faults.calls import kinds_of
from tests.faults.cases import ids
from tests.faults.interference_checks import (
    NO_FOREIGN_CHANGES,
    check_nothing_is_lost,
    check_run,
    unreported_differences,
)
from tests.faults.lies import ACCOUNT, ASSET, COMMIT, NOTES, RELEASE, Lie, lies
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios
from tests.faults.snapshot import Snapshot, other_releases
from tests.faults.test_faults import INPUTS
from tests.support.engine import Engine

pytestmark = pytest.mark.slow


def test_the_table_of_lies_has_every_field_that_the_program_reads() -> None:
    source = Path(str(decode.__file__)).read_text(encoding="utf-8")
    read = set(re.findall(r'(?:fields|_Fields\(data, where\))\.\w+\("(\w+)"', source))
    assert read == {*RELEASE, *ACCOUNT, *ASSET, *COMMIT, *NOTES}


def test_lie_ids_are_unique() -> None:
    found = ids(lies())
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_a_run_with_many_pages_and_other_releases_makes_the_listed_calls(
    scenario: Scenario, engine: Engine
) -> None:
    scenario.set_up(engine, other_releases(scenario))
    engine.sandbox.settings(most_per_page=2, interim=True)
    before = Snapshot.of(engine.sandbox)
    outcome = engine.publish_well(**INPUTS, **scenario.inputs)
    assert kinds_of(engine.sandbox.requests()) == (scenario.paged or scenario.calls)
    check_run(outcome, before, Snapshot.of(engine.sandbox), engine, scenario)


def test_a_lie_loses_nothing_and_leads_to_no_wrong_success(lie: Lie, engine: Engine) -> None:
    scenario, sandbox = lie.scenario, engine.sandbox
    scenario.set_up(engine, other_releases(scenario))
    before = Snapshot.of(sandbox)
    if lie.settings:
        sandbox.settings(**lie.settings)
    sandbox.fault(**lie.armed(before, sandbox.uploads_url))
    outcome = engine.publish(**INPUTS, **scenario.inputs)
    after = Snapshot.of(sandbox)
    (struck,) = sandbox.faults()
    assert struck["struck"], "the call was not made"
    check_run(outcome, before, after, engine, scenario)
    if lie.name == "interim":
        assert not outcome.errors
        assert kinds_of(sandbox.requests()) == scenario.calls

    sandbox.disarm()
    if lie.settings:
        sandbox.settings(most_per_page=100, list_order="made")
    again = engine.publish_well(**INPUTS, **scenario.inputs)
    end = Snapshot.of(sandbox)
    check_nothing_is_lost(after, end, scenario, NO_FOREIGN_CHANGES)
    remaining = list(unreported_differences(again, end, scenario, engine, NO_FOREIGN_CHANGES))
    assert not remaining, f"a second run leaves {remaining}"
