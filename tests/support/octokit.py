"""@octokit/rest, GitHub's own client for JavaScript, installed as its lock file says."""

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
# The node that the development requirements bring; what systems carry is often too old.
BIN = Path(sys.executable).parent
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Octokit:
    """The client, in a directory with all that it needs."""

    directory: Path

    def run(self, task: str, sandbox: Sandbox) -> Any:
        """Return what a task of release.mjs says."""
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
    """Return the client, installed beside the other requirements; once for each lock file."""
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
    told = ""
    # As pip does: Node brings authorities of its own, and the registry may have one that is the machine's.
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
            told = str(error.stderr or error)
            shutil.rmtree(directory / "node_modules", ignore_errors=True)
        else:
            return
    pytest.skip(f"@octokit/rest can not be installed: {told[-500:]}")


def _tool(name: str) -> str:
    return shutil.which(name, path=str(BIN)) or name
