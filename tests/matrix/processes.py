"""Runs many jobs for one tag at the same time, each in its own process."""

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

from tests.matrix.faults import PUBLISHING, Kill
from tests.support.job import ROOT, Job, Step
from tests.support.runner import decode_env_file
from tests.support.sandbox import Request, Sandbox

TIMEOUT_SECONDS = 300.0  # after which a process that has not ended counts as hanging


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixJob:
    """One job of the matrix, with its files and inputs."""

    name: str
    job: Job
    files: Mapping[str, bytes]
    inputs: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Process:
    """One run of a job's step."""

    matrix_job: MatrixJob
    variables: dict[str, str]
    log: Path
    popen: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls, matrix_job: MatrixJob, variables: dict[str, str], number: int) -> "Process":
        """Start the program as a runner does."""
        log = matrix_job.job.root / f"log-{number}.txt"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [sys.executable, "-I", str(ROOT / "entrypoint.py")],
                cwd=matrix_job.job.workspace,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        return cls(matrix_job=matrix_job, variables=variables, log=log, popen=popen)

    def step(self) -> Step:
        """Wait for the end of the run, and return its result."""
        text = self.log.read_text("utf-8")
        return self.matrix_job.job.finish_step(self.variables, self.popen.wait(), text)

    def kill(self) -> dict[str, str]:
        """Kill the process, and return the state that it saved for its clean-up."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()
        return decode_env_file(Path(self.variables["GITHUB_STATE"]).read_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The results of all jobs."""

    steps: dict[str, Step]  # of the last run of each job
    killed: tuple[str, ...]  # jobs whose first run was killed
    seconds: float


def make_jobs(
    directory: Path, sandbox: Sandbox, count: int, seed: int, further_inputs: Mapping[str, str]
) -> list[MatrixJob]:
    """Return jobs, each with a token and 2 to 4 small files of its own, that expect all files.

    further_inputs: of every job.
    """
    rng = Random(f"files {seed}")
    files = {
        f"job-{number:02}": {
            f"app-{number:02}-{part}.bin": rng.randbytes(rng.randint(1, 20_000))
            for part in range(rng.randint(2, 4))
        }
        for number in range(count)
    }
    expected = [asset for own in files.values() for asset in own]
    # The pattern for each job's first file matches any extension.
    patterns = [name.replace("-0.bin", "-0.*") for name in expected]
    inputs = {"files": "dist/*", "expect": "\n".join(patterns), **further_inputs}
    tokens = {name: f"ghs_{rng.randbytes(18).hex()}" for name in files}
    sandbox.seed({"jobs": tokens})
    found: list[MatrixJob] = []
    for name, own in files.items():
        job = dataclasses.replace(Job.at(directory / name, sandbox), token=tokens[name])
        job.write({f"dist/{asset}": content for asset, content in own.items()})
        found.append(MatrixJob(name=name, job=job, files=own, inputs=inputs))
    return found


def run(matrix_jobs: Sequence[MatrixJob], sandbox: Sandbox, kills: Sequence[Kill]) -> Finished:
    """Run all jobs at the same time, kill some and run those again; return when all have ended."""
    prepared = [
        (matrix_job, matrix_job.job.start_step(matrix_job.inputs)) for matrix_job in matrix_jobs
    ]
    began = time.monotonic()
    running = {
        matrix_job.name: Process.start(matrix_job, variables, 0)
        for matrix_job, variables in prepared
    }
    killer = _Killer(sandbox, running, kills)
    try:
        while killer.is_busy():
            assert time.monotonic() < began + TIMEOUT_SECONDS, f"still running: {killer.alive()}"
            time.sleep(0.1)
        steps = {name: process.step() for name, process in running.items()}
    finally:
        for process in running.values():
            process.popen.kill()
            process.popen.wait()
    seconds = time.monotonic() - began
    return Finished(steps=steps, killed=tuple(killer.killed), seconds=seconds)


class _Killer:
    """Kills processes at the calls that the sandbox stalls, and starts them again."""

    def __init__(
        self, sandbox: Sandbox, running: dict[str, Process], kills: Sequence[Kill]
    ) -> None:
        self._sandbox = sandbox
        self._running = running
        self._kills = list(kills)
        self._restart_at_end: list[MatrixJob] = []
        self._handled: set[int] = set()  # ids of the stalled requests
        self.killed: list[str] = []

    def alive(self) -> list[str]:
        return [name for name, one in self._running.items() if one.popen.poll() is None]

    def is_busy(self) -> bool:
        """Kill and restart processes as planned; return whether any is still running."""
        if self._kills:
            for request in self._sandbox.requests():
                if request.fault == "stall" and request.id not in self._handled:
                    self._kill_at(request)
        if self.alive():
            return True
        for matrix_job in self._restart_at_end:
            self._start_again(matrix_job)
        busy = bool(self._restart_at_end)
        self._restart_at_end = []
        return busy

    def _kill_at(self, request: Request) -> None:
        """Kill the process whose call is stalled, once the call has reached the planned point."""
        name = request.job or ""
        wanted = None if is_publishing(request) else name
        (kill,) = [one for one in self._kills if one.job == wanted]
        if kill.effect and request.status is None:
            return
        self._handled.add(request.id)
        self._kills.remove(kill)
        process = self._running[name]
        assert process.popen.poll() is None, f"{name} finished before its answer came"
        state = process.kill()
        self.killed.append(name)
        if kill.cleaned_up:
            _clean_up(process.matrix_job, state)
        if kill.immediately:
            self._start_again(process.matrix_job)
        else:
            self._restart_at_end.append(process.matrix_job)

    def _start_again(self, matrix_job: MatrixJob) -> None:
        variables = matrix_job.job.start_step(matrix_job.inputs)
        number = self.killed.count(matrix_job.name)
        self._running[matrix_job.name] = Process.start(matrix_job, variables, number)


def is_publishing(request: Request) -> bool:
    """Return whether a request updates a release, as publishing does."""
    path = re.search(PUBLISHING["path"], request.path)
    return request.method == PUBLISHING["method"] and path is not None


def _clean_up(matrix_job: MatrixJob, state: Mapping[str, str]) -> None:
    """Run the clean-up step, as the runner does at the end of a job whose container was killed."""
    values = {f"STATE_{name}": value for name, value in state.items()}
    post = matrix_job.job.run_program(matrix_job.inputs, values, "post.py")
    assert post.exit_code == 0, post.log
