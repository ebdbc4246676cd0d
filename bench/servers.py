"""The servers that are uploaded to, each in a process of its own."""

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bench.workloads import Workload
from tests.support.certificate import make_certificate

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What stands on the release."""

    assets: int
    bytes: int


class Server(Protocol):
    """A GitHub with a release v1."""

    api_url: str
    token: str
    repository: str
    authority: str  # path of the certificate to trust; empty: no TLS

    def prepare(self, workload: Workload) -> None:
        """Make the release what the workload finds."""

    def taken(self) -> Taken:
        """Return what stands on the release."""


class SandboxServer:
    """The sandbox, which enforces what GitHub does, and hashes all that it is sent."""

    authority = ""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.api_url: str = ready["api_url"]
        self.token: str = ready["tokens"]["write"]
        self.repository: str = ready["repositories"][0]
        self._control: str = ready["control_url"]

    def prepare(self, workload: Workload) -> None:
        """Make the release v1, with assets where some stand before."""
        self._ask("POST", "/reset")
        # Bytes are hashed and dropped: this machine's disk is not what is measured.
        link = {"latency": workload.latency, "throttle": workload.throttle}
        self._ask("PUT", "/settings", {"keep_bytes": False, **link})
        assets = [
            {"name": f"{number}.bin", "text": f"old {number}"}
            for number in range(workload.standing)
        ]
        release = {"tag": "v1", "assets": assets}
        self._ask(
            "POST", "/seed", {"repositories": [{"name": self.repository, "releases": [release]}]}
        )

    def taken(self) -> Taken:
        """Return what stands on the release."""
        releases = self._ask("GET", "/state")["repositories"][self.repository]["releases"]
        sizes = [item["size"] for item in releases[0]["assets"] if item["state"] == "uploaded"]
        return Taken(assets=len(sizes), bytes=sum(sizes))

    def requests(self) -> list[dict[str, Any]]:
        """Return every request since the preparation."""
        found: list[dict[str, Any]] = self._ask("GET", "/requests")
        return found

    def _ask(self, method: str, path: str, document: object = None) -> Any:  # noqa: ANN401 - JSON
        return ask(method, self._control + path, document)


class SinkServer:
    """What reads and drops, so that the sender is what is measured."""

    token = "t"  # not looked at

    def __init__(self, ready: Mapping[str, Any], authority: str) -> None:
        self.authority = authority
        self._url: str = ready["url"]
        self.api_url = self._url + ("/api/v3" if authority else "")
        self.repository: str = ready["repository"]

    def prepare(self, workload: Workload) -> None:
        """Empty the release."""
        if workload.standing or workload.latency or workload.throttle:
            raise ValueError(f"the sink has a plain link and an empty release: {workload.title}")
        ask("DELETE", f"{self._url}/sink", authority=self.authority)

    def taken(self) -> Taken:
        """Return what stands on the release."""
        return Taken(**ask("GET", f"{self._url}/sink", authority=self.authority))


@contextmanager
def sandbox_server() -> Iterator[SandboxServer]:
    """Run the sandbox as long as it is needed."""
    with _running([sys.executable, "-m", "github_sandbox", "--tag", "v1"]) as ready:
        yield SandboxServer(ready)


@contextmanager
def sink_server(directory: Path, *, tls: bool) -> Iterator[SinkServer]:
    """Run a sink as long as it is needed; its certificate is put into the directory."""
    pair = [str(path) for path in make_certificate(directory)] if tls else []
    with _running([sys.executable, "-m", "bench.sink", *pair]) as ready:
        yield SinkServer(ready, pair[0] if pair else "")


def ask(method: str, url: str, document: object = None, *, authority: str = "") -> Any:  # noqa: ANN401 - JSON
    """Return what a server answers, without a proxy."""
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, data=body, method=method)
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if authority:
        context = ssl.create_default_context(cafile=authority)
        handlers.append(urllib.request.HTTPSHandler(context=context))
    with urllib.request.build_opener(*handlers).open(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


@contextmanager
def _running(command: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Run a server that says in a line of JSON where it is, and ends when its input does."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
