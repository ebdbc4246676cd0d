"""No log, output or file contains a token however a run ends, and no other host gets one."""

import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from release_assets.errors import ReleaseAssetsError
from tests.contract.test_hostile_server import Hostile, answer, says
from tests.support.container import action
from tests.support.engine import Engine
from tests.support.job import Job, Step
from tests.support.runner import Command, decode_log
from tests.support.sandbox import ROOT, Sandbox

pytestmark = pytest.mark.slow

FILES = {"dist/app.zip": b"new", "dist/b.txt": b"b"}
INPUTS = {"files": "dist/*", "overwrite": "true", "checksums": "SUMS", "verify": "download"}
DEBUG = {"RUNNER_DEBUG": "1", "ACTIONS_STEP_DEBUG": "true"}


@pytest.fixture
def swapping(job: Job, sandbox: Sandbox) -> Job:
    """A job with one asset to replace and one to add."""
    job.write(FILES)
    old = {"tag": "v1", "assets": [{"name": "app.zip", "text": "old"}]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [old]}]})
    return job


def forms(token: str) -> set[bytes]:
    """Return the encodings of a token that would reveal it."""
    plain = token.encode()
    packed = {base64.b64encode(b" " * shift + plain)[4:-4] for shift in range(3)}
    return {plain, plain[::-1], plain.hex().encode(), *packed}


def check_nothing_leaked(step: Step, job: Job, token: str) -> None:
    log = decode_log(step.log)
    (mask,) = [command for command in log.commands if command.name == "add-mask"]
    assert mask == Command(name="add-mask", data=token)
    assert step.log.startswith("::add-mask::"), "before anything else"
    log_after_mask = step.log.replace(f"::add-mask::{token}\n", "", 1)
    left = {
        "the log": log_after_mask.encode(),
        "the outputs": json.dumps(step.outputs).encode(),
        **{str(path): path.read_bytes() for path in job.root.rglob("*") if path.is_file()},
    }
    assert any("_runner_file_commands" in name for name in left)
    for name, content in left.items():
        for form in forms(token):
            assert form not in content, f"{form!r} in {name}"


def test_a_successful_run_leaks_no_token(swapping: Job) -> None:
    step = swapping.run_program(INPUTS, DEBUG)
    assert step.exit_code == 0, step.log
    assert "::debug::" in step.log
    check_nothing_leaked(step, swapping, swapping.token)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("ghs_canary0123456789", id="of another repository"),
        pytest.param("ghs_canary 0123456789", id="with a space"),
        pytest.param("ghs_canary\x7f0123456789", id="with a control character"),
        pytest.param("ghs_cänary0123456789", id="with a letter of Latin 1"),
        pytest.param("ghs_канарейка", id="with letters that a header cannot contain"),
        pytest.param("ghs_canary::error::0123", id="with a command"),
    ],
)
def test_a_refused_token_is_not_leaked(token: str, swapping: Job) -> None:
    step = swapping.run_program(INPUTS | {"token": token}, DEBUG)
    assert step.exit_code == 1
    assert "title=Bug" not in step.log
    check_nothing_leaked(step, swapping, token)


@pytest.mark.parametrize("when", [1, 4, 8])
def test_a_crash_leaks_no_token(when: int, swapping: Job, tmp_path: Path) -> None:
    """The text of the exception contains the token, like that of any exception may."""
    started = tmp_path / "started"
    launcher = [sys.executable, str(ROOT / "tests/support/crash.py"), str(when), str(started)]
    step = swapping.run_program(INPUTS | {"concurrency": "1"}, DEBUG, launcher=launcher)
    assert step.exit_code == 1
    assert "(OversightError)" in step.log
    check_nothing_leaked(step, swapping, swapping.token)


