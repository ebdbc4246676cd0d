"""Cancelled runs, in real processes with real signals."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from release_assets.errors import CancelledRunError
from release_assets.stop import Stop, run_until_stopped
from tests.support.job import ROOT, Job, Step
from tests.support.runner import decode_commands
from tests.support.sandbox import Request, Sandbox

pytestmark = pytest.mark.slow

OLD, NEW = b"old", b"n" * 1_000_000


def seed(sandbox: Sandbox) -> None:
    """Create a release v1 with one old asset."""
    assets = [{"name": "app.zip", "text": OLD.decode()}]
    release = {"tag": "v1", "assets": assets}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})


@contextmanager
def started(
    job: Job, inputs: dict[str, str]
) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """Start the action without waiting for its end."""
    variables = job.start_step(inputs)
    with subprocess.Popen(
        [sys.executable, "-I", str(ROOT / "entrypoint.py")],
        cwd=job.workspace,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        yield process, variables


def wait_for(sandbox: Sandbox, wanted: Callable[[Request], bool]) -> None:
    """Wait until the sandbox has received a request; fail after a timeout."""
    end = time.monotonic() + 20
    while not any(map(wanted, sandbox.requests())):
        assert time.monotonic() < end, "the request did not come"
        time.sleep(0.01)


def cancel(
    job: Job,
    sandbox: Sandbox,
    number: signal.Signals,
    wanted: Callable[[Request], bool],
    inputs: dict[str, str],
) -> tuple[Step, float]:
    """Run, send a signal after a request, and return the result and the seconds until the end."""
    with started(job, inputs) as (process, variables):
        wait_for(sandbox, wanted)
        began = time.monotonic()
        process.send_signal(number)
        log, _ = process.communicate(timeout=20)
        took = time.monotonic() - began
    return job.finish_step(variables, process.returncode, log), took


def is_upload(request: Request) -> bool:
    return request.origin == "uploads"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_upload_is_aborted_and_reported(
    number: signal.Signals, job: Job, sandbox: Sandbox
) -> None:
    seed(sandbox)
    job.write({"app.zip": NEW})
    sandbox.fault(match={"origin": "uploads"}, do="throttle", bytes_per_second=100_000)
    inputs = {"files": "app.zip", "overwrite": "true"}
    step, took = cancel(job, sandbox, number, is_upload, inputs)
    assert step.exit_code == 128 + number
    assert took < 7
    assert step.results() == {"app.zip": "failed"}
    assert "**Cancelled**" in step.summary
    (error,) = [one for one in decode_commands(step.log) if one.name == "error"]
    assert error.properties["title"] == "Cancelled"
    assert sandbox.content("v1", "app.zip") == OLD
    again = job.run_program(inputs)
    assert again.results() == {"app.zip": "replaced"}
    assert sandbox.asset_names("v1") == ["app.zip"]


@pytest.mark.parametrize("skip", [0, 1], ids=["the first rename", "the second rename"])
def test_a_swap_in_progress_is_finished_after_a_signal(
    skip: int, job: Job, sandbox: Sandbox
) -> None:
    seed(sandbox)
    job.write({"app.zip": NEW})
    sandbox.fault(match={"method": "PATCH"}, skip=skip, do="delay", seconds=1)
    inputs = {"files": "app.zip", "overwrite": "true"}

    def is_rename(request: Request) -> bool:
        return request.method == "PATCH" and request.fault == "delay"

    step, took = cancel(job, sandbox, signal.SIGTERM, is_rename, inputs)
    assert took < 7
    assert step.results() == {"app.zip": "replaced"}
    assert [(asset["name"], asset["size"]) for asset in sandbox.assets("v1")] == [
        ("app.zip", len(NEW))
    ]


def test_a_wait_ends_at_once_after_a_signal(job: Job, sandbox: Sandbox) -> None:
    seed(sandbox)
    job.write({"other.zip": NEW})
    sandbox.fault(match={"origin": "uploads"}, do="secondary-limit", status=429, retry_after=600)
    inputs = {"files": "other.zip"}

    def is_limited(request: Request) -> bool:
        return request.origin == "uploads" and request.status == 429

    step, took = cancel(job, sandbox, signal.SIGINT, is_limited, inputs)
    assert (step.exit_code, took < 5) == (130, True)
    assert "all requests wait 1" in step.log  # some ten minutes


def test_a_cancelled_run_does_not_wait_for_a_late_response(job: Job, sandbox: Sandbox) -> None:
    seed(sandbox)
    job.write({"other.zip": NEW})
    sandbox.fault(match={"origin": "uploads"}, do="stall", at="answer", seconds=30)
    step, took = cancel(job, sandbox, signal.SIGTERM, is_upload, {"files": "other.zip"})
    assert (step.exit_code, took < 5) == (143, True)
    assert step.results() == {"other.zip": "failed"}
    assert "❌" in step.summary


def test_a_thread_in_its_grace_period_may_continue_until_the_deadline() -> None:
    seconds = 0.0
    stop = Stop(elapsed=lambda: seconds)
    stop.set(signal.SIGTERM)
    with pytest.raises(CancelledRunError):
        stop.check()
    with stop.grace_period():
        stop.check()
        seconds = 3.0
        assert not stop.is_grace_period_over()
        seconds = 100.0
        with pytest.raises(CancelledRunError):
            stop.check()
        assert stop.is_grace_period_over()


def test_without_a_grace_period_the_process_exits_at_once() -> None:
    seconds = 0.0
    stop = Stop(elapsed=lambda: seconds)
    assert not stop.is_grace_period_over()
    stop.set(signal.SIGTERM)
    assert not stop.is_grace_period_over()
    seconds = 2.0
    assert stop.is_grace_period_over()


def test_a_second_signal_changes_nothing() -> None:
    stop = Stop()
    stop.set(signal.SIGINT)
    stop.set(signal.SIGTERM)
    assert stop.signal == signal.SIGINT


def test_a_signal_ends_a_sleep() -> None:
    stop = Stop()
    threading.Timer(0.05, stop.set, [signal.SIGINT]).start()
    with pytest.raises(CancelledRunError):
        stop.sleep(60)


def test_an_exception_of_the_work_is_raised() -> None:
    def fail() -> None:
        raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        run_until_stopped(fail, Stop())
