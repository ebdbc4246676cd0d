"""Builds the API client."""

from collections.abc import Mapping
from pathlib import Path

from release_assets.clock import Clock
from release_assets.github.client import GitHub
from release_assets.github.http.exchange import ApiAccess
from release_assets.github.http.timeouts import TIMEOUTS, Timeouts
from release_assets.github.http.tls import create_context
from release_assets.github.limiter import Limiter
from release_assets.github.session import Session
from release_assets.inputs import Access
from release_assets.reporter import Reporter
from release_assets.stop import Stop


def connect_github(
    access: Access,
    environment: Mapping[str, str],
    reporter: Reporter,
    stop: Stop,
    clock: Clock | None = None,
    timeouts: Timeouts = TIMEOUTS,
) -> GitHub:
    """Return a client for a repository; send no request yet.

    Raises: InputError when `ca-bundle` holds no certificates.
    """
    clock = clock or Clock(sleep=stop.sleep)
    limiter = Limiter(clock, reporter.line, stop, access.concurrency)
    tls = create_context(access.ca_bundle, Path(access.workspace), environment)
    api = ApiAccess(url=access.api_url, token=access.token, timeouts=timeouts, tls=tls)
    session = Session(api, clock, limiter, reporter, access.max_attempts, stop)
    return GitHub(session, access.repository)