@pytest.mark.parametrize("given", ["variable", "file"])
def test_a_crash_of_the_command_line_leaks_no_token(
    given: str, job: Job, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The traceback is meant for a public bug report."""
    token = tmp_path / "token"
    token.write_text(sandbox.token)
    variables = {"GH_TOKEN": sandbox.token} if given == "variable" else {}
    options = () if variables else ("--token-file", str(token))
    done = subprocess.run(
        [
            *(sys.executable, str(ROOT / "tests/support/crash.py"), "1", str(tmp_path / "started")),
            *("--", "list", "--tag", "v1", "--repository", job.repository, *options),
        ],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "GITHUB_API_URL": job.api_url,
            "RELEASE_ASSETS_DEBUG": "1",
            **variables,
        },
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert b"OversightError: " in done.stderr
    assert b"Authorization" in done.stderr
    for form in forms(sandbox.token):
        assert form not in done.stdout + done.stderr


def test_no_process_is_started_that_would_inherit_the_token(swapping: Job, tmp_path: Path) -> None:
    started = tmp_path / "started"
    launcher = [sys.executable, str(ROOT / "tests/support/crash.py"), "0", str(started)]
    step = swapping.run_program(INPUTS, DEBUG, launcher=launcher)
    assert step.exit_code == 0, step.log
    assert not started.exists(), started.read_text()


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_to_another_host_at_any_call_leaks_no_token(
    status: int, engine: Engine, sandbox: Sandbox
) -> None:
    messages = []
    with Hostile(says(answer(b"{}"))).serving() as elsewhere:
        away = elsewhere.url.replace("127.0.0.1", "localhost")
        for number in range(20):
            sandbox.reset()
            engine.write(FILES)
            old = {"tag": "v1", "assets": [{"name": "app.zip", "text": "old"}]}
            sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [old]}]})
            headers = {"Location": f"{away}/hidden?name=hidden&sig=hidden", "Set-Cookie": "hidden"}
            sandbox.fault(skip=number, do="status", status=status, headers=headers)
            try:
                engine.publish(overwrite="true", checksums="SUMS", max_attempts="2")
            except ReleaseAssetsError as error:
                messages.append(str(error))
            if not sandbox.faults()[0]["struck"]:
                break
        else:
            pytest.fail("a run has more calls than are tried")
    assert elsewhere.heads
    assert not [text for text in messages if sandbox.token in text]
    assert any(f"-> {status} to {away} in " in line for line in engine.reporter.lines)
    assert not [line for line in engine.reporter.lines if sandbox.token in line or "hidden" in line]
    assert not [head for head in elsewhere.heads if sandbox.token in head]
    assert not [head for head in elsewhere.heads if "authorization" in head.lower()]


def test_a_killed_run_and_its_cleanup_leak_no_token(swapping: Job, sandbox: Sandbox) -> None:
    """The run is killed at its first PATCH, in the middle of a swap."""
    sandbox.fault(match={"method": "PATCH"}, do="delay", seconds=60)
    variables = swapping.start_step(INPUTS) | DEBUG
    with subprocess.Popen(
        [sys.executable, "-I", str(ROOT / "entrypoint.py")],
        cwd=swapping.workspace,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        deadline = time.monotonic() + 60
        while not sandbox.count("PATCH") and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        log, _ = process.communicate(timeout=60)
    killed = swapping.finish_step(variables, process.returncode, log)
    assert sandbox.count("PATCH")
    check_nothing_leaked(killed, swapping, swapping.token)
    sandbox.disarm()
    state = {f"STATE_{name}": value for name, value in killed.state.items()}
    cleaned = swapping.run_program(INPUTS, state | DEBUG, "post.py")
    assert cleaned.exit_code == 0, cleaned.log
    check_nothing_leaked(cleaned, swapping, swapping.token)


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "dist/*", "--overwrite", "true"),
        ("plan", "dist/*", "--overwrite", "true"),
        ("publish", "dist/*", "--overwrite", "true", "--json"),
        ("list",),
        ("download", "app.zip", "--dir", "down"),
        ("update", "app.zip", "--label", "x"),
        ("delete", "app.zip", "--yes"),
        ("list", "--api-url", "http://127.0.0.1:1"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("known", [True, False], ids=["good token", "bad token"])
def test_the_command_line_leaks_no_token(
    arguments: tuple[str, ...], known: bool, swapping: Job, sandbox: Sandbox
) -> None:
    token = sandbox.token if known else "ghp_canary0123456789"
    swapping.workspace.joinpath("token").write_text(token)
    options = ("--tag", "v1", "--repository", swapping.repository, "--token-file", "token")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "release_assets", *arguments, *options),
            *("--debug", "--max-attempts", "1"),
        ],
        cwd=swapping.workspace,
        env={"PYTHONPATH": str(ROOT / "src"), "GITHUB_API_URL": swapping.api_url},
        capture_output=True,
        timeout=60,
    )
    swapping.workspace.joinpath("token").unlink()
    assert (done.returncode == 0) == (known and "--api-url" not in arguments), done.stderr
    left = {path: path.read_bytes() for path in swapping.root.rglob("*") if path.is_file()}
    for form in forms(token):
        assert form not in done.stdout + done.stderr
        assert not [path for path, content in left.items() if form in content]


# Text for names, labels, tags and answers that tries to inject commands, outputs or markup.
HOSTILE = [
    "::error::x",
    "a\n::add-mask::x",
    "a\r::set-output name=tag::x",
    "##[set-output name=tag;]x",
    "a ##[add-mask]x",
    "tag<<EOF\nx\nEOF",
    "x\ntag=x",
    "%0A::error::x",
    "<img src=x onerror=x>",
    "[x](javascript:x)",
    "| x | y |",
    "`x`\n# x",
    "\u2028::error::x",
    "\x1b[31mred",
    "-rf",
]


def check_nothing_injected(step: Step, job: Job) -> None:
    commands = decode_log(step.log).commands
    known = {"add-mask", "group", "endgroup", "debug", "error", "warning"}
    assert {command.name for command in commands} <= known
    assert [c.data for c in commands if c.name == "add-mask"] == [job.token]
    assert sum(command.name == "error" for command in commands) <= 1
    for command in commands:
        assert set(command.properties) <= {"title"}
    assert set(step.outputs) == set(action()["outputs"])
    assert set(step.state) <= {"note"}
    json.loads(step.outputs["assets"])
    assert "\x1b" not in step.log + step.summary
    assert not re.search(r"<img|\]\(javascript", step.summary)


def test_names_of_files_inject_nothing(job: Job) -> None:
    names = [name.replace("/", "_") for name in HOSTILE]
    job.write({f"dist/{number}{name}": b"x" for number, name in enumerate(names)})
    step = job.run_program({"files": "dist/*"}, DEBUG)
    assert step.exit_code == 0, step.log
    assert len(step.assets()) == len(names)
    check_nothing_injected(step, job)
    check_nothing_leaked(step, job, job.token)


def manifest(labels: list[str]) -> str:
    return json.dumps([{"path": f"dist/{n}.txt", "label": label} for n, label in enumerate(labels)])


def test_labels_inject_nothing(job: Job) -> None:
    job.write({f"dist/{number}.txt": b"x" for number in range(len(HOSTILE))})
    labels = [" ".join(label.split()) for label in HOSTILE]
    step = job.run_program({"manifest": manifest(labels)}, DEBUG)
    check_nothing_injected(step, job)


@pytest.mark.parametrize(
    "inputs",
    [
        {"title": "x\n::error::x", "notes": "::add-mask::x\n##[error]x"},
        {"tag": "v1%0A::error::x"},
        {"tag": "v1\n::error::x"},
        {"tag": "##[error]x"},
        {"files": "::error::x\n##[error]x"},
        {"checksums": "::error::x"},
        {"prune": "::error::x\n[x"},
        {"expect": "::error::x"},
        {"manifest": "::error::x"},
        {"repository": "o/r\n::error::x"},
        {"overwrite": "::error::x"},
        {"ca-bundle": "::error::x\n::error::y"},
    ],
    ids=lambda inputs: next(iter(inputs)),
)
def test_inputs_inject_nothing(inputs: dict[str, str], job: Job) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*", **inputs}, DEBUG)
    check_nothing_injected(step, job)


@pytest.mark.parametrize("field", ["name", "label", "state", "browser_download_url", "html_url"])
def test_answers_inject_nothing(field: str, swapping: Job, sandbox: Sandbox) -> None:
    """The server sends all hostile text in one field."""
    release = sandbox.release("v1")
    shown = "\n".join(HOSTILE)
    plain: Mapping[str, object] = {
        "target_commitish": "main", "prerelease": False, "immutable": False
    }  # fmt: skip
    if field == "html_url":
        body = {**plain, **release, field: shown}
    else:
        body = {**plain, **release, "assets": [release["assets"][0] | {field: shown}]}
    for part in ("/releases/tags/", "/assets$"):
        lie = body if part != "/assets$" else body["assets"]
        match = {"method": "GET", "path": part}
        sandbox.fault(match=match, do="status", status=200, body=lie, times=None)
    step = swapping.run_program({"files": "dist/*", "max-attempts": "1"}, DEBUG)
    check_nothing_injected(step, swapping)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500])
def test_refusals_inject_nothing(status: int, swapping: Job, sandbox: Sandbox) -> None:
    hostile = "\n".join(HOSTILE)
    errors = [{"resource": hostile, "field": hostile, "code": hostile, "message": hostile}]
    body = {"message": hostile, "errors": errors, "documentation_url": hostile}
    sandbox.fault(do="status", status=status, body=body, times=None)
    step = swapping.run_program({"files": "dist/*", "max-attempts": "1"}, DEBUG)
    assert step.exit_code == 1
    check_nothing_injected(step, swapping)
