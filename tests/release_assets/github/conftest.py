"""A certificate, and the ways to a server that the tests of the transport share."""

from pathlib import Path

import pytest

from tests.support.certificate import make_certificate
from tests.support.lanes import Lane, make_lanes


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def lanes(certificate: tuple[Path, Path]) -> dict[str, Lane]:
    return make_lanes(certificate)


@pytest.fixture
def tls(lanes: dict[str, Lane]) -> Lane:
    return lanes["TLS"]
