"""A GitHub in this process, on virtual time, and what jobs have left on it."""

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

# Round numbers for a small file and a runner in the same country; waits, not these, decide.
LATENCY_SECONDS = 0.1  # for the answer to come back
WORK_SECONDS = 0.1  # until a request has come and takes effect
UPLOAD_SECONDS = 1.0  # the same, for an upload


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubHere:
    """A repository with a tag."""

    sandbox: Sandbox
    tokens: tuple[str, ...]  # one for each job; they have one limit in common, as GitHub has it

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return self.sandbox.origins.api_url

    def requests(self) -> list[dict[str, Any]]:
        """Return all requests, in the order in which they came."""
        return self.sandbox.world.journal.as_json()

    def releases(self) -> list[Release]:
        """Return the releases of the tag: the public one first, then the drafts by age."""
        found = [one for one in self._repository.releases.values() if one.tag_name == TAG]
        return sorted(found, key=lambda one: (one.draft, one.id))

    def assets(self) -> list[Asset]:
        """Return what stands complete on the first of them."""
        there = [self._repository.assets_of(one.id) for one in self.releases()[:1]]
        return [asset for assets in there for asset in assets if asset.state == "uploaded"]

    def events(self) -> Counter[str]:
        """Return how often a release was published or deleted, or an asset deleted."""
        return Counter(str(event.what) for event in self._repository.history)

    @property
    def _repository(self) -> Repository:
        return self.sandbox.world.store.repositories[REPOSITORY]


@contextmanager
def github_here(time: VirtualTime, jobs: int, limits: Limits = LIMITS) -> Iterator[GitHubHere]:
    """Run a GitHub, with a token for each of so many jobs, as long as it is needed."""
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
        # Whatever proxy this machine goes through: the way is not so long.
        stack.enter_context(patch.dict(os.environ, {"NO_PROXY": "*", "no_proxy": "*"}))
        sockets = listen("127.0.0.1", 0, "github.com")
        ports = {origin: one.getsockname()[1] for origin, one in sockets.items()}
        where = origins("github.com", "http", "127.0.0.1", ports)
        sandbox = Sandbox(where, settings, [seed], None, clock)
        stack.callback(sandbox.close)
        server = Server(sandbox, sockets, None)
        server.start()
        stack.callback(server.stop)
        yield GitHubHere(sandbox=sandbox, tokens=tuple(tokens.values()))


def name_of(number: int) -> str:
    """Return the name of a job, by which the log of requests knows it."""
    return f"job {number}"
