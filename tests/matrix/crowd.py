"""Many jobs of one tag, each a process of its own, all started at once."""

import dataclasses
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.matrix.troubles import PUBLISHING, Kill
from tests.support.job import ROOT, Job, Step
from tests.support.runner import decode_env_file
from tests.support.sandbox import Request, Sandbox

PATIENCE = 300.0  # seconds until what has not ended counts as hanging


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One job and what it brings."""

    name: str
    job: Job
    files: Mapping[str, bytes]
    inputs: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Process:
    """One run of a job's step."""

    member: Member
    variables: dict[str, str]
    log: Path
    popen: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls, member: Member, variables: dict[str, str], number: int) -> "Process":
        """Start the program as a runner would."""
        log = member.job.root / f"log-{number}.txt"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [sys.executable, "-I", str(ROOT / "entrypoint.py")],
                cwd=member.job.workspace,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        return cls(member=member, variables=variables, log=log, popen=popen)

    def step(self) -> Step:
        """Return what the run left."""
        text = self.log.read_text("utf-8")
        return self.member.job.finish_step(self.variables, self.popen.wait(), text)

    def kill(self) -> dict[str, str]:
        """Kill it, and return the state that it saved for its clean-up."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()
        return decode_env_file(Path(self.variables["GITHUB_STATE"]).read_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of all."""

    steps: dict[str, Step]  # of each job, of its last run
    killed: tuple[str, ...]  # jobs whose first run was killed
    seconds: float


def members(
    directory: Path, sandbox: Sandbox, count: int, seed: int, more: Mapping[str, str]
) -> list[Member]:
    """Return jobs, each with a token and 2 to 4 small files of its own, that expect all files.

    more: further inputs of every job.
    """
    lot = Random(f"files {seed}")
    files = {
        f"job-{number:02}": {
            f"app-{number:02}-{part}.bin": lot.randbytes(lot.randint(1, 20_000))
            for part in range(lot.randint(2, 4))
        }
        for number in range(count)
    }
    expected = [asset for own in files.values() for asset in own]
    # Of each job's first file any kind will do.
    patterns = [name.replace("-0.bin", "-0.*") for name in expected]
    inputs = {"files": "dist/*", "expect": "\n".join(patterns), **more}
    tokens = {name: f"ghs_{lot.randbytes(18).hex()}" for name in files}
    sandbox.seed({"jobs": tokens})
    found: list[Member] = []
    for name, own in files.items():
        job = dataclasses.replace(Job.at(directory / name, sandbox), token=tokens[name])
        job.write({f"dist/{asset}": content for asset, content in own.items()})
        found.append(Member(name=name, job=job, files=own, inputs=inputs))
    return found


def run(crowd: Sequence[Member], sandbox: Sandbox, kills: Sequence[Kill]) -> Ended:
    """Run all at once, kill some and run those again; return when all have ended."""
    prepared = [(member, member.job.start_step(member.inputs)) for member in crowd]
    began = time.monotonic()
    running = {member.name: Process.start(member, variables, 0) for member, variables in prepared}
    executioner = _Executioner(sandbox, running, kills)
    try:
        while executioner.is_busy():
            assert time.monotonic() < began + PATIENCE, f"still going on: {executioner.alive()}"
            time.sleep(0.1)
        steps = {name: process.step() for name, process in running.items()}
    finally:
        for process in running.values():
            process.popen.kill()
            process.popen.wait()
    seconds = time.monotonic() - began
    return Ended(steps=steps, killed=tuple(executioner.killed), seconds=seconds)


class _Executioner:
    """Kills processes at the calls that the sandbox holds, and has them run again."""

    def __init__(
        self, sandbox: Sandbox, running: dict[str, Process], kills: Sequence[Kill]
    ) -> None:
        self._sandbox = sandbox
        self._running = running
        self._kills = list(kills)
        self._later: list[Member] = []
        self._seen: set[int] = set()  # requests that were held, by id
        self.killed: list[str] = []

    def alive(self) -> list[str]:
        return [name for name, one in self._running.items() if one.popen.poll() is None]

    def is_busy(self) -> bool:
        """Do what is due; return whether anything goes on."""
        if self._kills:
            for request in self._sandbox.requests():
                if request.fault == "stall" and request.id not in self._seen:
                    self._take(request)
        if self.alive():
            return True
        for member in self._later:
            self._again(member)
        busy = bool(self._later)
        self._later = []
        return busy

    def _take(self, request: Request) -> None:
        """Kill the process whose call is held, when that has come as far as it shall."""
        name = request.job or ""
        wanted = None if is_publishing(request) else name
        (kill,) = [one for one in self._kills if one.job == wanted]
        if kill.effect and request.status is None:
            return
        self._seen.add(request.id)
        self._kills.remove(kill)
        process = self._running[name]
        assert process.popen.poll() is None, f"{name} ended before its answer came"
        state = process.kill()
        self.killed.append(name)
        if kill.cleaned_up:
            _clean_up(process.member, state)
        if kill.at_once:
            self._again(process.member)
        else:
            self._later.append(process.member)

    def _again(self, member: Member) -> None:
        variables = member.job.start_step(member.inputs)
        number = self.killed.count(member.name)
        self._running[member.name] = Process.start(member, variables, number)


def is_publishing(request: Request) -> bool:
    """Say whether a request is to make a release public."""
    path = re.search(PUBLISHING["path"], request.path)
    return request.method == PUBLISHING["method"] and path is not None


def _clean_up(member: Member, state: Mapping[str, str]) -> None:
    """Do what the runner does at the end of a job whose container was killed."""
    values = {f"STATE_{name}": value for name, value in state.items()}
    post = member.job.run_program(member.inputs, values, "post.py")
    assert post.exit_code == 0, post.log
