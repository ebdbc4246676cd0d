"""The state that a reset replaces: repositories, tokens, settings, faults and the log."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from github_sandbox.armed_faults import ArmedFaults
from github_sandbox.clock import Clock
from github_sandbox.content import ContentStore
from github_sandbox.expiry import Expiries
from github_sandbox.journal import Journal
from github_sandbox.limits import RateLimits
from github_sandbox.models import Account, Identity, Level, Repository
from github_sandbox.origins import Origins
from github_sandbox.settings import Settings
from github_sandbox.store import Store

LEVELS: dict[str, Level] = {"write": "write", "read": "read", "none": "none", "admin": "admin"}
GITHUB_BOT = Account(login="github-actions[bot]", id=41898282, kind="Bot")
MONALISA = Account(login="monalisa", id=6_000_001, kind="User")
HUBOT = Account(login="hubot", id=6_000_002, kind="User")


def new_tokens() -> dict[str, str]:
    """Return a token for each level, in GitHub's formats."""
    return {
        "write": f"ghs_{_random(36)}",
        "read": f"ghs_{_random(36)}",
        "none": f"ghp_{_random(36)}",
        "admin": f"ghp_{_random(36)}",
    }


@dataclass(slots=True, kw_only=True)
class World:
    """The state that requests read and change; a reset replaces it."""

    origins: Origins
    tokens: dict[str, str]  # level -> token
    jobs: dict[str, str]  # name of a job -> its token, which may write
    settings: Settings
    store: Store
    contents: ContentStore
    faults: ArmedFaults
    journal: Journal
    limits: RateLimits
    signing_key: bytes
    clock: Clock
    expiries: Expiries

    def identity(self, token: str, repository: Repository | None) -> Identity | None:
        """Return the identity of a token, or None for an unknown token."""
        levels = (*self.tokens.items(), *(("write", job) for job in self.jobs.values()))
        for name, known in levels:
            if secrets.compare_digest(known.encode(), token.encode()):
                return self._identity_with(LEVELS[name], repository)
        return None

    def _identity_with(self, level: Level, repository: Repository | None) -> Identity:
        """Return an identity; GITHUB_TOKEN has one rate limit for all jobs of a repository.

        repository: of the request; without one, the first repository counts.
        """
        if level == "admin":
            return Identity(account=MONALISA, level=level, integration=False, key=level)
        if level == "none":
            return Identity(account=HUBOT, level=level, integration=False, key=level)
        first = next(iter(list(self.store.repositories.values())), None)
        home = repository or first
        key = f"{level} {home.id if home else 0}"
        return Identity(account=GITHUB_BOT, level=level, integration=True, key=key)

    def job_of(self, token: str | None) -> str | None:
        """Return the name of the job of a token, or None."""
        found = (name for name, known in self.jobs.items() if known == token)
        return next(found, None)


def new_world(
    origins: Origins, tokens: dict[str, str], settings: Settings, folder: Path, clock: Clock
) -> World:
    """Return a world without repositories; folder: where contents are stored."""
    return World(
        origins=origins,
        tokens=dict(tokens),
        jobs={},
        settings=settings,
        store=Store(clock),
        contents=ContentStore(folder),
        faults=ArmedFaults(),
        journal=Journal(),
        limits=RateLimits(origins.flavour, clock),
        signing_key=secrets.token_bytes(32),
        clock=clock,
        expiries=Expiries(clock),
    )


def _random(length: int) -> str:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(secrets.choice(letters) for _ in range(length))
