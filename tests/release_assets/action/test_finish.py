"""Reports of a step: each part is written even if another part fails."""

import json
import os
import threading
from pathlib import Path

import pytest

from release_assets.action.finish import errors_of
from release_assets.cli.errors import UsageError
from release_assets.errors import BugError, MultipleErrors
from release_assets.stop import Stop, run_until_stopped
from tests.release_assets.action.test_step import FILES, NAMES, errors
from tests.support.job import Job, Step
from tests.support.runner import decode_commands
from tests.support.sandbox import Sandbox

VARIABLES = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"]
FULL = pytest.param(
    "/dev/full",
    marks=pytest.mark.skipif(
        not Path("/dev/full").exists(), reason="only Linux has a file that is always full"
    ),
)


def warnings(step: Step) -> list[str]:
    return [
        f"{command.properties.get('title', '')}: {command.data}"
        for command in decode_commands(step.log)
        if command.name == "warning"
    ]


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("value", ["", "{}/nowhere", "{}", FULL])
def test_an_unwritable_runner_file_is_only_a_warning(
    variable: str, value: str, job: Job, sandbox: Sandbox
) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*"}, {variable: value.format(job.root)})
    assert step.exit_code == 0, step.log
    assert errors(step) == []
    (warning,) = warnings(step)
    assert warning.startswith("Runner file not written: ")
    assert f"`{variable}`" in warning
    assert sandbox.asset_names("v1") == NAMES
    assert not sandbox.release("v1")["draft"]
    if variable != "GITHUB_OUTPUT":
        assert step.outputs["published"] == "true"
    if variable != "GITHUB_STEP_SUMMARY":
        assert "app.zip" in step.summary


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_read_only_runner_file_is_only_a_warning(variable: str, job: Job) -> None:
    job.write(FILES)
    file = job.root / "read-only"
    file.touch(0o444)
    # Without this, root can write a read-only file.
    without_root_rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    launcher = without_root_rights if os.geteuid() == 0 else []
    step = job.run_program({"files": "dist/*"}, {variable: str(file)}, launcher=launcher)
    assert step.exit_code == 0, step.log
    (warning,) = warnings(step)
    assert f"`{variable}`" in warning


def test_a_run_outside_of_a_runner_succeeds_without_warnings(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    without = ["env", *(f"--unset={variable}" for variable in VARIABLES)]
    step = job.run_program({"files": "dist/*"}, launcher=without)
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names("v1") == NAMES
    assert warnings(step) == []
    assert "set-output" not in step.log


@pytest.mark.parametrize("variable", VARIABLES)
def test_an_error_is_reported_even_without_a_runner_file(variable: str, job: Job) -> None:
    step = job.run_program({"files": "none/*"}, launcher=["env", f"--unset={variable}"])
    assert step.exit_code == 1
    (error,) = errors(step)
    assert error.startswith("No files matched: ")
    assert "`none/*`" in error


# Unexpected exceptions


def test_an_exception_of_the_worker_thread_becomes_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INPUT_TOKEN", "ghs_0123456789abcdef0123")

    def work() -> None:
        assert threading.current_thread() is not threading.main_thread()
        raise LookupError("ghs_0123456789abcdef0123")

    with pytest.raises(LookupError) as caught:
        run_until_stopped(work, Stop())
    (error,) = errors_of(caught.value)
    assert isinstance(error, BugError)
    assert "LookupError" in error.what
    log = capsys.readouterr().out
    assert log.startswith("::debug::Traceback")
    assert len(log.splitlines()) == 1
    assert "ghs_0123" not in log


def test_expected_errors_are_reported_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = UsageError("one"), UsageError("other")
    assert errors_of(MultipleErrors([one, other])) == (one, other)
    assert capsys.readouterr().out == ""


# The event


@pytest.mark.parametrize(
    "content",
    [b"{", b"[" * 100_000, b"[]", b"\xff", None],
    ids=["cut", "nested", "a list", "no text", "missing"],
)
def test_an_unreadable_event_is_refused_unless_a_tag_is_given(
    content: bytes | None, job: Job, sandbox: Sandbox
) -> None:
    job.write(FILES)
    event = job.root / "broken.json"
    if content is not None:
        event.write_bytes(content)
    variables = {"GITHUB_EVENT_PATH": str(event), "GITHUB_REF": "refs/heads/main"}
    refused = job.run_program({"files": "dist/*"}, variables)
    assert refused.exit_code == 1
    (error,) = errors(refused)
    assert error.startswith("Invalid environment variable: ")
    assert "`GITHUB_EVENT_PATH`" in error
    assert refused.outputs["published"] == "false"
    assert not sandbox.requests()

    given = job.run_program({"files": "dist/*", "tag": "v1"}, variables)
    assert given.exit_code == 0, given.log
    (warning,) = warnings(given)
    assert warning.startswith("Event not read: ")
    pushed = job.run_program({"files": "dist/*"}, {"GITHUB_EVENT_PATH": str(event)})
    assert pushed.exit_code == 0, pushed.log


@pytest.mark.parametrize("path", ["pipe", "/dev/zero", "huge"])
def test_a_pipe_or_huge_event_is_refused_without_blocking(path: str, job: Job) -> None:
    job.write(FILES)
    os.mkfifo(job.root / "pipe")
    with (job.root / "huge").open("wb") as stream:
        stream.truncate(5_000_000_000)
    event = str(job.root / path)
    step = job.run_program({"files": "dist/*"}, {"GITHUB_EVENT_PATH": event})
    assert step.exit_code == 0, step.log
    assert len(warnings(step)) == 1


def test_an_unreadable_release_event_is_refused_even_with_a_pushed_tag(job: Job) -> None:
    job.write(FILES)
    event = job.root / "broken.json"
    event.write_text("{")
    variables = {"GITHUB_EVENT_PATH": str(event), "GITHUB_EVENT_NAME": "release"}
    (error,) = errors(job.run_program({"files": "dist/*"}, variables))
    assert "`GITHUB_EVENT_PATH`" in error


def test_an_event_tag_that_is_not_utf8_is_ignored(job: Job, sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": ["v2"]}]})
    job.write(FILES)
    event = job.root / "odd.json"
    release = {"id": sandbox.release("v2")["id"], "tag_name": "v2\ud800"}
    event.write_text(json.dumps({"release": release}))
    step = job.run_program({"files": "dist/*"}, {"GITHUB_EVENT_PATH": str(event)})
    assert step.exit_code == 0, step.log
    assert step.outputs["tag"] == "v2"


@pytest.mark.parametrize("address", ["http://[::1", "github", "https://a:b@c", "https://h:99999"])
def test_an_invalid_api_url_is_refused(address: str, job: Job) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*"}, {"GITHUB_API_URL": address})
    assert step.exit_code == 1
    (error,) = errors(step)
    assert error.startswith("Invalid environment variable: ")
    assert "`GITHUB_API_URL`" in error
    assert step.outputs["published"] == "false"
    assert "Invalid environment" in step.summary
    assert "a:b@" not in step.log + step.summary
