import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from github_sandbox.command import main
from tests.github_sandbox.conftest import Api
from tests.support.sandbox import ROOT, Sandbox

Start = Callable[..., Sandbox]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_sandbox(sandbox_with: Start, number: int) -> None:
    sandbox = sandbox_with("--no-stdin")
    sandbox.process.send_signal(number)
    assert sandbox.process.wait(timeout=10) == 0


def test_the_end_of_standard_input_ends_the_sandbox(sandbox_with: Start) -> None:
    sandbox = sandbox_with()
    assert sandbox.process.stdin is not None
    sandbox.process.stdin.close()
    assert sandbox.process.wait(timeout=10) == 0


def test_a_terminal_shows_how_to_use_the_sandbox() -> None:
    import pty  # not available on Windows

    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "github_sandbox", "--repository", "o/r", "--no-stdin"],
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    ) as process:
        os.close(terminal)
        shown = b""
        while b"Ctrl-C" not in shown and (more := os.read(controller, 4096)):
            shown += more
        process.send_signal(signal.SIGINT)
        ready = json.loads(process.communicate(timeout=10)[0])
    os.close(controller)
    token = ready["tokens"]["write"]
    assert f"export GITHUB_API_URL={ready['api_url']} GH_TOKEN={token}\r\n" in shown.decode()
    assert "export GH_REPO=o/r\r\n" in shown.decode()


def test_each_start_creates_new_tokens(sandbox_with: Start) -> None:
    tokens = [sandbox_with().token for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert all(token.startswith("ghs_") and len(token) == 40 for token in tokens)


def test_releases_can_be_created_at_the_start(sandbox_with: Start) -> None:
    options = ("--repository", "o/r", "--release", "v1", "--release", "v2:draft")
    sandbox = sandbox_with(*options, "--release", "v3:prerelease", "--release", "v4:immutable")
    assert sandbox.repository == "o/r"
    kinds = {
        item["tag_name"]: [kind for kind in ("draft", "prerelease", "immutable") if item[kind]]
        for item in sandbox.releases()
    }
    assert kinds == {"v1": [], "v2": ["draft"], "v3": ["prerelease"], "v4": ["immutable"]}


def test_a_seed_file_sets_tokens_and_repositories(sandbox_with: Start, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    repository = {"name": "octo-org/seeded", "private": True}
    seed.write_text(json.dumps({"tokens": {"write": "known"}, "repositories": [repository]}))
    sandbox = sandbox_with("--seed", str(seed))
    assert (sandbox.token, sandbox.repository) == ("known", "octo-org/seeded")
    path = "/repos/octo-org/seeded/releases"
    sandbox.reset()
    assert Api(sandbox, "known").call("GET", path).status_code == 200
    assert Api(sandbox, None).call("GET", path).status_code == 404


def two_free_ports() -> int:
    """Return the first of two consecutive free ports, below those that the system assigns.

    Above, any other program may be given the second one at any moment.
    """
    for port in random.sample(range(20_000, 30_000), 200):
        try:
            with socket.create_server(("127.0.0.1", port)):
                socket.create_server(("127.0.0.1", port + 1)).close()
        except OSError:
            continue
        return port
    raise AssertionError("no two ports in a row are free")


def test_ports_are_consecutive(sandbox_with: Start) -> None:
    port = two_free_ports()
    sandbox = sandbox_with("--port", str(port), "--flavour", "ghes")
    assert sandbox.api_url == f"http://127.0.0.1:{port}/api/v3"
    assert sandbox.control_url == f"http://127.0.0.1:{port + 1}"


def test_content_is_stored_in_the_given_directory(sandbox_with: Start, tmp_path: Path) -> None:
    sandbox = sandbox_with("--data", str(tmp_path / "data"))
    api = Api(sandbox, sandbox.token)
    api.asset(api.release("v1"), "a", b"x" * 100_000)
    assert [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()] == [100_000]


@pytest.mark.parametrize(
    "options",
    [
        ["--repository", "no-slash"],
        ["--release", "v1:odd"],
        ["--tls-cert", "x.pem"],
        ["--seed", "missing.json"],
    ],
)
def test_a_usage_error_is_reported(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options) == 2
    assert capsys.readouterr().err.startswith("github_sandbox: ")
