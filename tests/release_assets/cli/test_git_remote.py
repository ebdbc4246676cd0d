import os
import subprocess
from pathlib import Path

import pytest

from release_assets.cli.git_remote import find_remote_url
from tests.support.cli import Run
from tests.support.sandbox import Sandbox

GIT_VARIABLES = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "HOME": "/nonexistent",
}


def git(directory: Path, *arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], **GIT_VARIABLES}
    subprocess.run(["git", *arguments], cwd=directory, env=environment, check=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", "git@github.com:octo-org/app.git")
    return tmp_path


def test_the_default_remote_is_origin(clone: Path) -> None:
    (clone / "below").mkdir()
    assert find_remote_url(clone) == "git@github.com:octo-org/app.git"
    assert find_remote_url(clone / "below") == "git@github.com:octo-org/app.git"


def test_the_default_of_gh_precedes_origin(clone: Path) -> None:
    git(clone, "remote", "add", "upstream", "https://github.com/upstream/app")
    git(clone, "config", "remote.upstream.gh-resolved", "base")
    assert find_remote_url(clone) == "https://github.com/upstream/app"
    git(clone, "config", "remote.upstream.gh-resolved", "other/fork")
    assert find_remote_url(clone) == "github.com/other/fork"


def test_instead_of_in_the_git_configuration_is_applied(clone: Path) -> None:
    git(clone, "config", "url.https://ghes.example/.insteadOf", "git@github.com:")
    assert find_remote_url(clone) == "https://ghes.example/octo-org/app.git"


def test_a_remote_name_like_an_option_is_no_option(clone: Path) -> None:
    git(clone, "config", "remote.--help.url", "https://github.com/odd/name")
    git(clone, "config", "remote.--help.gh-resolved", "base")
    assert find_remote_url(clone) in {"https://github.com/odd/name", ""}


def test_a_directory_without_a_remote_has_none(tmp_path: Path) -> None:
    assert find_remote_url(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert find_remote_url(tmp_path) == ""


def test_a_git_in_the_working_directory_is_not_run(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / "git").write_text("#!/bin/sh\ntouch was-run\n")
    (clone / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(clone))
    assert find_remote_url(clone) == ""
    assert not (clone / "was-run").exists()


def test_without_git_there_is_no_remote(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert find_remote_url(clone) == ""


def test_a_command_uses_the_repository_of_the_remote(sandbox: Sandbox, cli: Run) -> None:
    git(cli.directory, "init", "--quiet")
    git(cli.directory, "remote", "add", "origin", f"{sandbox.server_url}/{sandbox.repository}.git")
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": ["v1"]}]})
    done = cli("list", "--tag", "v1", GH_REPO="", **GIT_VARIABLES)
    assert done.returncode == 0, done.stderr
    assert f"{sandbox.repository}/releases/tag/v1" in done.stderr


def test_a_remote_at_an_unknown_host_gets_no_request(sandbox: Sandbox, cli: Run) -> None:
    git(cli.directory, "init", "--quiet")
    git(cli.directory, "remote", "add", "origin", "https://evil.example/octo-org/app.git")
    done = cli("list", "--tag", "v1", GH_REPO="", **GIT_VARIABLES)
    assert done.returncode == 2
    assert "evil.example" in done.stderr
    assert sandbox.requests() == []


def test_git_gets_no_token(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The configuration of a directory can make git start programs.
    (clone / "bin").mkdir()
    (clone / "bin" / "git").write_text(f"#!/bin/sh\nenv > {clone}/environment\n")
    (clone / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{clone / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "ACTIONS_RUNTIME_TOKEN"):
        monkeypatch.setenv(name, "canary")
    find_remote_url(clone)
    environment = clone.joinpath("environment").read_text()
    assert "GIT_CONFIG_GLOBAL=" in environment
    assert "canary" not in environment
