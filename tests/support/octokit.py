"""@octokit/rest, GitHub's own client for JavaScript, installed from its lock file."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.container import one_at_a_time
from tests.support.sandbox import ROOT, Sandbox

SOURCE = ROOT / "tests" / "contract" / "octokit"
# The node of the development requirements; a system's own is often too old.
BIN = Path(sys.executable).parent
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Octokit:
    """The client, installed in a directory with its dependencies."""

    directory: Path

    def run(self, task: str, sandbox: Sandbox) -> Any:
        """Run a task of release.mjs, and return its result."""
        done = subprocess.run(
            [_tool("node"), "release.mjs"],
            cwd=self.directory,
            env={
                "PATH": os.environ.get("PATH", ""),
                "API_URL": sandbox.api_url,
                "TOKEN": sandbox.token,
                "ADMIN_TOKEN": sandbox.admin_token,
                "REPOSITORY": sandbox.repository,
                "TASK": task,
            },
            capture_output=True,
            encoding="utf-8",
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def install() -> Octokit:
    """Return the client, installed in the virtual environment, once for each lock file."""
    lock = (SOURCE / "package-lock.json").read_bytes()
    directory = Path(sys.prefix) / "octokit" / hashlib.sha256(lock).hexdigest()[:16]
    directory.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(directory / "lock"):
        if not (directory / "node_modules" / "@octokit" / "rest").is_dir():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCE / name, directory)
            _install_packages(directory)
        shutil.copy(SOURCE / "release.mjs", directory)
    return Octokit(directory=directory)


def _install_packages(directory: Path) -> None:
    message = ""
    # Trust the machine's certificate authorities too, as pip does: Node has only its own by default.
    trusted = {"NODE_EXTRA_CA_CERTS": str(AUTHORITIES)} if AUTHORITIES.exists() else {}
    for _ in range(2):  # registries hang now and then
        try:
            subprocess.run(
                [_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=directory,
                env=trusted | os.environ,
                check=True,
                capture_output=True,
                encoding="utf-8",
                timeout=50,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            message = str(error.stderr or error)
            shutil.rmtree(directory / "node_modules", ignore_errors=True)
        else:
            return
    pytest.skip(f"@octokit/rest cannot be installed: {message[-500:]}")


def _tool(name: str) -> str:
    return shutil.which(name, path=str(BIN)) or name
