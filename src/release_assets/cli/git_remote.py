"""Finds the git remote of the working directory."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from release_assets.cli.repository import parse_repository

_TIMEOUT_SECONDS = 10


def find_remote_url(directory: Path) -> str:
    """Return the URL of the remote that gh would use; empty if there is none.

    It is the default that `gh repo set-default` has set, else `origin`.
    """
    git = _find_git(directory)
    if git is None:
        return ""
    default = _run_git(git, directory, "config", "--get-regexp", r"^remote\..*\.gh-resolved$")
    key, _, value = default.partition("\n")[0].partition(" ")
    name = key.removeprefix("remote.").removesuffix(".gh-resolved") or "origin"
    url = _run_git(git, directory, "remote", "get-url", "--", name).partition("\n")[0]
    named = parse_repository(url)
    if value in {"", "base"} or named is None:
        return url
    return f"{named.host}/{value}"  # another repository in the same fork network


def _find_git(directory: Path) -> str | None:
    """Return the path of git; None if it is in the working directory, which Windows searches first."""
    found = shutil.which("git")
    if found is None or Path(found).resolve().parent == directory.resolve():
        return None
    return found


def _run_git(git: str, directory: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments; the name of the remote follows `--`
            [git, *arguments],
            cwd=directory,
            env=_without_tokens(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def _without_tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without tokens: the git configuration can make git run programs."""
    return {name: value for name, value in environment.items() if "TOKEN" not in name.upper()}
