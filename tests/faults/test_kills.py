"""A process killed at any call, before or after the call's effect, loses nothing."""

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
    read_state,
)
from tests.faults.kills import Kill
from tests.faults.scenario import Scenario
from tests.support.engine import Engine
from tests.support.job import ROOT, Job
from tests.support.runner import decode_env_file
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow


def test_a_killed_run_loses_nothing_and_the_next_run_completes_it_with_or_without_cleanup(
    kill: Kill, sandbox: Sandbox, tmp_path: Path
) -> None:
    scenario = kill.scenario
    job = Job.at(tmp_path / "runner", sandbox)
    engine = Engine(sandbox, job.workspace)
    scenario.set_up(engine)
    before = read_state(sandbox)
    state = kill_at(kill, job, sandbox)
    killed = read_state(sandbox)
    check_nothing_is_lost(before, killed, scenario)
    saved = SavedState(sandbox, scenario)

    check_next_run_completes(engine, scenario)

    saved.restore()
    post = job.run_program(
        inputs(scenario), {f"STATE_{name}": value for name, value in state.items()}, "post.py"
    )
    assert post.exit_code == 0, post.log
    cleaned = read_state(sandbox)
    check_nothing_is_lost(killed, cleaned, scenario)
    if state:
        assert cleaned.leftovers == 0, post.log
    check_next_run_completes(engine, scenario)


def inputs(scenario: Scenario) -> dict[str, str]:
    """Return the inputs of a step."""
    given = {name.replace("_", "-"): value for name, value in scenario.inputs.items()}
    return {"files": "dist/*", "concurrency": "1", "max-attempts": "3", **given}


def kill_at(kill: Kill, job: Job, sandbox: Sandbox) -> dict[str, str]:
    """Run the action until the call, kill it there, and return the state saved for its clean-up."""
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
            assert time.monotonic() < end, "the call was not made"
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        log, _ = process.communicate()
    assert sandbox.token not in log.replace(f"::add-mask::{sandbox.token}", "")
    sandbox.disarm()
    return decode_env_file(Path(variables["GITHUB_STATE"]).read_bytes())


def is_held(kill: Kill, sandbox: Sandbox) -> bool:
    """Return whether the call has reached the point at which the process is to be killed."""
    held = [request for request in sandbox.requests() if request.fault == "stall"]
    return any(request.status is not None or not kill.effect for request in held)


def check_next_run_completes(engine: Engine, scenario: Scenario) -> None:
    """Run once more, and check that the release is as requested then."""
    before = read_state(engine.sandbox)
    engine.sandbox.forget_requests()
    engine.publish_well(concurrency="1", **scenario.inputs)
    after = read_state(engine.sandbox)
    check_nothing_is_lost(before, after, scenario)
    # A run killed between creating a duplicate draft and deleting it leaves an empty draft.
    leftover_drafts = len(before.drafts) - 1 if "delete-draft" in scenario.calls else 0
    check_the_next_run(before, after, engine.sandbox.requests(), scenario, leftover_drafts)


class SavedState:
    """The state of a sandbox, which can be restored."""

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

    def restore(self) -> None:
        """Reset the sandbox to this state."""
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
