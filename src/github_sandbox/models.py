"""Every noun of the sandbox: accounts, commits, releases, assets, repositories. Pure."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from github_sandbox.content import Content

Flavour = Literal["github.com", "ghe.com", "ghes"]
What = Literal["published", "unpublished", "release deleted", "asset deleted", "interference"]
Origin = Literal["api", "uploads", "storage", "web", "control"]
Level = Literal["none", "read", "write", "admin"]

ORDER_OF_LEVELS: tuple[Level, ...] = ("none", "read", "write", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who owns repositories or makes releases."""

    login: str
    id: int
    kind: str  # "User", "Organization" or "Bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a token speaks for, and what it may do."""

    account: Account
    level: Level
    integration: bool  # GITHUB_TOKEN and apps: refused with 403, where a person's token gets 404
    key: str  # the rate limit it counts against


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit, as far as releases care."""

    sha: str
    date: datetime
    changes_workflows: bool = False  # against the default branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file on a release."""

    id: int
    release_id: int
    name: str
    label: str | None  # "" when an upload gave none, None for uploads by the web page
    state: str  # "starter" until its bytes are stored, then "uploaded"
    content_type: str
    size: int  # bytes; of a starter, the length that was announced
    digest: str | None
    content: Content | None  # None while nothing is stored
    download_count: int
    created_at: datetime
    updated_at: datetime
    uploader: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release, draft or published; its assets are with the repository."""

    id: int
    tag_name: str
    target_commitish: str
    name: str | None
    body: str | None
    draft: bool
    prerelease: bool
    immutable: bool
    created_at: datetime  # the date of the commit, not of the release
    published_at: datetime | None
    updated_at: datetime
    author: Account
    slug: str  # "untagged-<20 hex>": stands for the tag in the URLs of a draft
    discussion: str | None = None  # the category of its discussion


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What can not be told from the state afterwards."""

    what: What
    release_id: int
    name: str  # of the asset, else the release's tag
    state: str | None = None  # of the asset; of an interference, what came of it
    complete: int | None = None  # assets that a published release had then
    job: str | None = None  # whose token did it; "another party" for an interference


@dataclass(slots=True, kw_only=True)
class Repository:
    """A repository's state; only the store and what runs under its lock change it."""

    id: int
    owner: Account
    name: str
    private: bool = False
    archived: bool = False  # read only
    saml: bool = False  # the owner lets in only personal tokens that went through SAML SSO: none
    ip_allow_list: bool = False  # the owner lets in no token from this address
    default_branch: str = "main"
    immutable_releases: bool = False
    enforced_by_owner: bool = False
    renamed_from: tuple[str, ...] = ()
    protected_tags: tuple[str, ...] = ()  # patterns of tag names that a ruleset keeps from creation
    # Other references than branches and tags, without "refs/", such as "pull/7/merge".
    references: dict[str, Commit] = field(default_factory=dict)
    categories: tuple[str, ...] = ()  # of discussions
    branches: dict[str, Commit] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    tags: dict[str, Commit] = field(default_factory=dict)
    burned_tags: set[str] = field(default_factory=set)  # names that an immutable release has used
    releases: dict[int, Release] = field(default_factory=dict)
    assets: dict[int, dict[int, Asset]] = field(default_factory=dict)  # by release, then by id
    latest_id: int | None = None  # what make_latest set
    history: list[Event] = field(default_factory=list)  # in the order in which it happened

    @property
    def full_name(self) -> str:
        """Owner and name, as in URLs."""
        return f"{self.owner.login}/{self.name}"

    def find_asset(self, asset_id: int) -> Asset | None:
        """Return the asset with this id, on whichever release it is."""
        found = (assets[asset_id] for assets in self.assets.values() if asset_id in assets)
        return next(found, None)

    def assets_of(self, release_id: int) -> list[Asset]:
        """Return the assets of a release, oldest first."""
        return list(self.assets.get(release_id, {}).values())

    def put_asset(self, asset: Asset) -> None:
        """Add an asset, or lay a changed one over the old."""
        self.assets.setdefault(asset.release_id, {})[asset.id] = asset

    def find_commit(self, commitish: str) -> Commit | None:
        """Return the commit that a branch, tag or sha names."""
        return (
            self.branches.get(commitish.removeprefix("refs/heads/"))
            or self.tags.get(commitish.removeprefix("refs/tags/"))
            or self.commits.get(commitish)
        )

    def find_target(self, target: str) -> Commit | None:
        """Return the commit of a branch name or a full SHA; nothing else may be a target.

        Source: https://github.com/cli/cli/issues/2133 (a short SHA is refused) and
        https://github.com/softprops/action-gh-release/issues/213 (so is the name of a tag).
        """
        if target in self.branches:
            return self.branches[target]
        if not re.fullmatch(r"[0-9a-f]{40}", target):
            return None
        return next((item for item in self.commits.values() if item.sha == target), None)


def stamp(moment: datetime) -> str:
    """Return a moment as GitHub writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
