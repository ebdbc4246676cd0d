"""Fixtures that all tests share, and a guard that blocks connections to other machines."""

import ipaddress
import os
import sys
from collections.abc import Generator
from typing import Any

import pytest

import tests.support.laws  # noqa: F401 - loading it sets hypothesis up

pytest_plugins = ["tests.support.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that select how many faults are tried, and that write the messages anew."""
    parser.addoption("--faults", choices=("sample", "all"), default="sample")
    parser.addoption("--update-messages", action="store_true")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn every skipped test into a failure if REQUIRE_ALL=1."""
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
    """Raise an error for a connection or name lookup beyond loopback."""
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
