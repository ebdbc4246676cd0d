"""The sandbox in its own process, started as users start it."""

import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
# Straight to the sandbox, even if the machine uses a proxy; and with any certificate, since these requests hold no secret and the process is our own.
_TLS = ssl.create_default_context()
_TLS.check_hostname = False
_TLS.verify_mode = ssl.CERT_NONE
_OPENER = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_TLS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request in the sandbox's log."""

    id: int
    time: float
    seconds: float | None
    origin: str
    method: str
    path: str
    query: str
    status: int | None
    authorized: bool
    job: str | None
    bytes_in: int
    bytes_out: int
    points: int
    headers: dict[str, str]
    fault: str | None


class Sandbox:
    """A running sandbox and its control API."""

    def __init__(self, process: "subprocess.Popen[str]", ready: dict[str, Any]) -> None:
        self.process = process
        self.flavour: str = ready["flavour"]
        self.api_url: str = ready["api_url"]
        self.server_url: str = ready["server_url"]
        self.uploads_url: str = ready["uploads_url"]
        self.storage_url: str = ready["storage_url"]
        self.control_url: str = ready["control_url"]
        self.address: str = ready[
            "address"
        ]  # of the API, `127.0.0.1:port`, whatever its host name is
        self.repository: str = ready["repositories"][0]
        self.token: str = ready["tokens"]["write"]
        self.read_token: str = ready["tokens"]["read"]
        self.no_token: str = ready["tokens"]["none"]  # known, but without access
        self.admin_token: str = ready["tokens"]["admin"]
        self.pid: int = ready["pid"]

    @classmethod
    def start(cls, *options: str) -> "Sandbox":
        """Start a sandbox and wait until it listens."""
        module = (sys.executable, "-m", "github_sandbox")
        return cls.start_command(*module, *options, PYTHONPATH=str(ROOT / "src"))

    @classmethod
    def start_command(cls, *command: str, **environment: str) -> "Sandbox":
        """Start a sandbox by its command line and wait until it listens."""
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ.get("PATH", ""), **environment},
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            process.communicate()  # closes the pipes
            raise RuntimeError(f"the sandbox ended with {process.returncode}")
        return cls(process, json.loads(line))

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self.process.terminate()
        self.process.wait(timeout=10)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def state(self) -> dict[str, Any]:
        """Return the state of all repositories."""
        state: dict[str, Any] = self._control("GET", "/state")
        return state

    def releases(self, repository: str | None = None) -> list[dict[str, Any]]:
        """Return a repository's releases, drafts too, in the order in which they were made."""
        found = self.state()["repositories"][repository or self.repository]["releases"]
        return sorted(found, key=lambda release: int(release["id"]))

    def release(self, tag: str) -> dict[str, Any]:
        """Return the release of a tag: the published one, else the first draft."""
        found = [release for release in self.releases() if release["tag_name"] == tag]
        assert found, f"no release of {tag}"
        return next((release for release in found if not release["draft"]), found[0])

    def assets(self, tag: str) -> list[dict[str, Any]]:
        """Return the assets of a tag's release, whatever their state."""
        assets: list[dict[str, Any]] = self.release(tag)["assets"]
        return assets

    def asset_names(self, tag: str) -> list[str]:
        """Return the names of those assets, sorted."""
        return sorted(asset["name"] for asset in self.assets(tag))

    def content(self, tag: str, name: str) -> bytes:
        """Return an asset's bytes as they are stored."""
        return self.content_of(next(a["id"] for a in self.assets(tag) if a["name"] == name))

    def content_of(self, asset_id: int) -> bytes:
        """Return the bytes of the asset with this id as they are stored."""
        with _OPENER.open(f"{self.control_url}/assets/{asset_id}/content") as answer:
            content: bytes = answer.read()
        return content

    def history(self) -> list[dict[str, Any]]:
        """Return what was published and deleted in the repository, in order."""
        events: list[dict[str, Any]] = self.state()["repositories"][self.repository]["history"]
        return events

    def requests(self) -> list[Request]:
        """Return the requests since the start, the last reset or the last forgetting."""
        names = {field.name for field in fields(Request)}
        log = self._control("GET", "/requests")
        return [Request(**{name: entry[name] for name in names}) for entry in log]

    def exchanges(self) -> list[dict[str, Any]]:
        """Return the log with the bodies, as far as the setting `log_bodies` has kept them."""
        found: list[dict[str, Any]] = self._control("GET", "/requests")
        return found

    def count(self, method: str, path_part: str = "") -> int:
        """Return how many requests had this method and `path_part` in their path."""
        return sum(
            request.method == method and path_part in request.path for request in self.requests()
        )

    def forget_requests(self) -> None:
        """Empty the log."""
        self._control("DELETE", "/requests")

    def seed(self, document: dict[str, Any]) -> None:
        """Add what a seed document describes."""
        self._control("POST", "/seed", document)

    def fault(self, **fault: Any) -> None:
        """Arm a fault: match={"origin", "method", "path", "query"}, skip, times, do, and so on.

        docs/sandbox.md lists them all.
        """
        self._control("POST", "/faults", fault)

    def lie(self, fields: dict[str, Any] | None = None, **fault: Any) -> None:
        """Make a successful answer wrong: with other values, or another object than was requested."""
        self.fault(do="lie", fields=fields or {}, **fault)

    def interfere(self, *actions: str | dict[str, Any], **fault: Any) -> None:
        """Let another party act when="before" or when="after" a request is handled."""
        self.fault(do="interfere", actions=list(actions), **fault)

    def interferences(self) -> list[tuple[str, str]]:
        """Return what other parties did: the name of each action, and its result."""
        return [
            (event["name"], event["state"])
            for event in self.history()
            if event["what"] == "interference"
        ]

    def faults(self) -> list[dict[str, Any]]:
        """Return the armed faults, with how often each passed and struck."""
        found: list[dict[str, Any]] = self._control("GET", "/faults")
        return found

    def disarm(self) -> None:
        """Disarm all faults."""
        self._control("DELETE", "/faults")

    def settings(self, **settings: Any) -> None:
        """Change settings."""
        self._control("PUT", "/settings", settings)

    def reset(self) -> None:
        """Reset state, faults, settings and log to what the command line gave."""
        self._control("POST", "/reset")

    def _control(self, method: str, path: str, document: Any = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.control_url + path, data=body, method=method)
        try:
            with _OPENER.open(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(f"{method} {path}: {error.read().decode()}") from error
        return json.loads(text) if text else None
