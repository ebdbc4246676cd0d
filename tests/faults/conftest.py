"""Chooses how many cases are tried, and reports the numbers."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.faults import cases, corrections, interferences, kills, lies
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox

SAMPLES = {"case": 250, "kill": 12, "lie": 400, "interference": 150}


def _all() -> Mapping[str, Sequence[cases.Named]]:
    """Return all cases, by the name of the argument that takes them."""
    return {
        "case": cases.cases(),
        "kill": kills.kills(),
        "lie": lies.lies(),
        "interference": interferences.interferences(),
    }


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize a test with all cases, or with a sample."""
    for name, found in _all().items():
        if name in metafunc.fixturenames:
            wanted = metafunc.config.getoption("--faults") == "all"
            tried = found if wanted else cases.sample(found, SAMPLES[name])
            metafunc.parametrize(name, tried, ids=cases.ids(tried))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Report how many cases exist and how many are tried."""
    counts = {name: len(found) for name, found in _all().items()}
    existing = ", ".join(f"{count} {name}s" for name, count in counts.items())
    if config.getoption("--faults") == "all":
        tried = "all of them"
    else:
        tried = " and ".join(f"{count} {name}s" for name, count in SAMPLES.items())
    corrected = len(list(corrections.corrections()))
    terminalreporter.write_line(
        f"tests/faults has {existing}; tried {tried}; {corrected} corrections"
    )


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that all cases of a process use in turn."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture
def engine(sandbox: Sandbox, directory: Path) -> Engine:
    """The engine in this process, in an empty workspace."""
    shutil.rmtree(directory)
    directory.mkdir()
    return Engine(sandbox, directory)
