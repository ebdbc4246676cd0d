"""`python -m bench`: compares this program with alternatives, on one machine in one run."""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial

from bench import function_calls, planning, scale, start
from bench.machine import describe
from bench.uploads import COLUMNS, compare
from bench.workloads import UPLOADS, Workload

Rows = Callable[[int, bool], Iterator[str]]
"""Returns lines of Markdown, given the number of repeats and whether to run quickly."""


def main(arguments: list[str]) -> int:
    """Print the tables, and return the exit code."""
    if arguments[:1] == ["scale"]:
        parser = argparse.ArgumentParser(prog="python -m bench scale", description=scale.__doc__)
        scale.add_options(parser)
        return scale.run(parser.parse_args(arguments[1:]))
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog=f"Names: {', '.join(MEASURES)}; all of them unless some are given. "
        "`python -m bench scale` simulates up to 250 publishing jobs in virtual time.",
    )
    parser.add_argument("name", nargs="*", help="what to measure")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each (default: 5)")
    parser.add_argument(
        "--quick", action="store_true", help="small workloads, to check that it works"
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.name if name not in MEASURES]:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(MEASURES)}")
    for line in describe():
        print(line, flush=True)
    head: tuple[str, str] | None = None
    for name in options.name or MEASURES:
        lines = MEASURES[name](options.repeats, options.quick)
        before, head = head, (next(lines), next(lines, ""))
        if head != before:
            print("", *head, sep="\n", flush=True)
        for line in lines:
            print(line, flush=True)
    return 0


def uploads(given: Workload, repeats: int, quick: bool) -> Iterator[str]:
    """Yield a table for a workload."""
    yield f"| files | {' | '.join(COLUMNS)} |"
    yield f"|---|---|{'---:|' * (len(COLUMNS) - 1)}"
    workload = given.quick() if quick else given
    for row in compare(workload, 1 if quick else repeats):
        yield f"| {workload.title} | {' | '.join(row)} |"


MEASURES: dict[str, Rows] = {
    **{workload.name: partial(uploads, workload) for workload in UPLOADS},
    "planning": planning.table,
    "start": start.table,
    "calls": function_calls.table,
    "image": start.image,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
