"""Fixtures for tests against the sandbox."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.engine import Engine
from tests.support.job import Job
from tests.support.sandbox import Sandbox

FLAVOURS = ("github.com", "ghe.com", "ghes")


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    """One sandbox for the whole run: github.com's flavour, an empty octo-org/app with tag v1."""
    with Sandbox.start("--tag", "v1") as started:
        yield started


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    """The shared sandbox as it was at its start."""
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def sandbox_with() -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes with other options; all are stopped after the test."""
    started: list[Sandbox] = []

    def start(*options: str) -> Sandbox:
        started.append(Sandbox.start(*options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def job(sandbox: Sandbox, tmp_path: Path) -> Job:
    """A job for the pushed tag v1 of the sandbox's repository."""
    return Job.at(tmp_path / "runner", sandbox)


@pytest.fixture
def engine(sandbox: Sandbox, tmp_path: Path) -> Engine:
    """The engine in this process, in an empty workspace."""
    return Engine(sandbox, tmp_path)


@pytest.fixture(params=FLAVOURS, scope="session")
def flavoured_sandbox_process(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """One sandbox of each flavour for the whole run."""
    with Sandbox.start("--tag", "v1", "--flavour", request.param) as started:
        yield started


@pytest.fixture
def flavoured_sandbox(flavoured_sandbox_process: Sandbox) -> Sandbox:
    """A sandbox of each flavour in turn, as it was at its start."""
    flavoured_sandbox_process.reset()
    return flavoured_sandbox_process
