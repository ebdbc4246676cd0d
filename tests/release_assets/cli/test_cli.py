"""The command line, run as a process: common behaviour, `publish` and `plan`."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from release_assets.cli import parsers
from release_assets.inputs.contract import INPUTS
from tests.support.cli import Run, run, start
from tests.support.sandbox import ROOT, Sandbox

pytestmark = pytest.mark.slow

COMMANDS = (
    *("publish", "plan", "list", "view", "download", "verify", "update", "delete"),
    *("completion", "sandbox"),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "dist").mkdir()
    for name, content in {"a.zip": "aaa", "b.zip": "bb"}.items():
        (tmp_path / "dist" / name).write_text(content)
    return tmp_path


@pytest.fixture
def cli(sandbox: Sandbox, workspace: Path) -> Run:
    return run(sandbox, workspace)


def test_publish_uploads_new_files_and_swaps_changed_ones(
    sandbox: Sandbox, workspace: Path, cli: Run
) -> None:
    first = cli("publish", "--tag", "v1", "dist/*")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines() == [
        f"{sandbox.server_url}/{sandbox.repository}/releases/download/v1/{name}"
        for name in ("a.zip", "b.zip")
    ]
    sandbox.forget_requests()
    again = cli("publish", "--tag", "v1", "dist/*")
    assert again.returncode == 0
    assert [request.method for request in sandbox.requests()] == ["GET", "GET"]
    (workspace / "dist/a.zip").write_text("changed")
    refused = cli("publish", "--tag", "v1", "dist/*")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "error: Asset exists: " in refused.stderr
    swapped = cli("publish", "--tag", "v1", "--overwrite", "true", "dist/*")
    assert swapped.returncode == 0
    assert sandbox.content("v1", "a.zip") == b"changed"


def test_json_of_publish_contains_the_outputs(cli: Run) -> None:
    done = cli("publish", "--tag", "v1", "--json", "dist/a.zip")
    document = json.loads(done.stdout)
    assert [file["result"] for file in document["files"]] == ["uploaded"]
    assert document["published"] is True
    assert document["changed"] is True
    assert [file["url"] for file in document["files"]] == document["urls"]
    assert isinstance(document["databaseId"], int)
    assert document["plan"]["steps"][0]["action"] == "upload"
    assert document["errors"] == []


def test_json_contains_the_errors(cli: Run) -> None:
    failed = cli("publish", "--tag", "v1", "--json", "dist/*", GH_TOKEN="wrong")
    assert failed.returncode == 1
    document = json.loads(failed.stdout)
    assert [error["title"] for error in document["errors"]] == ["Token refused"]
    assert document["files"] == []
    usage = cli("publish", "--json", "dist/*")
    assert usage.returncode == 2
    assert json.loads(usage.stdout)["errors"][0]["title"] == "Wrong usage"


def test_json_contains_no_workflow_command(sandbox: Sandbox, cli: Run) -> None:
    label = "##[error]x\n::error::y\x1b[31m"
    assets = [{"name": "a.zip", "text": "aaa", "label": label}]
    sandbox.seed(
        {
            "repositories": [
                {"name": sandbox.repository, "releases": [{"tag": "v1", "assets": assets}]}
            ]
        }
    )
    done = cli("list", "--tag", "v1", "--json")
    assert json.loads(done.stdout)["assets"][0]["label"] == label
    assert "##[" not in done.stdout
    assert not any(line.lstrip().startswith("::") for line in done.stdout.splitlines())
    table = cli("list", "--tag", "v1")
    assert "##[" not in table.stdout
    assert "\x1b" not in table.stdout
    assert len(table.stdout.splitlines()) == 2


def test_plan_changes_nothing(sandbox: Sandbox, cli: Run) -> None:
    done = cli("plan", "--tag", "v1", "dist/*")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "release: create v1 as a draft, publish it at the end",
        "upload  a.zip  3 B  from dist/a.zip",
        "upload  b.zip  2 B  from dist/b.zip",
    ]
    assert "a.zip" not in done.stderr
    assert sandbox.releases() == []
    assert cli("publish", "--dry-run", "--tag", "v1", "dist/*").stdout == done.stdout
    assert sandbox.releases() == []


def test_a_usage_error_has_exit_code_2(cli: Run) -> None:
    assert cli("nope").returncode == 2
    assert cli("publish", "--no-such").returncode == 2
    done = cli("publish", "--tag", "v1", "--overwrite=maybe", "dist/*")
    assert done.returncode == 2
    assert all(token in done.stderr for token in ("--overwrite", "'maybe'"))


def test_all_usage_errors_are_reported_together_with_options(cli: Run) -> None:
    done = cli("publish", "dist/*", "--concurrency", "0", GH_TOKEN="", GH_REPO="")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 4
    for token in ("--repo OWNER/NAME", "--token-file PATH", "--tag TAG", "--concurrency"):
        assert token in done.stderr


def test_the_token_is_read_from_a_file(sandbox: Sandbox, workspace: Path, cli: Run) -> None:
    (workspace / "token").write_text(f"{sandbox.token}\n")
    arguments = ("publish", "--tag", "v1", "--token-file", "token", "dist/*")
    assert cli(*arguments, GH_TOKEN="").returncode == 0
    (workspace / "token").unlink()
    missing = cli(*arguments, GH_TOKEN="")
    assert missing.returncode == 2
    assert "--token-file token" in missing.stderr


def test_the_token_is_read_from_standard_input(sandbox: Sandbox, cli: Run) -> None:
    arguments = ("list", "--tag", "v1", "--token-file", "-")
    cli("publish", "--tag", "v1", "dist/*")
    assert cli(*arguments, GH_TOKEN="", stdin=f"{sandbox.token}\n").returncode == 0
    assert cli(*arguments, GH_TOKEN="", stdin="").returncode == 2


def test_a_token_file_that_is_no_regular_file_is_refused(workspace: Path, cli: Run) -> None:
    (workspace / "token").symlink_to("/dev/zero")
    done = cli("list", "--tag", "v1", "--token-file", "token")
    assert done.returncode == 2
    assert all(token in done.stderr for token in ("--token-file", "`-`"))


def test_the_content_of_an_invalid_token_file_is_not_shown(workspace: Path, cli: Run) -> None:
    (workspace / "token").write_text("ghp_secret and more")
    done = cli("list", "--tag", "v1", "--token-file", "token")
    assert done.returncode == 2
    assert "--token-file" in done.stderr
    assert "ghp_secret" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["publish", "plan", "list", "download", "update", "delete"])
@pytest.mark.parametrize("form", [("--token", "ghp_secret"), ("--token=ghp_secret",)])
def test_a_token_on_the_command_line_is_refused_and_not_shown(
    cli: Run, command: str, form: tuple[str, ...]
) -> None:
    done = cli(command, *form, "x", "--tag", "v1")
    assert done.returncode == 2
    assert "--token-file PATH" in done.stderr
    assert "ghp_secret" not in done.stdout + done.stderr


def test_a_boolean_option_does_not_use_a_file_as_its_value(sandbox: Sandbox, cli: Run) -> None:
    done = cli("publish", "--tag", "v1", "--prerelease", "dist/*")
    assert done.returncode == 0, done.stderr
    assert sandbox.release("v1")["prerelease"]
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip"]


def test_files_and_options_may_be_in_any_order(sandbox: Sandbox, cli: Run) -> None:
    done = cli("publish", "dist/a.zip", "--prerelease", "false", "--tag", "v1", "dist/b.zip")
    assert done.returncode == 0, done.stderr
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip"]
    assert not sandbox.release("v1")["prerelease"]


def test_a_file_name_may_start_like_an_option(sandbox: Sandbox, workspace: Path, cli: Run) -> None:
    (workspace / "-x.zip").write_text("x")
    done = cli("publish", "v1", "dist/a.zip", "--prerelease", "--", "-x.zip", "dist/b.zip")
    assert done.returncode == 0, done.stderr
    assert sandbox.asset_names("v1") == ["-x.zip", "a.zip", "b.zip"]
    assert cli("verify", "--expect", "*", "--tag", "v1", "--", "-x.zip").returncode == 0
    assert cli("completion", "bash", "--", "-x").returncode == 2


def test_the_help_names_every_command(cli: Run) -> None:
    whole = cli("--help")
    assert whole.returncode == 0
    for command in COMMANDS:
        assert f"\n    {command}" in whole.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_text(cli: Run, command: str) -> None:
    shown = cli(command, "--help")
    assert shown.returncode == 0
    assert "%%" not in shown.stdout
    if command != "sandbox":
        assert f"release-assets {command}" in shown.stdout.partition("options:")[2]
        assert "exit codes: 0 done" in shown.stdout


def test_the_document_describes_every_command_and_variable(cli: Run) -> None:
    document = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    _, _, table = document.partition("| command | what it does |")
    documented = re.findall(r"^\| `([a-z]+)\b", table.partition("\n\n")[0], re.MULTILINE)
    assert sorted(documented) == sorted(COMMANDS)
    variables = re.findall(r"\bG(?:H|ITHUB)_[A-Z_]+", cli("--help").stdout)
    assert len(variables) >= 6
    assert [name for name in variables if f"`{name}`" not in document] == []


def test_help_names_every_option(cli: Run) -> None:
    shown = cli("publish", "--help").stdout
    for given in INPUTS:
        if given.name not in {"files", "token", "summary"}:
            assert f"--{given.name}" in shown


def test_examples_of_the_help_are_valid(cli: Run) -> None:
    """Every example fails only because the token is missing."""
    examples = 0
    _, commands = parsers()
    for command in COMMANDS[:8]:
        for line in commands[command].format_help().splitlines():
            if f"release-assets {command} " not in line or line.startswith("usage:"):
                continue
            examples += 1
            piped = line[line.index("release-assets") :]
            bare = piped.partition(" | ")[0].removesuffix(" |").partition(" #")[0].strip()
            shell = bare.replace("release-assets", "exec $PYTHON -m release_assets", 1)
            done = cli.shell(shell, GH_TOKEN="")
            errors = [text for text in done.stderr.splitlines() if text.startswith("error")]
            if done.returncode != 2 or "--yes" in done.stderr:
                errors = [text for text in errors if "--yes" not in text]
            assert len(errors) == 1, (line, done.stderr)
            assert "--token-file PATH" in errors[0], (line, done.stderr)
    assert examples >= 20


def test_quiet_prints_no_log_and_debug_prints_requests(sandbox: Sandbox, cli: Run) -> None:
    quiet = cli("publish", "--quiet", "--tag", "v1", "dist/*")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    debug = cli("publish", "--debug", "--tag", "v1", "dist/*")
    assert "debug: GET " in debug.stderr
    assert sandbox.token not in debug.stderr


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("list v1 --json | true", "the program that reads it has ended"),
        ("list v1 >/dev/full", "No space left on device"),
        ("--help >/dev/full", "No space left on device"),
        ("completion bash >/dev/full", "No space left on device"),
        ("publish v2 dist/a.zip >&-", "it is closed"),
    ],
)
def test_standard_output_that_cannot_be_written_is_one_error_in_words(
    sandbox: Sandbox, cli: Run, line: str, reason: str
) -> None:
    cli("publish", "v1", "dist/*")
    sandbox.forget_requests()
    done = cli.shell(f"$PYTHON -m release_assets {line}; echo ${{PIPESTATUS[0]}} >&2")
    *_, error, code = done.stderr.splitlines()
    assert code == "1"
    assert error.startswith(
        f"error: Output not written: standard output cannot be written: {reason}"
    )
    assert done.stderr.count("error: ") == 1
    assert all(word not in done.stderr for word in ("bug", "Traceback", "Exception"))
    if ">&-" in line:
        assert sandbox.requests() == []


def test_an_asset_that_standard_output_does_not_take_is_one_error(cli: Run) -> None:
    cli("publish", "v1", "dist/*")
    done = cli.shell("$PYTHON -m release_assets download v1 a.zip -O - >/dev/full")
    assert done.returncode == 1
    (error,) = done.stderr.splitlines()
    assert all(token in error for token in ("`a.zip`", "No space left on device"))


def test_the_version_is_printed(cli: Run) -> None:
    done = cli("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("release-assets ")


def test_the_sandbox_command_serves_a_sandbox(cli: Run) -> None:
    with start("sandbox", "--tag", "v1", stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        ready = json.loads(process.stdout.readline())
        where = {"GITHUB_API_URL": ready["api_url"], "GH_TOKEN": ready["tokens"]["write"]}
        done = cli("publish", "--tag=v1", "dist/*", **where)
        process.stdin.close()
        assert process.wait(10) == 0
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("pubish",), ("`publish`", "`release-assets --help`")),
        (("list", "--tagg", "v1"), ("`--tag`", "`release-assets list --help`")),
        (("list", "--tagg=v1"), ("`--tag`", "`release-assets list --help`")),
        (("list", "--zzz"), ("--zzz", "`release-assets list --help`")),
        (("publish", "x", "--verify"), ("--verify", "`release-assets publish --help`")),
        (("list", "v1", "\x1b[31m"), ("\\x1b[31m", "leave it out")),
    ],
    ids=str,
)
def test_a_usage_error_is_one_line_with_a_suggestion(
    arguments: tuple[str, ...], named: tuple[str, str], cli: Run
) -> None:
    done = cli(*arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: Wrong usage: ")
    assert all(token in line for token in named)


def test_an_option_for_a_list_may_be_repeated(workspace: Path, cli: Run) -> None:
    (workspace / "dist/c.zip").write_text("c")
    assert cli("publish", "dist/*", "--tag", "v1").returncode == 0
    done = cli("plan", "dist/a.zip", "--tag", "v1", "--prune", "b.*", "--prune", "c.*\nd.*")
    assert done.returncode == 0, done.stderr
    pruned = re.findall(r"^prune +(\S+)", done.stdout, re.MULTILINE)
    assert sorted(pruned) == ["b.zip", "c.zip"]
