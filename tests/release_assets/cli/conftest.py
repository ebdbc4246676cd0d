"""Fixtures for the tests of commands."""

from pathlib import Path

import pytest

from tests.support.cli import Run, run
from tests.support.sandbox import Sandbox


@pytest.fixture
def cli(sandbox: Sandbox, tmp_path: Path) -> Run:
    """The command line in an empty directory, against the sandbox."""
    return run(sandbox, tmp_path)


@pytest.fixture
def bare(tmp_path: Path) -> Run:
    """The command line with an empty environment."""
    return Run(directory=tmp_path, variables={})
