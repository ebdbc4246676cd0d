"""The outcome of files whose step was not performed."""

import pytest

from release_assets.errors import NotStartedError
from release_assets.models import Asset, Status
from release_assets.plan.assets import Plan
from release_assets.plan.cost import Cost
from release_assets.plan.release import KeepRelease, ReleasePlan
from release_assets.plan.steps import Keep, Skip, Step, Upload
from release_assets.report.events import Planned
from release_assets.report.outcome import outcome_of
from tests.support.samples import A, asset, local_file, release

FILE = local_file()


def planned(step: Step, *, only: bool = False) -> Planned:
    plan = ReleasePlan(step=KeepRelease(release=release()))
    return Planned(
        plan=Plan(steps=(step,)), release_plan=plan, cost=Cost(), digests={"app.zip": A}, only=only
    )


@pytest.mark.parametrize(
    ("step", "status", "there"),
    [
        (Keep(file=FILE, asset=asset()), "unchanged", asset()),
        (Skip(file=FILE, asset=asset()), "skipped", asset()),
        (Upload(file=FILE), "failed", None),
    ],
)
def test_a_file_whose_step_was_not_performed_has_the_result_of_its_plan(
    step: Step, status: Status, there: Asset | None
) -> None:
    (result,) = outcome_of([planned(step)]).results
    assert (result.status, result.asset, result.digest) == (status, there, A)
    assert isinstance(result.error, NotStartedError) is (status == "failed")
    (only,) = outcome_of([planned(step, only=True)]).results
    assert (only.status, only.asset) == ("planned", there)
