"""Reports and exit codes of commands after unexpected exceptions."""

import argparse
import json
from collections.abc import Callable

import pytest

from release_assets.cli import parsers
from release_assets.cli.inputs import read_target
from release_assets.cli.run import CommandReport, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.github.client import GitHub
from release_assets.inputs.parse import ReleaseRef

TOKEN = "ghp_0123456789abcdef0123"


def options_of(*arguments: str) -> argparse.Namespace:
    _, commands = parsers()
    return commands["list"].parse_args(["--repository", "octo-org/app", "--tag", "v1", *arguments])


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_API_URL", "GH_HOST", "GITHUB_REF", "RELEASE_ASSETS_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GH_TOKEN", TOKEN)


def failing_command(
    _ref: ReleaseRef, _github: GitHub, _reporter: TerminalReporter, report: CommandReport
) -> None:
    report.document = {"done": 1}
    raise LookupError(TOKEN)


def successful_command(
    _ref: ReleaseRef, _github: GitHub, _reporter: TerminalReporter, report: CommandReport
) -> None:
    report.document = {"done": 1}


def failing_finish(_report: CommandReport) -> None:
    raise LookupError(TOKEN)


@pytest.mark.parametrize(
    ("command", "finish"),
    [(failing_command, lambda _: None), (successful_command, failing_finish)],
    ids=["command", "finish"],
)
def test_the_document_is_printed_after_a_bug(
    command: Callable[[ReleaseRef, GitHub, TerminalReporter, CommandReport], None],
    finish: Callable[[CommandReport], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_command(options_of("--json"), read_target, command, finish) == 1
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["done"] == 1
    (error,) = document["errors"]
    assert error["title"] == "Bug"
    assert "LookupError" in error["what"]
    assert "RELEASE_ASSETS_DEBUG=1" in error["fix"]
    assert "Traceback" not in err
    assert TOKEN not in out + err


def test_the_traceback_of_a_bug_is_printed_on_request_without_the_token(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELEASE_ASSETS_DEBUG", "1")
    assert run_command(options_of(), read_target, failing_command) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "LookupError: ***" in err
    assert TOKEN not in err
