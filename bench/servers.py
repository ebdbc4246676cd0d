"""The servers that receive uploads, each in its own process."""

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
class StoredAssets:
    """The complete assets of the release."""

    assets: int
    bytes: int


class Server(Protocol):
    """A GitHub with a release v1."""

    api_url: str
    token: str
    repository: str
    authority: str  # path of the certificate to trust; empty: no TLS

    def prepare(self, workload: Workload) -> None:
        """Create the release that the workload starts from."""

    def stored(self) -> StoredAssets:
        """Return the number and size of the complete assets of the release."""


class SandboxServer:
    """The sandbox, which enforces GitHub's rules and hashes every upload."""

    authority = ""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.api_url: str = ready["api_url"]
        self.token: str = ready["tokens"]["write"]
        self.repository: str = ready["repositories"][0]
        self._control: str = ready["control_url"]

    def prepare(self, workload: Workload) -> None:
        """Create the release v1, with the assets that the workload starts from."""
        self._ask("POST", "/reset")
        # Bytes are hashed and dropped: the disk of this machine is not to be measured.
        link = {"latency": workload.latency, "throttle": workload.throttle}
        self._ask("PUT", "/settings", {"keep_bytes": False, **link})
        assets = [
            {"name": f"{number}.bin", "text": f"old {number}"}
            for number in range(workload.existing)
        ]
        release = {"tag": "v1", "assets": assets}
        self._ask(
            "POST", "/seed", {"repositories": [{"name": self.repository, "releases": [release]}]}
        )

    def stored(self) -> StoredAssets:
        """Return the number and size of the complete assets of the release."""
        releases = self._ask("GET", "/state")["repositories"][self.repository]["releases"]
        sizes = [item["size"] for item in releases[0]["assets"] if item["state"] == "uploaded"]
        return StoredAssets(assets=len(sizes), bytes=sum(sizes))

    def requests(self) -> list[dict[str, Any]]:
        """Return every request since the preparation."""
        found: list[dict[str, Any]] = self._ask("GET", "/requests")
        return found

    def _ask(self, method: str, path: str, document: object = None) -> Any:  # noqa: ANN401 - JSON
        return ask(method, self._control + path, document)


class SinkServer:
    """A server that discards uploads, so that only the sender is measured."""

    token = "t"  # not checked

    def __init__(self, ready: Mapping[str, Any], authority: str) -> None:
        self.authority = authority
        self._url: str = ready["url"]
        self.api_url = self._url + ("/api/v3" if authority else "")
        self.repository: str = ready["repository"]

    def prepare(self, workload: Workload) -> None:
        """Empty the release."""
        if workload.existing or workload.latency or workload.throttle:
            raise ValueError(f"the sink has a plain link and an empty release: {workload.title}")
        ask("DELETE", f"{self._url}/sink", authority=self.authority)

    def stored(self) -> StoredAssets:
        """Return the number and size of the complete assets of the release."""
        return StoredAssets(**ask("GET", f"{self._url}/sink", authority=self.authority))


@contextmanager
def sandbox_server() -> Iterator[SandboxServer]:
    """Run the sandbox while the block runs."""
    with _running([sys.executable, "-m", "github_sandbox", "--tag", "v1"]) as ready:
        yield SandboxServer(ready)


@contextmanager
def sink_server(directory: Path, *, tls: bool) -> Iterator[SinkServer]:
    """Run a sink while the block runs; its certificate is written to the directory."""
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
    """Run a server that prints its addresses as a line of JSON, and stops when its input ends."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
