"""Everything that one start, or one reset, begins with anew."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from github_sandbox.clock import Clock
from github_sandbox.content import ContentStore
from github_sandbox.expiry import Expiries
from github_sandbox.faults import Faults
from github_sandbox.journal import Journal
from github_sandbox.limits import RateLimits
from github_sandbox.models import Account, Identity, Level, Repository
from github_sandbox.origins import Origins
from github_sandbox.settings import Settings
from github_sandbox.store import Store

LEVELS: dict[str, Level] = {"write": "write", "read": "read", "none": "none", "admin": "admin"}
BOT = Account(login="github-actions[bot]", id=41898282, kind="Bot")
ADMIN = Account(login="monalisa", id=6_000_001, kind="User")
STRANGER = Account(login="hubot", id=6_000_002, kind="User")


def new_tokens() -> dict[str, str]:
    """Return a token for each level, of GitHub's shapes."""
    return {
        "write": f"ghs_{_random(36)}",
        "read": f"ghs_{_random(36)}",
        "none": f"ghp_{_random(36)}",
        "admin": f"ghp_{_random(36)}",
    }


@dataclass(slots=True, kw_only=True)
class World:
    """The state that requests see; a reset puts another one in its place."""

    origins: Origins
    tokens: dict[str, str]  # token by level
    jobs: dict[str, str]  # tokens that write, of jobs with a name: GitHub gives each its own
    settings: Settings
    store: Store
    contents: ContentStore
    faults: Faults
    journal: Journal
    limits: RateLimits
    signing_key: bytes
    clock: Clock
    expiries: Expiries

    def identity(self, token: str, repository: Repository | None) -> Identity | None:
        """Return who a token speaks for, or None for one that nobody gave out."""
        # All jobs of a repository have one limit.
        own = (("write", job) for job in self.jobs.values())
        for name, known in (*self.tokens.items(), *own):
            if not secrets.compare_digest(known.encode(), token.encode()):
                continue
            level = LEVELS[name]
            if level == "admin":
                return Identity(account=ADMIN, level=level, integration=False, key=name)
            if level == "none":
                return Identity(account=STRANGER, level=level, integration=False, key=name)
            # GITHUB_TOKEN has a limit of its own in each repository. Where a request names none, it
            # is that of the first one, as if the token were given out there.
            first = next(iter(list(self.store.repositories.values())), None)
            home = repository or first
            key = f"{name} {home.id if home else 0}"
            return Identity(account=BOT, level=level, integration=True, key=key)
        return None

    def job_of(self, token: str | None) -> str | None:
        """Return the name of the job that a token was given to, or None."""
        found = (name for name, known in self.jobs.items() if known == token)
        return next(found, None)


def new_world(
    origins: Origins, tokens: dict[str, str], settings: Settings, folder: Path, clock: Clock
) -> World:
    """Return a world without repositories."""
    return World(
        origins=origins,
        tokens=dict(tokens),
        jobs={},
        settings=settings,
        store=Store(clock),
        contents=ContentStore(folder),
        faults=Faults(),
        journal=Journal(),
        limits=RateLimits(origins.flavour, clock),
        signing_key=secrets.token_bytes(32),
        clock=clock,
        expiries=Expiries(clock),
    )


def _random(length: int) -> str:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(secrets.choice(letters) for _ in range(length))
