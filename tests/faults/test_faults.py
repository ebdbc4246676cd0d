"""Every call of every run may go wrong in every way."""

import pytest

from release_assets.github.http.timeouts import Timeouts
from tests.faults.calls import LOOKS, kinds_of
from tests.faults.invariants import (
    check_every_name_is_borne,
    check_nothing_is_lost,
    check_the_next_run,
    check_the_token_is_nowhere,
    check_what_is_told,
    differences,
    look,
    sends,
    told_strays,
)
from tests.faults.matrix import Case, cases, ids
from tests.faults.scenario import Scenario
from tests.faults.scenarios import scenarios
from tests.support.engine import Engine

pytestmark = pytest.mark.slow

# One call at a time, so that the same call is struck each time.
INPUTS = {"concurrency": "1", "max_attempts": "3"}


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_where_nothing_goes_wrong_the_calls_are_these(scenario: Scenario, engine: Engine) -> None:
    scenario.set_up(engine)
    engine.publish_well(**INPUTS, **scenario.inputs)
    assert kinds_of(engine.sandbox.requests()) == scenario.calls
    found = look(engine.sandbox)
    assert list(differences(found, scenario)) == []
    engine.sandbox.forget_requests()
    engine.publish_well(**INPUTS, **scenario.inputs)
    check_the_next_run(found, look(engine.sandbox), engine.sandbox.requests(), scenario)


def test_each_case_has_a_name_of_its_own() -> None:
    assert len(set(ids(cases()))) == len(cases())


def test_nothing_is_lost_and_all_that_is_told_is_true(case: Case, engine: Engine) -> None:
    scenario, sandbox = case.scenario, engine.sandbox
    scenario.set_up(engine)
    before = look(sandbox)
    sandbox.settings(**case.trouble.settings)
    sandbox.fault(**case.fault)
    if case.trouble.stall_seconds is not None:
        engine.timeouts = Timeouts(stall_seconds=case.trouble.stall_seconds)
    outcome = engine.publish(**INPUTS, **scenario.inputs)
    after = look(sandbox)
    check_nothing_is_lost(before, after, scenario)
    blind = case.kind in LOOKS and (case.stays or not case.trouble.survived)
    check_what_is_told(outcome, before, after, engine, scenario, blind=blind)
    check_the_token_is_nowhere(outcome, engine)
    (struck,) = sandbox.faults()
    assert struck["struck"], "the call was not made"
    if not case.stays:
        check_every_name_is_borne(before, after, scenario)
    if not case.stays and case.trouble.survived:
        assert outcome.errors == ()
        needed = scenario.calls.split().count("send")
        spoiled = case.kind == "send" and not case.trouble.whole
        assert len(sends(sandbox.requests())) <= needed + spoiled

    calm(engine)
    engine.publish_well(**INPUTS, **scenario.inputs)
    end = look(sandbox)
    check_nothing_is_lost(after, end, scenario)
    check_the_next_run(after, end, sandbox.requests(), scenario, told_strays(engine))


def calm(engine: Engine) -> None:
    """Let all troubles be over, and all lists show what is there."""
    sandbox = engine.sandbox
    sandbox.disarm()
    sandbox.settings(lag_requests=0, lag_covers_ids=False)
    github = engine.github()
    for _ in range(3):
        list(github.list_releases())
        for release in sandbox.releases():
            github.list_assets(release["id"])
    sandbox.forget_requests()
