"""Draws from a seed which calls of a job fail, and how, and which processes are killed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

FAULT_RATE = 0.15  # share of the calls that fail
MAX_FAULTS_PER_KIND = 3  # in one job; fewer than the attempts of each call


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Calls that can fail in the same ways."""

    match: Mapping[str, str]
    calls: int  # how many first calls of a job may fail
    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A call at which a process is killed, and when the process is started again."""

    job: str | None  # None: the first job that publishes the release
    skip: int  # calls of the job before it
    effect: bool  # whether the call has taken effect on GitHub
    immediately: bool  # started again while the others run, or after they have ended
    cleaned_up: bool  # whether the runner's clean-up step runs in between

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault that stalls the call until the process is killed."""
        at = "answer" if self.effect else "head"
        match = {"job": self.job, "path": NOT_PUBLISHING} if self.job else PUBLISHING
        return {"do": "stall", "at": at, "seconds": 60, "match": match, "skip": self.skip}


# Disjoint, so that a stalled call identifies the kill that it belongs to.
PUBLISHING = {"origin": "api", "method": "PATCH", "path": r"/releases/\d+$"}
NOT_PUBLISHING = r"^(?!.*/releases/\d+$)"


def _status(status: int, **more: Any) -> dict[str, Any]:
    return {"do": "status", "status": status, **more}


ANY_CALL: tuple[Mapping[str, Any], ...] = (
    _status(500),
    _status(502),
    _status(503, headers={"Retry-After": "1"}),
    {"do": "reset", "when": "before", "leave": None},
    {"do": "reset", "when": "after", "leave": None},
    {"do": "lose"},
    {"do": "secondary-limit", "status": 403, "retry_after": 1},
    {"do": "secondary-limit", "status": 429, "retry_after": 2},
    {"do": "delay", "seconds": 0.3},
    {"do": "delay", "seconds": 1.5},
)
MALFORMED_ANSWERS = ({"do": "truncate"}, {"do": "garbage"})
EFFECTS = (
    _status(502, effect=True),
    {"do": "reset", "when": "after", "leave": None, "effect": True},
)
SENDS = (
    _status(502, leave="starter"),
    _status(502, leave="uploaded"),
    {"do": "reset", "when": "during", "bytes": 3},
    {"do": "reset", "when": "after", "leave": "starter"},
    {"do": "reset", "when": "after", "leave": "uploaded"},
    {"do": "early", "status": 503, "bytes": 1},
    {"do": "corrupt"},
)
KINDS = (
    Kind(
        match={"origin": "api", "method": "GET"}, calls=16, faults=(*ANY_CALL, *MALFORMED_ANSWERS)
    ),
    Kind(
        match={"origin": "uploads", "method": "POST"},
        calls=8,
        faults=(*ANY_CALL, *MALFORMED_ANSWERS, *SENDS),
    ),
    Kind(
        match={"origin": "api", "method": "POST"},
        calls=3,
        faults=(*ANY_CALL, *MALFORMED_ANSWERS, *EFFECTS),
    ),
    Kind(
        match={"origin": "api", "method": "PATCH"},
        calls=6,
        faults=(*ANY_CALL, *MALFORMED_ANSWERS, *EFFECTS),
    ),
    Kind(match={"origin": "api", "method": "DELETE"}, calls=3, faults=(*ANY_CALL, *EFFECTS)),
)


def faults_of(seed: int, job: str) -> Iterator[dict[str, Any]]:
    """Yield the faults of the calls of a job."""
    rng = Random(f"faults {seed} {job}")
    for kind in KINDS:
        failing = [number for number in range(kind.calls) if rng.random() < FAULT_RATE]
        for number in failing[:MAX_FAULTS_PER_KIND]:
            match = {**kind.match, "job": job}
            yield {**rng.choice(kind.faults), "match": match, "skip": number}


def lag_of(seed: int) -> dict[str, Any]:
    """Return settings that make lists outdated, for some seconds or for some requests."""
    rng = Random(f"lag {seed}")
    lag = {"lag": rng.uniform(0.2, 2.0)} if seed % 2 else {"lag_requests": rng.randint(1, 3)}
    return {**lag, "lag_covers_ids": rng.random() < 0.5}


def latency_of(seed: int) -> float:
    """Return the seconds that are added to every answer, about as many as GitHub takes."""
    return Random(f"latency {seed}").uniform(0.1, 0.5)


def kills_of(seed: int, jobs: list[str]) -> list[Kill]:
    """Return which processes are killed: some jobs, and mostly also the one that publishes."""
    rng = Random(f"kills {seed}")
    victims: list[str | None] = [*rng.sample(jobs, max(2, len(jobs) // 6))]
    if rng.random() < 0.75:
        victims.append(None)
    return [
        Kill(
            job=job,
            skip=rng.randrange(8) if job else 0,
            effect=rng.random() < 0.5,
            immediately=rng.random() < 0.5,
            cleaned_up=rng.random() < 0.5,
        )
        for job in victims
    ]
