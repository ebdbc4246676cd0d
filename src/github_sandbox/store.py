"""The state of the imitated GitHub: repositories, and what is not yet visible."""

import dataclasses
import hashlib
import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from github_sandbox.clock import Clock
from github_sandbox.models import Account, Asset, Commit, Release, Repository


class Visibility:
    """What has been made so lately that lists do not show it.

    Source: https://github.com/cli/cli/issues/6599 (new releases missing from lists for seconds).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[int, float] = {}
        self._lists: dict[int, int] = {}

    def hide(self, item_id: int, *, seconds: float, requests: int) -> None:
        """Hide an object for so long, or from so many lists."""
        if seconds > 0:
            self._until[item_id] = self._clock.elapsed() + seconds
        if requests > 0:
            self._lists[item_id] = requests

    def shows(self, item_id: int) -> bool:
        """Whether a list shows an object; counts as one list."""
        if self._lists.get(item_id, 0) > 0:
            self._lists[item_id] -= 1
            return False
        return self._clock.elapsed() >= self._until.get(item_id, 0.0)


class Store:
    """All repositories. Whoever reads or changes one holds the lock."""

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.visibility = Visibility(clock)
        # By how many items lists begin later than they should, by repository, path and token.
        self.moved_lists: dict[tuple[int, str, str], int] = {}
        self.repositories: dict[str, Repository] = {}  # by full name in lower case
        self._accounts: dict[str, Account] = {}
        # Apart from each other, so that an id taken for another kind's is found out.
        self._repository_ids = itertools.count(446_000_001)
        self._release_ids = itertools.count(210_000_001)
        self._asset_ids = itertools.count(320_000_001)
        self._account_ids = itertools.count(9_000_001)
        self._start = clock.moment() - timedelta(days=1)

    def account(self, login: str, kind: str = "Organization") -> Account:
        """Return the account of this name, made when new."""
        if login.lower() not in self._accounts:
            self._accounts[login.lower()] = Account(
                login=login, id=next(self._account_ids), kind=kind
            )
        return self._accounts[login.lower()]

    def add_repository(self, full_name: str) -> Repository:
        """Make a repository with one commit on its default branch, or return the one there is.

        Raises:
            ValueError: that is no owner and name.
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
        """Return the repository that bears this name now, in whatever case."""
        return self.repositories.get(f"{owner}/{name}".lower())

    def find_renamed(self, owner: str, name: str) -> Repository | None:
        """Return the repository that bore this name before."""
        wanted = f"{owner}/{name}".lower()
        for repository in self.repositories.values():
            if wanted in (old.lower() for old in repository.renamed_from):
                return repository
        return None

    def repository_with_id(self, repository_id: int) -> Repository | None:
        """Return the repository with this id."""
        found = (item for item in self.repositories.values() if item.id == repository_id)
        return next(found, None)

    def next_release_id(self) -> int:
        """Return an id that no release had."""
        return next(self._release_ids)

    def next_asset_id(self) -> int:
        """Return an id that no asset had."""
        return next(self._asset_ids)

    def saved(self) -> Callable[[], None]:
        """Return what puts all repositories back to what they are now.

        The bytes of assets that are deleted meanwhile do not come back.
        """
        copies = {
            name: dataclasses.replace(
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
            for name, repository in self.repositories.items()
        }

        def restore() -> None:
            for name, copy in copies.items():
                for part in dataclasses.fields(copy):
                    setattr(self.repositories[name], part.name, getattr(copy, part.name))

        return restore

    def commit_for_tag(self, repository: Repository, tag: str) -> Commit:
        """Return a commit of its own for a tag; each is a minute younger than the one before."""
        date = self._start + timedelta(minutes=1 + len(repository.tags))
        return new_commit(f"{repository.full_name} {tag}", date)


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
    """Return the latest release: the chosen one, else the newest by the date of its commit.

    Source: https://docs.github.com/en/rest/releases/releases#get-the-latest-release
    """
    full = [item for item in repository.releases.values() if not item.draft and not item.prerelease]
    chosen = [item for item in full if item.id == repository.latest_id]
    return next(iter(chosen), None) or max(full, key=order_of_list, default=None)


def find_asset_named(
    repository: Repository, release_id: int, name: str, *, case_sensitive: bool
) -> Asset | None:
    """Return the asset whose name is in the way of this one."""
    for asset in repository.assets_of(release_id):
        if asset.name == name or (not case_sensitive and asset.name.lower() == name.lower()):
            return asset
    return None
