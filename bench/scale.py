"""`python -m bench scale`: how publishing scales with the number of jobs of a matrix, in virtual time."""

import argparse
import statistics
from collections.abc import Iterator
from dataclasses import replace

from bench.in_process_github import LIMITS
from bench.matrix import FILES, Matrix, Measured, allow_many, measure
from bench.peers import Peer, draft_first, public_at_once, this_program

PEERS: dict[str, Peer] = {
    "this program": this_program,
    "common, draft first": draft_first,
    "common, public at once": public_at_once,
}
JOBS = (8, 64, 250)
"""250 jobs upload the 1000 assets that a release may have; a matrix may have 256 jobs."""

SPREADS = (0.0, 600.0)  # seconds


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    add = parser.add_argument
    add("--jobs", type=int, nargs="+", default=JOBS, help=f"of the matrix, {FILES} files each")
    add("--by", choices=PEERS, nargs="+", default=tuple(PEERS), help="what publishes")
    add("--seed", type=int, default=0, help="of the start times of jobs and of their random waits")
    add("--content-per-hour", type=int, default=LIMITS.content_per_hour, metavar="N",
        help="requests that create something; GitHub documents 500 (default: no limit)")  # fmt: skip
    add("--verbose", action="store_true", help="also print the errors")


def run(options: argparse.Namespace) -> int:
    """Print a table, and return the exit code: 0 if this program published everything."""
    allow_many()
    limits = replace(LIMITS, content_per_hour=options.content_per_hour)
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---|" + "---:|" * (len(COLUMNS) - 1))
    right = True
    for name, matrix in _matrices(options):
        measured = measure(replace(matrix, limits=limits))
        print("| " + " | ".join((name, *_cells(measured))) + " |", flush=True)
        right = right and (measured.is_right or matrix.peer is not this_program)
        if options.verbose:
            for line in _faults(measured):
                print(line)
    return 0 if right else 1


def _matrices(options: argparse.Namespace) -> Iterator[tuple[str, Matrix]]:
    """Yield the name of each publisher and the matrix to measure, for each size and spread."""
    for jobs in options.jobs:
        for spread in SPREADS:
            for name in options.by:
                yield name, Matrix(peer=PEERS[name], jobs=jobs, spread=spread, seed=options.seed)


def _faults(measured: Measured) -> Iterator[str]:
    for number, ended in enumerate(measured.ended):
        yield from (f"    job {number}: {line}" for line in ended.lines if " error: " in line)


COLUMNS = (
    "by",
    "jobs",
    "come within",
    "green",
    "assets",
    "public",
    "drafts left",
    "made public",
    "public in part",
    "calls a job",
    "calls",
    "points",
    "403, 429",
    "waited a job",
    "waited in all",
    "done after",
)


def _cells(measured: Measured) -> tuple[str, ...]:
    matrix = measured.matrix
    waited = [one.waited for one in measured.ended]
    calls = measured.calls
    return (
        str(matrix.jobs),
        _span(matrix.spread) if matrix.spread else "at once",
        f"{sum(one.green for one in measured.ended)}",
        f"{measured.assets} of {matrix.jobs * FILES}",
        str(measured.public),
        str(measured.drafts),
        str(measured.published),
        _span(measured.partial_seconds),
        f"{min(calls)} / {statistics.median(calls):.0f} / {max(calls)}",
        str(sum(calls)),
        str(measured.points),
        str(measured.statuses[403] + measured.statuses[429]),
        f"{_span(statistics.median(waited))}, most {_span(max(waited))}",
        _span(sum(waited)),
        _span(measured.seconds),
    )


def _span(seconds: float) -> str:
    """Return seconds in a readable unit."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
