"""What every test shares: the sandbox, and a guard that lets nobody out of this machine."""

import ipaddress
import os
import sys
from collections.abc import Generator
from typing import Any

import pytest

import tests.support.laws  # noqa: F401 - loading it sets hypothesis up

pytest_plugins = ["tests.support.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let it be chosen how many cases of tests/faults and tests/matrix are tried."""
    parser.addoption("--faults", choices=("sample", "all"), default="sample")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be skipped where REQUIRE_ALL=1 says that all it needs must be there."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{reason}, and REQUIRE_ALL=1"
    return report


class BeyondLoopbackError(Exception):
    """A test tried to reach another machine."""


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str) or host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to connect to, or to look up, anything but this machine."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        raise BeyondLoopbackError(f"{event} to {host!r}: tests reach loopback only")


sys.addaudithook(_guard)
