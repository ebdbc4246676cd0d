import os
import subprocess
from pathlib import Path

import pytest

from release_assets.cli.git_remote import remote_url
from tests.support.cli import Run
from tests.support.sandbox import Sandbox

QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": "/nonexistent"}


def git(directory: Path, *arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], **QUIET}
    subprocess.run(["git", *arguments], cwd=directory, env=environment, check=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", "git@github.com:octo-org/app.git")
    return tmp_path


def test_the_remote_is_origin(clone: Path) -> None:
    (clone / "below").mkdir()
    assert remote_url(clone) == "git@github.com:octo-org/app.git"
    assert remote_url(clone / "below") == "git@github.com:octo-org/app.git"


def test_the_choice_of_gh_goes_first(clone: Path) -> None:
    git(clone, "remote", "add", "upstream", "https://github.com/upstream/app")
    git(clone, "config", "remote.upstream.gh-resolved", "base")
    assert remote_url(clone) == "https://github.com/upstream/app"
    git(clone, "config", "remote.upstream.gh-resolved", "other/fork")
    assert remote_url(clone) == "github.com/other/fork"


def test_what_git_is_told_to_write_instead_is_taken(clone: Path) -> None:
    git(clone, "config", "url.https://ghes.example/.insteadOf", "git@github.com:")
    assert remote_url(clone) == "https://ghes.example/octo-org/app.git"


def test_a_remote_whose_name_looks_like_an_option_is_one_all_the_same(clone: Path) -> None:
    git(clone, "config", "remote.--help.url", "https://github.com/odd/name")
    git(clone, "config", "remote.--help.gh-resolved", "base")
    assert remote_url(clone) in {"https://github.com/odd/name", ""}


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    assert remote_url(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert remote_url(tmp_path) == ""


def test_a_git_of_the_directory_itself_is_not_run(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / "git").write_text("#!/bin/sh\ntouch was-run\n")
    (clone / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(clone))
    assert remote_url(clone) == ""
    assert not (clone / "was-run").exists()


def test_without_git_there_is_none(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert remote_url(clone) == ""


def test_commands_take_the_repository_from_it(sandbox: Sandbox, cli: Run) -> None:
    git(cli.directory, "init", "--quiet")
    git(cli.directory, "remote", "add", "origin", f"{sandbox.server_url}/{sandbox.repository}.git")
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": ["v1"]}]})
    done = cli("list", "--tag", "v1", GH_REPO="", **QUIET)
    assert done.returncode == 0, done.stderr
    assert f"{sandbox.repository}/releases/tag/v1" in done.stderr


def test_a_remote_elsewhere_gets_nothing(sandbox: Sandbox, cli: Run) -> None:
    git(cli.directory, "init", "--quiet")
    git(cli.directory, "remote", "add", "origin", "https://evil.example/octo-org/app.git")
    done = cli("list", "--tag", "v1", GH_REPO="", **QUIET)
    assert done.returncode == 2
    assert "the git remote is at evil.example" in done.stderr
    assert sandbox.requests() == []


def test_git_is_told_no_token(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A directory's configuration can name programs that git starts.
    (clone / "bin").mkdir()
    (clone / "bin" / "git").write_text(f"#!/bin/sh\nenv > {clone}/seen\n")
    (clone / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{clone / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "ACTIONS_RUNTIME_TOKEN"):
        monkeypatch.setenv(name, "canary")
    remote_url(clone)
    seen = clone.joinpath("seen").read_text()
    assert "GIT_CONFIG_GLOBAL=" in seen
    assert "canary" not in seen
