"""`python -m bench`: time uploads by this program and by gh against one server, in turn."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import scale

ROOT = Path(__file__).resolve().parents[1]
KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Files of one size on a link."""

    name: str
    count: int
    size: int  # bytes
    latency: float = 0.0  # seconds added to every answer


WORKLOADS = (
    Workload(name="1 file of 256 MiB", count=1, size=256 * MIB),
    Workload(name="50 files of 1 MiB", count=50, size=MIB),
    Workload(name="50 files of 10 KiB, 30 ms an answer", count=50, size=10 * KIB, latency=0.03),
)


class Server:
    """The sandbox, in a process of its own."""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.api_url: str = ready["api_url"]
        self.token: str = ready["tokens"]["write"]
        self.repository: str = ready["repositories"][0]
        self._control: str = ready["control_url"]

    def prepare(self, workload: Workload) -> None:
        """Make an empty release v1, on a link as the workload has it."""
        self.ask("POST", "/reset")
        # Bytes are hashed and dropped: this machine's disk is not what is measured.
        self.ask("PUT", "/settings", {"keep_bytes": False, "latency": workload.latency})
        release = {"name": self.repository, "releases": ["v1"]}
        self.ask("POST", "/seed", {"repositories": [release]})

    def calls(self) -> int:
        """Return how many requests came since the preparation."""
        return len(self.ask("GET", "/requests"))

    def complete(self) -> int:
        """Return how many assets stand on the release."""
        releases = self.ask("GET", "/state")["repositories"][self.repository]["releases"]
        return sum(asset["state"] == "uploaded" for asset in releases[0]["assets"])

    def ask(self, method: str, path: str, document: object = None) -> Any:  # noqa: ANN401 - JSON
        """Ask the sandbox's control API."""
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self._control + path, data=body, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def server() -> Iterator[Server]:
    """Run the sandbox as long as it is needed."""
    command = [sys.executable, "-m", "github_sandbox", "--tag", "v1"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        yield Server(json.loads(process.stdout.readline()))
        process.stdin.close()


def publish(at: Server, directory: Path) -> float:
    """Upload with this program, and return the seconds."""
    environment = {
        "PYTHONPATH": str(ROOT / "src"),
        "GITHUB_API_URL": at.api_url,
        "GH_TOKEN": at.token,
        "GH_REPO": at.repository,
    }
    command = [sys.executable, "-m", "release_assets", "publish", "--quiet", "--tag", "v1", "*.bin"]
    return timed(command, directory, environment)


def gh(at: Server, directory: Path) -> float:
    """Upload with `gh release upload --clobber`, and return the seconds."""
    environment = {
        "GH_HOST": "github.localhost",
        "GH_REPO": f"github.localhost/{at.repository}",
        "GH_TOKEN": at.token,
        "GH_ENTERPRISE_TOKEN": at.token,
        "GH_CONFIG_DIR": str(directory / "gh"),
        "GH_PROMPT_DISABLED": "1",
        # The only plain http that gh speaks is to this host, through a proxy.
        "HTTP_PROXY": at.api_url,
    }
    files = sorted(str(path) for path in directory.glob("*.bin"))
    program = str(Path(sys.executable).parent / "gh")
    return timed([program, "release", "upload", "v1", "--clobber", *files], directory, environment)


def timed(command: list[str], directory: Path, environment: Mapping[str, str]) -> float:
    """Run a command to its end and return the seconds it took."""
    began = time.perf_counter()
    subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def measure(workload: Workload, at: Server, repeats: int) -> Iterator[str]:
    """Run both in turn and yield a row for each."""
    peers: dict[str, Callable[[Server, Path], float]] = {"this program": publish, "gh": gh}
    seconds: dict[str, list[float]] = {name: [] for name in peers}
    calls: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(workload.count):
            Path(directory, f"{number}.bin").write_bytes(os.urandom(workload.size))
        for _ in range(repeats):
            for name, upload in peers.items():
                at.prepare(workload)
                seconds[name].append(upload(at, Path(directory)))
                calls[name] = at.calls()
                if at.complete() != workload.count:
                    raise AssertionError(f"{name} left {at.complete()} of {workload.count} assets")
    ours = statistics.median(seconds["this program"])
    for name, taken in seconds.items():
        median = statistics.median(taken)
        spread = f"{min(taken):.2f} to {max(taken):.2f}"
        yield f"| {workload.name} | {name} | {median:.2f} | {spread} | {median / ours:.2f} | {calls[name]} |"


def main() -> int:
    """Print a table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each (default: 5)")
    commands = parser.add_subparsers(dest="command", metavar="[scale]")
    scale.add_options(commands.add_parser("scale", help=scale.__doc__, description=scale.__doc__))
    options = parser.parse_args()
    if options.command == "scale":
        return scale.run(options)
    repeats = options.repeats
    print("| workload | by | median s | from, to | of ours | calls |")
    print("|---|---|---:|---|---:|---:|")
    with server() as at:
        for workload in WORKLOADS:
            for row in measure(workload, at, repeats):
                print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
