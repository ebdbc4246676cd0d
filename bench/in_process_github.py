"""The sandbox in this process, on virtual time, and what jobs left on it."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from bench.virtual_time import VirtualTime
from github_sandbox.clock import Clock
from github_sandbox.models import Asset, Release, Repository
from github_sandbox.origins import origins
from github_sandbox.sandbox import Sandbox
from github_sandbox.server import Server, listen
from github_sandbox.settings import Limits, Settings

REPOSITORY = "octo-org/app"
TAG = "v1"

NO_LIMIT = 1_000_000

LIMITS = Limits(
    enforce=True,
    primary=1000,  # an hour, for all jobs of a repository
    content_per_minute=80,
    content_per_hour=NO_LIMIT,  # documented as 500, but larger releases are known to go through
    points_per_minute=900,
    concurrent=100,
)
"""What GitHub documents for GITHUB_TOKEN.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

# Round numbers for a small file and a nearby runner; waiting times matter more than these.
LATENCY_SECONDS = 0.1  # of an answer
WORK_SECONDS = 0.1  # until a request takes effect
UPLOAD_SECONDS = 1.0  # the same, for an upload


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcessGitHub:
    """A sandbox that holds a repository with a tag."""

    sandbox: Sandbox
    tokens: tuple[str, ...]  # one for each job; they share one rate limit, as on GitHub

    @property
    def api_url(self) -> str:
        """The URL of the API."""
        return self.sandbox.origins.api_url

    def requests(self) -> list[dict[str, Any]]:
        """Return all requests, in the order of arrival."""
        return self.sandbox.world.journal.as_json()

    def releases(self) -> list[Release]:
        """Return the releases of the tag: the public one first, then the drafts by age."""
        found = [one for one in self._repository.releases.values() if one.tag_name == TAG]
        return sorted(found, key=lambda one: (one.draft, one.id))

    def assets(self) -> list[Asset]:
        """Return the complete assets of the first of `releases`."""
        there = [self._repository.assets_of(one.id) for one in self.releases()[:1]]
        return [asset for assets in there for asset in assets if asset.state == "uploaded"]

    def events(self) -> Counter[str]:
        """Return how often a release was published or deleted, or an asset deleted."""
        return Counter(str(event.what) for event in self._repository.history)

    @property
    def _repository(self) -> Repository:
        return self.sandbox.world.store.repositories[REPOSITORY]


@contextmanager
def in_process_github(
    time: VirtualTime, jobs: int, limits: Limits = LIMITS
) -> Iterator[InProcessGitHub]:
    """Run a sandbox with a token for each of `jobs` jobs, while the block runs."""
    tokens = {name_of(number): f"ghs_{number:036}" for number in range(jobs)}
    seed = {"jobs": tokens, "repositories": [{"name": REPOSITORY, "tags": [TAG]}]}
    settings = Settings(
        keep_bytes=False,
        latency=LATENCY_SECONDS,
        work=WORK_SECONDS,
        upload_work=UPLOAD_SECONDS,
        limits=limits,
    )
    clock = Clock(now=time.now, elapsed=time.now, sleep=time.sleep)
    with ExitStack() as stack:
        # Connect directly, even if the machine uses a proxy.
        stack.enter_context(patch.dict(os.environ, {"NO_PROXY": "*", "no_proxy": "*"}))
        sockets = listen("127.0.0.1", 0, "github.com")
        ports = {origin: one.getsockname()[1] for origin, one in sockets.items()}
        where = origins("github.com", "http", "127.0.0.1", ports)
        sandbox = Sandbox(where, settings, [seed], None, clock)
        stack.callback(sandbox.close)
        server = Server(sandbox, sockets, None)
        server.start()
        stack.callback(server.stop)
        yield InProcessGitHub(sandbox=sandbox, tokens=tuple(tokens.values()))


def name_of(number: int) -> str:
    """Return the name of a job in the log of requests."""
    return f"job {number}"
