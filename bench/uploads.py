"""Runs each upload method in turn, and compares the results."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from bench.servers import SandboxServer, Server, ask, sandbox_server, sink_server
from bench.ways import HASHES_ONLY, PROGRAMS, ROOT, WAYS, Command, Place
from bench.workloads import MIB, Workload

COLUMNS = ("by", "median s", "from, to", "× gh", "MiB/s", "peak MiB", "calls", "points")


SEARCHED = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
"""The search path of programs: first the directory of Python, where the requirements install theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command."""

    began: float  # seconds since the epoch
    seconds: float
    cpu: float  # seconds
    peak: int  # bytes of memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The API calls and points of a run."""

    calls: int
    points: int  # of the primary rate limit


def compare(workload: Workload, repeats: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each upload method, in the order of COLUMNS."""
    missing = [name for name in workload.ways if not find(PROGRAMS.get(name, "python3"))]
    ways = [name for name in workload.ways if name not in missing]
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    with Bench(workload) as bench:
        for name in ways:
            bench.run(name)  # not measured: fills caches, and checks that it works
        for _ in range(workload.repeats or repeats):
            for name in ways:
                runs[name].append(bench.run(name))
    costs = count(workload, ways)
    for name in ways:
        yield row(name, workload, runs, costs.get(name))
    for name in missing:
        yield (name, "not installed", *[""] * (len(COLUMNS) - 2))


def count(workload: Workload, ways: Sequence[str]) -> Mapping[str, Cost]:
    """Return the calls and points of each upload method, as the sandbox counts them."""
    costs: dict[str, Cost] = {}
    with Bench(workload.in_name_only()) as bench:
        if not isinstance(bench.server, SandboxServer):
            raise TypeError("only the sandbox counts")
        for name in ("this program", "gh"):  # the others make no API calls but uploads
            if name not in ways:
                continue
            before = bench.prepare()
            bench.run(name, prepared=True)
            requests = bench.server.requests()[before:]
            points = sum(request["points"] for request in requests)
            costs[name] = Cost(calls=len(requests), points=points)
    return costs


def row(
    name: str, workload: Workload, runs: Mapping[str, list[Run]], cost: Cost | None
) -> tuple[str, ...]:
    """Return the cells of the row of an upload method."""
    seconds = [run.seconds for run in runs[name]]
    median = statistics.median(seconds)
    gh = statistics.median(run.seconds for run in runs["gh"]) if "gh" in runs else None
    return (
        name,
        f"{median:.3f}",
        f"{min(seconds):.3f} to {max(seconds):.3f}",
        f"{median / gh:.2f}" if gh else "",
        f"{workload.count * workload.size / MIB / median:.0f}",
        f"{max(run.peak for run in runs[name]) / MIB:.0f}",
        str(cost.calls) if cost else "",
        str(cost.points) if cost else "",
    )


class Bench:
    """Files and a server, and the upload methods that are measured with them."""

    server: Server

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        self._stack = ExitStack()
        self.place: Place

    def __enter__(self) -> Self:
        """Write the files and start the server."""
        directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        scratch = directory / "scratch"
        scratch.mkdir()
        if self._workload.server == "sandbox":
            self.server = self._stack.enter_context(sandbox_server())
        else:
            tls = self._workload.server == "sink over TLS"
            self.server = self._stack.enter_context(sink_server(scratch, tls=tls))
        self.place = Place(
            files=tuple(write_files(directory / "workspace", self._workload)),
            scratch=scratch,
            python=Path(sys.executable),
            api_url=self.server.api_url,
            upload_url="",
            token=self.server.token,
            repository=self.server.repository,
            authority=self.server.authority,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server and delete the files."""
        self._stack.close()

    def prepare(self) -> int:
        """Create the release that the workload starts from; return how many requests that took."""
        server, workload = self.server, self._workload
        server.prepare(workload)
        url = f"{server.api_url}/repos/{server.repository}/releases/tags/v1"
        release = ask("GET", url, authority=server.authority)
        upload_url = str(release["upload_url"]).partition("{")[0]
        self.place = replace(self.place, upload_url=upload_url)
        if workload.unchanged:
            self._execute("this program")
        return len(server.requests()) if isinstance(server, SandboxServer) else 0

    def run(self, way: str, *, prepared: bool = False) -> Run:
        """Run an upload method and check the release."""
        if not prepared:
            self.prepare()
        measured = self._execute(way)
        workload, stored = self._workload, self.server.stored()
        total = workload.count * workload.size
        is_whole = stored.assets == workload.total and stored.bytes >= total
        if not is_whole and way != HASHES_ONLY:
            raise AssertionError(f"{way} left {stored} for {workload.title}")
        return measured

    def _execute(self, way: str) -> Run:
        return execute(WAYS[way](self._workload, self.place), self.place)


def execute(command: Command, place: Place) -> Run:
    """Run a command to its end, in the directory of the files.

    Raises: RuntimeError with its output, when it fails.
    """
    for name in ("output", "state", "summary"):
        place.scratch.joinpath(name).write_bytes(b"")
    program, *rest = command.words
    words = [find(program) or program, *rest]
    done = subprocess.run(
        [str(place.python), "-I", "-S", str(ROOT / "bench" / "meter.py"), *words],
        cwd=place.workspace,
        env={"PATH": SEARCHED, **command.environment},
        capture_output=True,
        check=True,
    )
    measured = json.loads(done.stdout)
    code = measured.pop("exit_code")
    if code != 0:
        output = done.stderr.decode(errors="replace")
        raise RuntimeError(f"{' '.join(command.words[:4])} ... ended with {code}: {output}")
    return Run(**measured)


def find(program: str) -> str | None:
    """Return the path of a program."""
    return shutil.which(program, path=SEARCHED)


def write_files(directory: Path, workload: Workload) -> Iterator[Path]:
    """Write the files of a workload; very large ones are hard links to one file."""
    directory.mkdir()
    for number in range(workload.count):
        path = directory / f"{number}.bin"
        if number and workload.size >= 1024 * MIB:
            path.hardlink_to(directory / "0.bin")
        else:
            with path.open("wb") as file:
                left = workload.size
                while left:
                    left -= file.write(os.urandom(min(left, 16 * MIB)))
        yield path
