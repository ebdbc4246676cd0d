"""The cost that a dry run predicts matches the run."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from release_assets.names import backup_name, staging_name
from release_assets.plan.assets import Plan
from release_assets.plan.cost import Cost, PlannedRun, cost_of
from release_assets.plan.release import KeepRelease, ReleasePlan
from release_assets.plan.steps import Keep, Relabel, Replace, Restore, Skip, Step, Upload
from tests.support.engine import Engine
from tests.support.samples import A, asset, local_file, release, starter
from tests.support.sandbox import Sandbox

FILE = local_file()
OLD = asset()
ASIDE = asset(backup_name("app.zip", A), id=2)
STAGED = asset(staging_name("app.zip", A), id=3)
STARTER = starter(id=4)
SENT = Cost(calls=1, uploads=1, size=10)

STEPS: tuple[tuple[Step, Cost], ...] = (
    (Upload(file=FILE), SENT),
    (Upload(file=FILE, obsolete=(STARTER,)), SENT + Cost(calls=1)),
    (Keep(file=FILE, asset=OLD), Cost()),
    (Keep(file=FILE, asset=OLD, obsolete=(STARTER, STAGED)), Cost(calls=2)),
    (Skip(file=FILE, asset=OLD), Cost()),
    (Relabel(file=FILE, asset=OLD), Cost(calls=1)),
    (Restore(file=FILE, asset=ASIDE), Cost(calls=1)),
    (Replace(file=FILE, old=OLD), SENT + Cost(calls=3)),
    (Replace(file=FILE, old=OLD, staged=STAGED), Cost(calls=3)),
    (Replace(file=FILE, old=ASIDE, staged=STAGED), Cost(calls=2)),
    (Replace(file=FILE, old=ASIDE), SENT + Cost(calls=2)),
    (Replace(file=FILE, old=None, staged=STAGED), Cost(calls=1)),
)


def run_of(*steps: Step, skips: bool = False) -> PlannedRun:
    keep = ReleasePlan(step=KeepRelease(release=release()), skips=skips)
    return PlannedRun(plan=Plan(steps=steps), release_plan=keep, assets=())


@pytest.mark.parametrize(("step", "cost"), STEPS)
def test_the_cost_of_a_step(step: Step, cost: Cost) -> None:
    end = Cost(calls=1)  # the release is read back
    assert cost_of(run_of(step)) == cost + end
    assert cost_of(run_of(step, step)) == cost + cost + end


def test_the_rate_limit_counts_an_upload_twice() -> None:
    assert Cost(calls=4, uploads=1).points == 5


def test_a_release_that_is_skipped_costs_nothing() -> None:
    assert cost_of(run_of(Upload(file=FILE), skips=True)) == Cost()


FILES = {"dist/a.zip": b"aaa", "dist/b.zip": b"bb", "dist/c.txt": b"c"}
DRAFT = {"draft": True}
OTHERS = [{"name": "a.zip", "text": "old"}, {"name": "b.zip", "text": "bb"}]
MANY = [{"name": f"{number}.txt", "size": 1} for number in range(120)]
CASES: dict[str, tuple[dict[str, Any] | None, dict[str, str]]] = {
    "no release": (None, {}),
    "no release, notes by GitHub": (None, {"generate_notes": "true"}),
    "no release, stays a draft": (None, {"publish": "never"}),
    "no release, others are missing": (None, {"expect": "d.zip"}),
    "no release, the set is complete": (None, {"expect": "*.zip\nc.txt", "checksums": "SUMS"}),
    "no release, a list": (None, {"checksums": "SUMS"}),
    "a draft of others": (DRAFT, {}),
    "a draft, published": (DRAFT, {"publish": "always"}),
    "a draft, published with a title": (
        DRAFT,
        {"publish": "always", "title": "One", "if_release_exists": "update"},
    ),
    "a draft, edited": (
        DRAFT,
        {"publish": "never", "title": "One", "if_release_exists": "update"},
    ),
    "a release, edited": (
        {},
        {"title": "One", "make_latest": "false", "if_release_exists": "update"},
    ),
    "a release, skipped": ({}, {"if_release_exists": "skip"}),
    "no release, at a target": (None, {"target": "main"}),
    "an empty release": ({}, {}),
    "replaced": ({"assets": OTHERS}, {"overwrite": "true"}),
    "left": ({"assets": OTHERS}, {"overwrite": "skip"}),
    "pruned": ({"assets": [*OTHERS, {"name": "d.txt"}]}, {"overwrite": "skip", "prune": "d*"}),
    "two pages": ({"assets": MANY}, {"prune": "1*", "checksums": "SUMS"}),
    "a list that is there": (
        {"assets": [*OTHERS, {"name": "SUMS", "text": "x"}]},
        {"overwrite": "true", "checksums": "SUMS"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_dry_run_predicts_the_calls_and_the_bytes(
    case: str, engine: Engine, sandbox: Sandbox
) -> None:
    seeded, given = CASES[case]
    if seeded is not None:
        document = {"name": sandbox.repository, "releases": [{"tag": "v1", **seeded}]}
        sandbox.seed({"repositories": [document]})
    engine.write(FILES)
    cost = engine.publish_well(dry_run="true", **given).cost
    looked = sandbox.requests()
    reads = {one.method for one in looked if not one.path.endswith("/generate-notes")}
    assert reads == {"GET"}
    sandbox.forget_requests()
    engine.publish_well(**given)
    done = sandbox.requests()
    assert cost is not None
    assert cost.calls == len(done) - len(looked)
    assert cost.uploads == sum(one.origin == "uploads" for one in done)
    assert cost.size == sum(one.bytes_in for one in done if one.origin == "uploads")


def test_assets_without_a_digest_are_downloaded_for_the_list(
    engine: Engine, sandbox_with: Callable[..., Sandbox]
) -> None:
    sandbox = sandbox_with("--tag", "v1", "--flavour", "ghes")
    engine = replace(engine, sandbox=sandbox)
    document = {"name": sandbox.repository, "releases": [{"tag": "v1", "assets": OTHERS}]}
    sandbox.seed({"repositories": [document]})
    engine.write({"dist/c.txt": b"c"})
    cost = engine.publish_well(dry_run="true", checksums="SUMS").cost
    looked = len(sandbox.requests())
    sandbox.forget_requests()
    engine.publish_well(checksums="SUMS")
    assert cost is not None
    done = [one for one in sandbox.requests() if one.origin != "storage"]
    assert cost.calls == len(done) - looked
