"""The command line in its own process, as a terminal starts it."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.sandbox import ROOT, Sandbox

Done = subprocess.CompletedProcess[str]
_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Runs the command line from a directory, against a sandbox."""

    directory: Path
    variables: Mapping[str, str]

    def __call__(self, *arguments: str, stdin: str | None = None, **environment: str) -> Done:
        """Run the console script's module."""
        return subprocess.run(
            [sys.executable, "-m", "release_assets", *arguments],
            cwd=self.directory,
            env=self._environment(environment),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )

    def bytes_of(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
        """Run it and return standard output as bytes."""
        return subprocess.run(
            [sys.executable, "-m", "release_assets", *arguments],
            cwd=self.directory,
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
        )

    def shell(self, line: str, **environment: str) -> Done:
        """Run a line of bash, in which $PYTHON is the interpreter."""
        return subprocess.run(
            ["bash", "-c", line],
            cwd=self.directory,
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )

    def popen(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start it and leave it running."""
        return start(*arguments, cwd=self.directory, env=self._environment(environment), stdin=None)

    def on_a_terminal(
        self, *arguments: str, types: str = "", interrupt_at: str = "", **environment: str
    ) -> tuple[int, str]:
        """Run it on a terminal of 100 columns, type, and return the exit code and what it showed.

        interrupt_at: the text after which it is interrupted, as by Ctrl-C.
        """
        import pty  # not available on Windows

        controller, terminal = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "release_assets", *arguments],
            cwd=self.directory,
            env=self._environment(
                {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"} | environment
            ),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
        ) as process:
            os.close(terminal)
            if types:
                os.write(controller, types.encode())
            shown = _read(controller, interrupt_at) if interrupt_at else ""
            if interrupt_at:
                process.send_signal(signal.SIGINT)
            shown += _read(controller)
            os.close(controller)
            return process.wait(_SECONDS), shown

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        usual = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT / "src")}
        return {**usual, "PYTHON": sys.executable, **self.variables, **more}


def run(sandbox: Sandbox, directory: Path) -> Run:
    """Return a runner of commands against a sandbox's repository, with a token that may write."""
    return Run(
        directory=directory,
        variables={
            "GITHUB_API_URL": sandbox.api_url,
            "GH_TOKEN": sandbox.token,
            "GH_REPO": sandbox.repository,
        },
    )


def start(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    """Start the command line."""
    options.setdefault("env", os.environ | {"PYTHONPATH": str(ROOT / "src")})
    return subprocess.Popen(
        [sys.executable, "-m", "release_assets", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def _read(controller: int, until: str = "") -> str:
    """Return what a terminal receives until it contains `until` or the other end is closed."""
    parts: list[bytes] = []
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and not (until and until.encode() in b"".join(parts)):
        ready, _, _ = select.select([controller], [], [], 1.0)
        if not ready:
            continue
        try:
            part = os.read(controller, 65536)
        except OSError:  # how Linux reports that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")
