"""How many of the cases are tried, and a word on that."""

import shutil
from pathlib import Path

import pytest

from tests.faults import kills, matrix
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox

SAMPLES = {"case": 250, "kill": 12}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test all cases, or some."""
    for name, found in (("case", matrix.cases()), ("kill", kills.kills())):
        if name in metafunc.fixturenames:
            wanted = metafunc.config.getoption("--faults") == "all"
            tried = found if wanted else matrix.sample(found, SAMPLES[name])
            metafunc.parametrize(name, tried, ids=matrix.ids(tried))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many cases there are."""
    faults, killed = len(matrix.cases()), len(kills.kills())
    if config.getoption("--faults") != "all":
        tried = f"{SAMPLES['case']} and {SAMPLES['kill']} of them"
    else:
        tried = "all of them"
    terminalreporter.write_line(f"{faults} faults at calls and {killed} kills; tried {tried}")


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all cases of a process have their files, one after the other."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture
def engine(sandbox: Sandbox, directory: Path) -> Engine:
    """The engine in this process, in an empty workspace."""
    shutil.rmtree(directory / "dist", ignore_errors=True)
    return Engine(sandbox, directory)
