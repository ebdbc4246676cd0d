"""Measures jobs that publish to one tag at the same time, in virtual time."""

import random
import resource
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.in_process_github import LIMITS, InProcessGitHub, in_process_github, name_of
from bench.peers import Peer, Step
from bench.virtual_time import VirtualTime
from github_sandbox.settings import Limits

FILES = 4  # of each job
NOON = 1_800_000_000.0  # seconds since the epoch; an arbitrary start


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Jobs that publish to one tag."""

    peer: Peer
    jobs: int
    spread: float = 0.0  # seconds over which the starts of their steps are spread
    seed: int = 0
    limits: Limits = LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a job ended."""

    green: bool
    at: float  # seconds since the epoch
    waited: float  # seconds of waiting
    lines: tuple[str, ...]  # what it reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The measurements of a matrix."""

    matrix: Matrix
    ended: tuple[Ended, ...]
    calls: tuple[int, ...]  # of each job
    statuses: Counter[int]
    points: int
    seconds: float  # until the last step ended
    public: int  # releases of the tag
    drafts: int
    assets: int  # complete, on the public one or else the oldest draft
    published: int  # times
    partial_seconds: float  # for which the release was public but incomplete

    @property
    def is_right(self) -> bool:
        """Whether there is one release, published once, with every asset."""
        expected = (1, 0, 1, self.matrix.jobs * FILES)
        found = (self.public, self.drafts, self.published, self.assets)
        whole = found == expected and not self.partial_seconds
        return whole and all(one.green for one in self.ended)


def measure(matrix: Matrix) -> Measured:
    """Run all jobs of a matrix to their end, and return the measurements."""
    time = VirtualTime(NOON)
    with (
        tempfile.TemporaryDirectory() as directory,
        in_process_github(time, matrix.jobs, matrix.limits) as github,
    ):
        steps = list(_steps(matrix, github, time, Path(directory)))
        ended = time.run(partial(_all, matrix, steps))
        return _measured(matrix, github, ended)


def allow_many() -> None:
    """Raise the limits of this process to the sockets and threads that hundreds of jobs need."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    threading.stack_size(1024 * 1024)


def _steps(
    matrix: Matrix, github: InProcessGitHub, time: VirtualTime, directory: Path
) -> Iterator[Step]:
    """Yield the step of each job, with its files written."""
    names = [
        [f"app-{number:03}-{letter}.bin" for letter in "abcdefgh"[:FILES]]
        for number in range(matrix.jobs)
    ]
    for number, token in enumerate(github.tokens):
        workspace = directory / str(number)
        workspace.mkdir()
        for name in names[number]:
            (workspace / name).write_bytes(name.encode() * 64)
        yield Step(
            api_url=github.api_url,
            token=token,
            directory=workspace,
            expected=[name for own in names for name in own],
            time=time,
            chance=random.Random(f"{matrix.seed} {number}"),
        )


def _all(matrix: Matrix, steps: Sequence[Step]) -> tuple[Ended, ...]:
    """Run all steps, each from its start time, and return how they ended."""
    starts = random.Random(matrix.seed)
    # No two jobs start at the same moment.
    delays = [starts.random() * max(matrix.spread, 1.0) for _ in steps]

    def one(step: Step, delay: float) -> Ended:
        step.time.sleep(delay)
        green = matrix.peer(step)
        waited = _covered(step.sleeps)
        return Ended(green=green, at=step.time.now(), waited=waited, lines=tuple(step.lines))

    with ThreadPoolExecutor(len(steps)) as pool:
        return tuple(pool.map(one, steps, delays))


def _covered(sleeps: Iterable[tuple[float, float]]) -> float:
    """Return the seconds in which at least one thread slept."""
    seconds, until = 0.0, 0.0
    for began, ended in sorted(sleeps):
        seconds += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return seconds


def _measured(matrix: Matrix, github: InProcessGitHub, ended: tuple[Ended, ...]) -> Measured:
    requests = github.requests()
    calls = Counter(request["job"] for request in requests)
    releases = github.releases()
    return Measured(
        matrix=matrix,
        ended=ended,
        calls=tuple(calls[name_of(number)] for number in range(matrix.jobs)),
        statuses=Counter(request["status"] for request in requests),
        points=sum(request["points"] for request in requests),
        seconds=max(one.at for one in ended) - NOON,
        public=sum(not one.draft for one in releases),
        drafts=sum(one.draft for one in releases),
        assets=len(github.assets()),
        published=github.events()["published"],
        partial_seconds=_partial_seconds(github),
    )


def _partial_seconds(github: InProcessGitHub) -> float:
    """Return for how long the release was public before its last asset; 0 if it was not."""
    since = next((one.published_at for one in github.releases()), None)
    last = max((one.updated_at for one in github.assets()), default=None)
    if since is None or last is None:
        return 0.0
    return max(0.0, (last - since).total_seconds())
