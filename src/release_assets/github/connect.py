"""Build the API client from the inputs."""

from collections.abc import Mapping
from pathlib import Path

from release_assets.clock import Clock
from release_assets.github.client import GitHub
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.tls import create_context
from release_assets.github.limiter import Limiter
from release_assets.github.session import TIMEOUTS, Session
from release_assets.inputs import Inputs
from release_assets.reporter import Reporter
from release_assets.stop import Stop


def connect_github(
    inputs: Inputs,
    environment: Mapping[str, str],
    reporter: Reporter,
    stop: Stop,
    clock: Clock | None = None,
    timeouts: Timeouts = TIMEOUTS,
) -> GitHub:
    """Return a client for the repository of the inputs; send no request yet.

    Raises: InputError when `ca-bundle` holds no certificates.
    """
    clock = clock or Clock(sleep=stop.sleep)
    limiter = Limiter(clock, reporter.line, stop, inputs.concurrency)
    session = Session(
        api_url=inputs.api_url,
        token=inputs.token,
        clock=clock,
        limiter=limiter,
        log=reporter.line,
        debug=reporter.debug,
        max_attempts=inputs.max_attempts,
        stop=stop,
        timeouts=timeouts,
        tls=create_context(inputs.ca_bundle, Path(inputs.workspace), environment),
    )
    return GitHub(session, inputs.repository)
