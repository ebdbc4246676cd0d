"""Chooses the trials, and prints a table of the calls and times that they took."""

from collections import defaultdict
from statistics import median

import pytest

from tests.matrix.variants import SAMPLE, Trial, trials

MEASURED = ("job's calls", "all calls", "points", "publishing", "job's seconds", "all seconds")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add options for more or larger trials."""
    parser.addoption("--seeds", type=int, help="seeds of each variant")
    parser.addoption("--jobs", type=int, help="processes of each variant")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test with all trials, or with a small one."""
    if "trial" not in metafunc.fixturenames:
        return
    tried = [Trial(variant=SAMPLE, seed=0)]
    if metafunc.config.getoption("--faults") == "all":
        seeds = metafunc.config.getoption("--seeds", None)
        tried = [*trials(seeds, metafunc.config.getoption("--jobs", None))]
    metafunc.parametrize("trial", tried, ids=[trial.id for trial in tried])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of what the trials took."""
    found: dict[str, list[dict[str, list[float]]]] = defaultdict(list)
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name.startswith("matrix "):
                found[name.removeprefix("matrix ")].append(value)
    if not found:
        return
    rows = [
        ("variant", "jobs", "seeds", *MEASURED),
        *(_row(name, measured) for name, measured in found.items()),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line("  ".join(cells).rstrip())


def _row(name: str, measured: list[dict[str, list[float]]]) -> tuple[str, ...]:
    """Return one line of the table: smallest / median / largest of each measure."""

    def spread(what: str) -> str:
        values = [value for one in measured for value in one[what]]
        return " / ".join(f"{value:.0f}" for value in (min(values), median(values), max(values)))

    jobs = len(measured[0]["job's calls"])
    return (name, str(jobs), str(len(measured)), *(spread(what) for what in MEASURED))
