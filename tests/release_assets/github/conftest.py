"""A certificate, and the routes to a server that the tests of the transport share."""

from pathlib import Path

import pytest

from tests.support.certificate import make_certificate
from tests.support.routes import Route, make_routes


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def routes(certificate: tuple[Path, Path]) -> dict[str, Route]:
    return make_routes(certificate)


@pytest.fixture
def tls(routes: dict[str, Route]) -> Route:
    return routes["TLS"]
