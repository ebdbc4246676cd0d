"""The command line as a terminal runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from release_assets.contract import INPUTS
from tests.support.sandbox import Sandbox

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "dist").mkdir()
    for name, content in {"a.zip": "aaa", "b.zip": "bb"}.items():
        (tmp_path / "dist" / name).write_text(content)
    return tmp_path


def run(sandbox: Sandbox, workspace: Path, *arguments: str, **environment: str) -> Done:
    """Run the console script's module."""
    variables = {
        "GITHUB_API_URL": sandbox.api_url,
        "GH_TOKEN": sandbox.token,
        "GH_REPO": sandbox.repository,
    }
    return subprocess.run(
        [sys.executable, "-m", "release_assets", *arguments],
        cwd=workspace,
        env=variables | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_publish_then_again_then_changed(sandbox: Sandbox, workspace: Path) -> None:
    first = run(sandbox, workspace, "publish", "--tag", "v1", "dist/*")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines() == [
        f"{sandbox.server_url}/{sandbox.repository}/releases/download/v1/{name}"
        for name in ("a.zip", "b.zip")
    ]
    sandbox.forget_requests()
    again = run(sandbox, workspace, "publish", "--tag", "v1", "dist/*")
    assert again.returncode == 0
    assert [request.method for request in sandbox.requests()] == ["GET"]
    (workspace / "dist/a.zip").write_text("changed")
    refused = run(sandbox, workspace, "publish", "--tag", "v1", "dist/*")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "error: Asset exists: " in refused.stderr
    swapped = run(sandbox, workspace, "publish", "--tag", "v1", "--overwrite", "true", "dist/*")
    assert swapped.returncode == 0
    assert sandbox.content("v1", "a.zip") == b"changed"


def test_json_is_all_there_is_on_standard_output(sandbox: Sandbox, workspace: Path) -> None:
    done = run(sandbox, workspace, "publish", "--tag", "v1", "--json", "dist/a.zip")
    outputs = json.loads(done.stdout)
    assert json.loads(outputs["assets"])[0]["result"] == "uploaded"


def test_plan_changes_nothing(sandbox: Sandbox, workspace: Path) -> None:
    done = run(sandbox, workspace, "plan", "--tag", "v1", "dist/*")
    assert done.returncode == 0
    assert "upload  a.zip" in done.stderr
    assert sandbox.releases() == []


def test_wrong_usage(sandbox: Sandbox, workspace: Path) -> None:
    assert run(sandbox, workspace).returncode == 2
    assert run(sandbox, workspace, "publish", "--no-such").returncode == 2
    done = run(sandbox, workspace, "publish", "--tag", "v1", "--overwrite", "maybe", "dist/*")
    assert done.returncode == 2
    assert "input `overwrite` is 'maybe'" in done.stderr


def test_the_token_may_be_in_a_file(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "token").write_text(f"{sandbox.token}\n")
    arguments = ("publish", "--tag", "v1", "--token-file", "token", "dist/*")
    assert run(sandbox, workspace, *arguments, GH_TOKEN="").returncode == 0
    (workspace / "token").unlink()
    missing = run(sandbox, workspace, *arguments, GH_TOKEN="")
    assert missing.returncode == 2
    assert "token-file" in missing.stderr


def test_a_boolean_option_needs_no_value(sandbox: Sandbox, workspace: Path) -> None:
    run(sandbox, workspace, "publish", "dist/*", "--tag", "v1", "--prerelease")
    assert sandbox.release("v1")["prerelease"]


def test_help_names_every_option(sandbox: Sandbox, workspace: Path) -> None:
    shown = run(sandbox, workspace, "publish", "--help").stdout
    for given in INPUTS:
        if given.name not in {"files", "token", "summary", "dry-run"}:
            assert f"--{given.name}" in shown
    assert "%%" not in shown


def test_quiet_and_debug(sandbox: Sandbox, workspace: Path) -> None:
    quiet = run(sandbox, workspace, "publish", "--quiet", "--tag", "v1", "dist/*")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    loud = run(sandbox, workspace, "publish", "--debug", "--tag", "v1", "dist/*")
    assert "debug: GET " in loud.stderr
    assert sandbox.token not in loud.stderr


def test_the_sandbox_is_served(sandbox: Sandbox, workspace: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "release_assets", "sandbox", "--tag", "v1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        ready = json.loads(process.stdout.readline())
        done = run(
            sandbox,
            workspace,
            "publish",
            "--tag=v1",
            "dist/*",
            GITHUB_API_URL=ready["api_url"],
            GH_TOKEN=ready["tokens"]["write"],
        )
        process.stdin.close()
        assert process.wait(10) == 0
    assert done.returncode == 0, done.stderr
