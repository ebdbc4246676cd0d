"""The state of the sandbox: accounts and repositories."""

import dataclasses
import hashlib
import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from github_sandbox.clock import Clock
from github_sandbox.models import Account, Asset, Commit, Release, Repository
from github_sandbox.visibility import Visibility


class Store:
    """All repositories. Hold the lock to read or change one."""

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.visibility = Visibility(clock)
        # By repository, path and authorization: how many items later than usual a list begins.
        self.list_offsets: dict[tuple[int, str, str | None], int] = {}
        self.repositories: dict[str, Repository] = {}  # by full name in lower case
        self._accounts: dict[str, Account] = {}
        # In different ranges, so that an id of one kind is never an id of another kind.
        self._repository_ids = itertools.count(446_000_001)
        self._release_ids = itertools.count(210_000_001)
        self._asset_ids = itertools.count(320_000_001)
        self._account_ids = itertools.count(9_000_001)
        self._start = clock.moment() - timedelta(days=1)

    def account(self, login: str, kind: str = "Organization") -> Account:
        """Return the account with this name; create it if it is new."""
        if login.lower() not in self._accounts:
            self._accounts[login.lower()] = Account(
                login=login, id=next(self._account_ids), kind=kind
            )
        return self._accounts[login.lower()]

    def add_repository(self, full_name: str) -> Repository:
        """Create a repository with one commit on its default branch, or return the existing one.

        Raises:
            ValueError: full_name is not OWNER/NAME.
        """
        owner, slash, name = full_name.partition("/")
        if not owner or not slash or not name or "/" in name:
            raise ValueError(f"a repository is OWNER/NAME, not {full_name!r}")
        if found := self.repositories.get(full_name.lower()):
            return found
        repository = Repository(id=next(self._repository_ids), owner=self.account(owner), name=name)
        head = new_commit(f"{full_name} main", self._start)
        repository.branches["main"] = head
        repository.commits[head.sha] = head
        self.repositories[full_name.lower()] = repository
        return repository

    def find_repository(self, owner: str, name: str) -> Repository | None:
        """Return the repository with this name, in any case."""
        return self.repositories.get(f"{owner}/{name}".lower())

    def find_renamed(self, owner: str, name: str) -> Repository | None:
        """Return the repository that had this name before."""
        wanted = f"{owner}/{name}".lower()
        for repository in self.repositories.values():
            if wanted in (old.lower() for old in repository.renamed_from):
                return repository
        return None

    def find_repository_by_id(self, repository_id: int) -> Repository | None:
        """Return the repository with this id."""
        found = (item for item in self.repositories.values() if item.id == repository_id)
        return next(found, None)

    def next_release_id(self) -> int:
        """Return a new id for a release."""
        return next(self._release_ids)

    def next_asset_id(self) -> int:
        """Return a new id for an asset."""
        return next(self._asset_ids)

    def save(self) -> Callable[[], None]:
        """Return a function that restores the present state of all repositories.

        It does not restore the bytes of assets that are deleted meanwhile.
        """
        copies = {name: _copy(repository) for name, repository in self.repositories.items()}

        def restore() -> None:
            for name, copy in copies.items():
                for field in dataclasses.fields(copy):
                    setattr(self.repositories[name], field.name, getattr(copy, field.name))

        return restore

    def commit_for_tag(self, repository: Repository, tag: str) -> Commit:
        """Return a new commit for a tag, a minute newer than that of the tag before."""
        date = self._start + timedelta(minutes=1 + len(repository.tags))
        return new_commit(f"{repository.full_name} {tag}", date)


def _copy(repository: Repository) -> Repository:
    """Return a copy with collections of its own."""
    return dataclasses.replace(
        repository,
        branches=dict(repository.branches),
        commits=dict(repository.commits),
        tags=dict(repository.tags),
        references=dict(repository.references),
        burned_tags=set(repository.burned_tags),
        releases=dict(repository.releases),
        assets={key: dict(assets) for key, assets in repository.assets.items()},
        history=list(repository.history),
    )


def new_commit(seed: str, date: datetime, *, changes_workflows: bool = False) -> Commit:
    """Return a commit; the same seed gives the same sha."""
    sha = hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest()
    return Commit(sha=sha, date=date, changes_workflows=changes_workflows)


def find_release(repository: Repository, tag: str) -> Release | None:
    """Return the published release of a tag."""
    found = (
        item for item in repository.releases.values() if not item.draft and item.tag_name == tag
    )
    return next(found, None)


def order_of_list(release: Release) -> tuple[datetime, int]:
    """Return the key by which lists of releases are sorted, in reverse."""
    return release.created_at, release.id


def find_latest(repository: Repository) -> Release | None:
    """Return the latest release: the one of make_latest, otherwise the one with the newest commit.

    Source: https://docs.github.com/en/rest/releases/releases#get-the-latest-release
    """
    full = [item for item in repository.releases.values() if not item.draft and not item.prerelease]
    chosen = [item for item in full if item.id == repository.latest_id]
    return next(iter(chosen), None) or max(full, key=order_of_list, default=None)


def find_asset_named(
    repository: Repository, release_id: int, name: str, *, case_sensitive: bool
) -> Asset | None:
    """Return the asset of a release that already has a name."""
    for asset in repository.assets_of(release_id):
        if asset.name == name or (not case_sensitive and asset.name.lower() == name.lower()):
            return asset
    return None
