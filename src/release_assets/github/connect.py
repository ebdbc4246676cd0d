"""Builds the API client."""

from collections.abc import Mapping
from pathlib import Path

from release_assets.clock import Clock
from release_assets.github.client import GitHub
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.tls import create_context
from release_assets.github.limiter import Limiter
from release_assets.github.session import TIMEOUTS, Session
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
    session = Session(
        api_url=access.api_url,
        token=access.token,
        clock=clock,
        limiter=limiter,
        log=reporter.line,
        debug=reporter.debug,
        max_attempts=access.max_attempts,
        stop=stop,
        timeouts=timeouts,
        tls=create_context(access.ca_bundle, Path(access.workspace), environment),
    )
    return GitHub(session, access.repository)
