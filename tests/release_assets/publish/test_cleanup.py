"""The container that cleans up after a killed one, in real processes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from release_assets.digest import Digest
from release_assets.publish.cleanup import read_note, write_note
from tests.support.job import ROOT, Job, Step
from tests.support.runner import decode_env_file
from tests.support.sandbox import Sandbox

OLD, NEW = b"old", b"new bytes"
CALLS = [("POST", 0), ("PATCH", 0), ("PATCH", 1), ("DELETE", 0)]


def kill_at(job: Job, sandbox: Sandbox, method: str, skip: int) -> dict[str, str]:
    """Swap app.zip, kill the process while a call waits for its answer, and return its state."""
    sandbox.fault(match={"method": method}, skip=skip, do="stall", at="answer", seconds=20)
    variables = job.start_step({"files": "app.zip", "overwrite": "true"})
    with subprocess.Popen(
        [sys.executable, "-I", str(ROOT / "entrypoint.py")],
        cwd=job.workspace,
        env=variables,
        stdout=subprocess.DEVNULL,
    ) as process:
        end = time.monotonic() + 20
        while not any(request.fault == "stall" for request in sandbox.requests()):
            assert time.monotonic() < end, "the call did not come"
            assert process.poll() is None, "it ended by itself"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    return decode_env_file(Path(variables["GITHUB_STATE"]).read_bytes())


def run_post(job: Job, state: dict[str, str]) -> Step:
    """Run the container's clean-up with the state that the runner kept."""
    variables = {f"STATE_{name}": value for name, value in state.items()}
    return job.run_program({"files": "app.zip", "overwrite": "true"}, variables, "post.py")


@pytest.fixture
def killed(job: Job, sandbox: Sandbox) -> Job:
    """A job with an old asset on its release and a new one in its workspace."""
    assets = [{"name": "app.zip", "text": OLD.decode()}]
    release = {"tag": "v1", "assets": assets}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    job.write({"app.zip": NEW})
    return job


@pytest.mark.parametrize(("method", "skip"), CALLS)
def test_a_killed_swap_is_repaired(method: str, skip: int, killed: Job, sandbox: Sandbox) -> None:
    state = kill_at(killed, sandbox, method, skip)
    sandbox.disarm()
    step = run_post(killed, state)
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names("v1") == ["app.zip"]
    assert sandbox.content("v1", "app.zip") in {OLD, NEW}


@pytest.mark.parametrize(("method", "skip"), CALLS)
def test_the_next_run_succeeds_without_a_repair(
    method: str, skip: int, killed: Job, sandbox: Sandbox
) -> None:
    kill_at(killed, sandbox, method, skip)
    sandbox.disarm()
    step = killed.run_program({"files": "app.zip", "overwrite": "true"})
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names("v1") == ["app.zip"]
    assert sandbox.content("v1", "app.zip") == NEW


def test_after_a_complete_run_no_request_is_made(killed: Job, sandbox: Sandbox) -> None:
    done = killed.run_program({"files": "app.zip", "overwrite": "true"})
    sandbox.forget_requests()
    step = run_post(killed, done.state)
    assert "there is nothing to repair" in step.log
    assert sandbox.requests() == []


def test_without_state_there_is_nothing_to_do(killed: Job, sandbox: Sandbox) -> None:
    step = run_post(killed, {})
    assert (step.exit_code, "there is nothing to repair" in step.log) == (0, True)
    assert sandbox.requests() == []


def test_a_deleted_release_is_an_error(killed: Job, tmp_path: Path) -> None:
    write_note(tmp_path / "note", 404, {"app.zip": None})
    step = run_post(killed, {"note": str(tmp_path / "note")})
    assert step.exit_code == 1
    assert "::error title=Not found::" in step.log


def test_a_note_is_read_as_written(tmp_path: Path) -> None:
    wanted = {"app.zip": Digest(f"sha256:{'0' * 64}"), "SUMS": None}
    write_note(tmp_path / "note", 7, wanted)
    assert read_note(tmp_path / "note") == (7, wanted)


NOTES = [
    *("", "{", "[]", "{}", '{"release_id": "1", "wanted": {}}', '{"release_id": 1, "wanted": [7]}'),
    *('{"release_id": 1, "wanted": {"a": 1}}', '{"release_id": 1, "wanted": {"a": "sha256:0"}}'),
    *('{"release_id": 1, "wanted": {"a": ""}}', '{"release_id": 1, "names": ["a"]}'),
]


@pytest.mark.parametrize("text", NOTES)
def test_an_invalid_note_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "note").write_text(text)
    assert read_note(tmp_path / "note") is None
