"""The git remote of the working directory, as git tells it; nothing is changed or fetched."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from release_assets.cli.repository import parse

_SECONDS = 10


def remote_url(directory: Path) -> str:
    """Return the address of the remote that gh would take as the repository; empty for none.

    That which `gh repo set-default` chose, else `origin`.
    """
    git = _git(directory)
    if git is None:
        return ""
    chosen = _ask(git, directory, "config", "--get-regexp", r"^remote\..*\.gh-resolved$")
    key, _, value = chosen.partition("\n")[0].partition(" ")
    name = key.removeprefix("remote.").removesuffix(".gh-resolved") or "origin"
    url = _ask(git, directory, "remote", "get-url", "--", name).partition("\n")[0]
    named = parse(url)
    if value in {"", "base"} or named is None:
        return url
    return f"{named.host}/{value}"  # another repository of the same network


def _git(directory: Path) -> str | None:
    """Return git's path; not one in the working directory, where Windows looks first."""
    found = shutil.which("git")
    if found is None or Path(found).resolve().parent == directory.resolve():
        return None
    return found


def _ask(git: str, directory: Path, *arguments: str) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words; the remote's name follows `--`
            [git, *arguments],
            cwd=directory,
            env=_without_tokens(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "replace").strip() if answer.returncode == 0 else ""


def _without_tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what git needs, who may start programs that the directory's configuration names."""
    return {name: value for name, value in environment.items() if "TOKEN" not in name.upper()}
