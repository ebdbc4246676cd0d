"""Every kind of fault at every call loses nothing, and reports stay accurate."""

import pytest

from release_assets.github.http.timeouts import Timeouts
from tests.faults.calls import READS, kinds_of
from tests.faults.cases import Case, cases, ids
from tests.faults.invariants import (
    check_every_asset_is_downloadable,
    check_nothing_is_lost,
    check_outputs_and_errors,
    check_the_next_run,
    check_token_is_not_revealed,
    differences,
    read_state,
    reported_leftovers,
    uploads_of,
)
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios
from tests.support.engine import Engine

pytestmark = pytest.mark.slow

# One call at a time, so that each fault strikes the same call in every run.
INPUTS = {"concurrency": "1", "max_attempts": "3"}


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_a_run_without_faults_makes_the_listed_calls(scenario: Scenario, engine: Engine) -> None:
    scenario.set_up(engine)
    engine.publish_well(**INPUTS, **scenario.inputs)
    assert kinds_of(engine.sandbox.requests()) == scenario.calls
    found = read_state(engine.sandbox)
    assert list(differences(found, scenario)) == []
    engine.sandbox.forget_requests()
    engine.publish_well(**INPUTS, **scenario.inputs)
    check_the_next_run(found, read_state(engine.sandbox), engine.sandbox.requests(), scenario)


def test_case_ids_are_unique() -> None:
    assert len(set(ids(cases()))) == len(cases())


def test_a_fault_loses_nothing_and_reports_are_accurate(case: Case, engine: Engine) -> None:
    scenario, sandbox = case.scenario, engine.sandbox
    scenario.set_up(engine)
    before = read_state(sandbox)
    sandbox.settings(**case.fault_kind.settings)
    sandbox.fault(**case.fault)
    if case.fault_kind.stall_seconds is not None:
        engine.timeouts = Timeouts(stall_seconds=case.fault_kind.stall_seconds)
    outcome = engine.publish(**INPUTS, **scenario.inputs)
    after = read_state(sandbox)
    check_nothing_is_lost(before, after, scenario)
    unreadable = case.kind in READS and (case.stays or not case.fault_kind.recoverable)
    check_outputs_and_errors(outcome, before, after, engine, scenario, unreadable=unreadable)
    check_token_is_not_revealed(outcome, engine)
    (struck,) = sandbox.faults()
    assert struck["struck"], "the call was not made"
    if not case.stays:
        check_every_asset_is_downloadable(before, after, scenario)
    if not case.stays and case.fault_kind.recoverable:
        assert outcome.errors == ()
        needed = scenario.calls.split().count("send")
        repeated = case.kind == "send" and not case.fault_kind.upload_completes
        assert len(uploads_of(sandbox.requests())) <= needed + repeated

    end_faults(engine)
    engine.publish_well(**INPUTS, **scenario.inputs)
    end = read_state(sandbox)
    check_nothing_is_lost(after, end, scenario)
    check_the_next_run(after, end, sandbox.requests(), scenario, reported_leftovers(engine))


def end_faults(engine: Engine) -> None:
    """Disarm all faults, and make all lists current."""
    sandbox = engine.sandbox
    sandbox.disarm()
    sandbox.settings(lag_requests=0, lag_covers_ids=False)
    github = engine.github()
    for _ in range(3):
        list(github.list_releases())
        for release in sandbox.releases():
            github.list_assets(release["id"])
    sandbox.forget_requests()
