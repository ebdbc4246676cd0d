"""What goes wrong with which call of a job, drawn by lot from a seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

SHARE = 0.15  # of the calls that go wrong
MOST = 3  # of one kind in one job, fewer than the tries that each call has


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Calls that can fail in the same ways."""

    match: Mapping[str, str]
    calls: int  # among so many first ones of a job some go wrong
    troubles: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A call at which a process is killed, and when it is run again."""

    job: str | None  # None: whichever job makes the release public first
    skip: int  # calls of the job that come before
    effect: bool  # whether GitHub has done what it was asked
    at_once: bool  # run again beside the others, or when they have ended
    cleaned_up: bool  # whether the runner's clean-up is run between

    @property
    def fault(self) -> dict[str, Any]:
        """Return the fault that holds the call so long."""
        at = "answer" if self.effect else "head"
        match = {"job": self.job, "path": OTHERS} if self.job else PUBLISHING
        return {"do": "stall", "at": at, "seconds": 60, "match": match, "skip": self.skip}


# Kept apart, so that a call which is held says whose end it is.
PUBLISHING = {"origin": "api", "method": "PATCH", "path": r"/releases/\d+$"}
OTHERS = r"^(?!.*/releases/\d+$)"


def _status(status: int, **more: Any) -> dict[str, Any]:
    return {"do": "status", "status": status, **more}


ALWAYS: tuple[Mapping[str, Any], ...] = (
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
NONSENSE = ({"do": "truncate"}, {"do": "garbage"})
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
    Kind(match={"origin": "api", "method": "GET"}, calls=16, troubles=(*ALWAYS, *NONSENSE)),
    Kind(
        match={"origin": "uploads", "method": "POST"},
        calls=8,
        troubles=(*ALWAYS, *NONSENSE, *SENDS),
    ),
    Kind(
        match={"origin": "api", "method": "POST"},
        calls=3,
        troubles=(*ALWAYS, *NONSENSE, *EFFECTS),
    ),
    Kind(
        match={"origin": "api", "method": "PATCH"},
        calls=6,
        troubles=(*ALWAYS, *NONSENSE, *EFFECTS),
    ),
    Kind(match={"origin": "api", "method": "DELETE"}, calls=3, troubles=(*ALWAYS, *EFFECTS)),
)


def faults_of(seed: int, job: str) -> Iterator[dict[str, Any]]:
    """Yield what goes wrong with the calls of a job."""
    lot = Random(f"faults {seed} {job}")
    for kind in KINDS:
        struck = [number for number in range(kind.calls) if lot.random() < SHARE]
        for number in struck[:MOST]:
            match = {**kind.match, "job": job}
            yield {**lot.choice(kind.troubles), "match": match, "skip": number}


def lag_of(seed: int) -> dict[str, Any]:
    """Return settings by which lists are behind: for a time, or for some requests."""
    lot = Random(f"lag {seed}")
    behind = {"lag": lot.uniform(0.2, 2.0)} if seed % 2 else {"lag_requests": lot.randint(1, 3)}
    return {**behind, "lag_covers_ids": lot.random() < 0.5}


def latency_of(seed: int) -> float:
    """Return seconds that are added to every answer, about those of GitHub."""
    return Random(f"latency {seed}").uniform(0.1, 0.5)


def kills_of(seed: int, jobs: list[str]) -> list[Kill]:
    """Return which processes are killed: some of the jobs, and mostly who publishes."""
    lot = Random(f"kills {seed}")
    victims: list[str | None] = [*lot.sample(jobs, max(2, len(jobs) // 6))]
    if lot.random() < 0.75:
        victims.append(None)
    return [
        Kill(
            job=job,
            skip=lot.randrange(8) if job else 0,
            effect=lot.random() < 0.5,
            at_once=lot.random() < 0.5,
            cleaned_up=lot.random() < 0.5,
        )
        for job in victims
    ]
