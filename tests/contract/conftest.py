"""Fixtures of the contract tests: the image of the action, and what it is built from."""

import os
from pathlib import Path

import pytest

from tests.support.container import Image, build_image, get_base_image, one_at_a_time


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that all workers of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def base_image() -> str:
    """The Python image that the image of the action is built on."""
    return get_base_image()


@pytest.fixture(scope="session")
def image(base_image: str, machine: Path) -> Image:
    """The image of the action, built from this checkout."""
    with one_at_a_time(machine / "docker.lock"):
        return build_image(base_image)
