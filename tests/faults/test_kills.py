"""At every call of every run the process may be killed, before the call's effect and after it."""

import base64
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.invariants import (
    check_nothing_is_lost,
    check_the_next_run,
    look,
)
from tests.faults.kills import Kill
from tests.faults.scenario import Scenario
from tests.support.engine import Engine
from tests.support.job import ROOT, Job
from tests.support.runner import decode_env_file
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow


def test_a_killed_run_loses_nothing_and_is_finished_either_way(
    kill: Kill, sandbox: Sandbox, tmp_path: Path
) -> None:
    scenario = kill.scenario
    job = Job.at(tmp_path / "runner", sandbox)
    engine = Engine(sandbox, job.workspace)
    scenario.set_up(engine)
    before = look(sandbox)
    state = kill_at(kill, job, sandbox)
    killed = look(sandbox)
    check_nothing_is_lost(before, killed, scenario)
    left = Left(sandbox, scenario)

    finish(engine, scenario)

    left.plant_again()
    post = job.run_program(
        inputs(scenario), {f"STATE_{name}": value for name, value in state.items()}, "post.py"
    )
    assert post.exit_code == 0, post.log
    mended = look(sandbox)
    check_nothing_is_lost(killed, mended, scenario)
    if state:
        assert mended.leftovers == 0, post.log
    finish(engine, scenario)


def inputs(scenario: Scenario) -> dict[str, str]:
    """Return the inputs of a step."""
    given = {name.replace("_", "-"): value for name, value in scenario.inputs.items()}
    return {"files": "dist/*", "concurrency": "1", "max-attempts": "3", **given}


def kill_at(kill: Kill, job: Job, sandbox: Sandbox) -> dict[str, str]:
    """Run the action until the call, kill it there, and return what it saved for its clean-up."""
    sandbox.fault(**kill.fault)
    variables = job.start_step(inputs(kill.scenario))
    with subprocess.Popen(
        [sys.executable, "-I", str(ROOT / "entrypoint.py")],
        cwd=job.workspace,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        end = time.monotonic() + 30
        while not is_held(kill, sandbox):
            assert time.monotonic() < end, "the call did not come"
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        log, _ = process.communicate()
    assert sandbox.token not in log.replace(f"::add-mask::{sandbox.token}", "")
    sandbox.disarm()
    return decode_env_file(Path(variables["GITHUB_STATE"]).read_bytes())


def is_held(kill: Kill, sandbox: Sandbox) -> bool:
    """Say whether the call is where it is to be killed."""
    held = [request for request in sandbox.requests() if request.fault == "stall"]
    return any(request.status is not None or not kill.effect for request in held)


def finish(engine: Engine, scenario: Scenario) -> None:
    """Run once more, and check that all stands then."""
    before = look(engine.sandbox)
    engine.sandbox.forget_requests()
    engine.publish_well(concurrency="1", **scenario.inputs)
    after = look(engine.sandbox)
    check_nothing_is_lost(before, after, scenario)
    # Who is killed after it made a second draft, and before it gave it up, leaves it, empty.
    strays = len(before.drafts) - 1 if "give-up" in scenario.calls else 0
    check_the_next_run(before, after, engine.sandbox.requests(), scenario, strays)


class Left:
    """What a sandbox holds, to be put there again."""

    def __init__(self, sandbox: Sandbox, scenario: Scenario) -> None:
        self._sandbox = sandbox
        state = sandbox.state()["repositories"][sandbox.repository]
        self._repository = {
            **scenario.repository,
            "name": sandbox.repository,
            "tags": [{"name": name, **tag} for name, tag in state["tags"].items()],
            "immutable_releases": state["immutable_releases"],
            "releases": [self._release(release) for release in state["releases"]],
        }
        self._digests = all(
            asset["digest"] or asset["state"] != "uploaded"
            for release in state["releases"]
            for asset in release["assets"]
        )

    def plant_again(self) -> None:
        """Put it there, and nothing else."""
        self._sandbox.reset()
        self._sandbox.settings(digests=self._digests)
        self._sandbox.seed({"repositories": [self._repository]})

    def _release(self, release: dict[str, Any]) -> dict[str, Any]:
        fields = ("id", "name", "body", "draft", "immutable", "prerelease", "target_commitish")
        assets = [self._asset(asset) for asset in release["assets"]]
        tag = release["tag_name"]
        return {name: release[name] for name in fields} | {"tag": tag, "assets": assets}

    def _asset(self, asset: dict[str, Any]) -> dict[str, Any]:
        seed = {name: asset[name] for name in ("name", "label", "state", "content_type")}
        if asset["state"] != "uploaded":
            return seed | {"size": asset["size"]}
        content = self._sandbox.content_of(asset["id"])
        return seed | {"base64": base64.b64encode(content).decode()}
