"""The objects of the sandbox: accounts, commits, releases, assets, repositories."""

import re
from dataclasses import dataclass, field, replace
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
    """An owner of repositories or an author of releases."""

    login: str
    id: int
    kind: str  # "User", "Organization" or "Bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The account of a token, and what the token may do."""

    account: Account
    level: Level
    integration: bool  # GITHUB_TOKEN or an app: refused with 403, where a person's token gets 404
    key: str  # of its rate limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit, with what matters for releases."""

    sha: str
    date: datetime
    changes_workflows: bool = False  # compared with the default branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file on a release."""

    id: int
    release_id: int
    name: str
    label: str | None  # "" for an upload without one, None for an upload by the web page
    state: str  # "starter" until its bytes are stored, then "uploaded"
    content_type: str
    size: int  # bytes; of a starter, the Content-Length of its upload
    digest: str | None
    content: Content | None  # None for a starter
    download_count: int
    created_at: datetime
    updated_at: datetime
    uploader: Account

    def discard(self) -> None:
        """Delete the stored bytes of an asset that is deleted."""
        if self.content is not None:
            self.content.discard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release, draft or published; the repository holds its assets."""

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
    slug: str  # "untagged-<20 hex>": replaces the tag in the URLs of a draft
    discussion: str | None = None  # the category of its discussion


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event that the state does not show afterwards."""

    what: What
    release_id: int
    name: str  # of the asset, else the release's tag
    state: str | None = None  # of the asset; of an interference, its result
    complete: int | None = None  # number of complete assets when a release was published
    job: str | None = None  # the name of its token; "another party" for an interference


@dataclass(slots=True, kw_only=True)
class Repository:
    """A repository's state; the store's lock protects it."""

    id: int
    owner: Account
    name: str
    private: bool = False
    archived: bool = False  # read only
    saml: bool = False  # whether the owner refuses all personal tokens, for lack of SAML SSO
    ip_allow_list: bool = False  # whether the owner refuses all tokens, by IP address
    default_branch: str = "main"
    immutable_releases: bool = False
    enforced_by_owner: bool = False
    renamed_from: tuple[str, ...] = ()
    protected_tags: tuple[str, ...] = ()  # patterns of tags that a ruleset protects
    # Other references than branches and tags, without "refs/", such as "pull/7/merge".
    references: dict[str, Commit] = field(default_factory=dict)
    categories: tuple[str, ...] = ()  # of discussions
    branches: dict[str, Commit] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    tags: dict[str, Commit] = field(default_factory=dict)
    burned_tags: set[str] = field(default_factory=set)  # used by an immutable release
    releases: dict[int, Release] = field(default_factory=dict)
    assets: dict[int, dict[int, Asset]] = field(default_factory=dict)  # by release, then by id
    latest_id: int | None = None  # set by make_latest
    history: list[Event] = field(default_factory=list)  # oldest first

    @property
    def full_name(self) -> str:
        """OWNER/NAME."""
        return f"{self.owner.login}/{self.name}"

    def find_asset(self, asset_id: int) -> Asset | None:
        """Return the asset with this id, of any release."""
        found = (assets[asset_id] for assets in self.assets.values() if asset_id in assets)
        return next(found, None)

    def assets_of(self, release_id: int) -> list[Asset]:
        """Return the assets of a release, oldest first."""
        return list(self.assets.get(release_id, {}).values())

    def put_asset(self, asset: Asset) -> None:
        """Add an asset, or replace the asset with the same id."""
        self.assets.setdefault(asset.release_id, {})[asset.id] = asset

    def remove_asset(self, asset: Asset) -> None:
        """Remove an asset, if it still exists."""
        self.assets.get(asset.release_id, {}).pop(asset.id, None)

    def count_download(self, asset: Asset) -> None:
        """Count a download of an asset."""
        self.put_asset(replace(asset, download_count=asset.download_count + 1))

    def find_commit(self, commitish: str) -> Commit | None:
        """Return the commit that a branch, tag or sha names."""
        return (
            self.branches.get(commitish.removeprefix("refs/heads/"))
            or self.tags.get(commitish.removeprefix("refs/tags/"))
            or self.commits.get(commitish)
        )

    def find_target(self, target: str) -> Commit | None:
        """Return the commit of a target: a branch or a full SHA.

        Source: https://github.com/cli/cli/issues/2133 (a short SHA is refused) and
        https://github.com/softprops/action-gh-release/issues/213 (so is the name of a tag).
        """
        if target in self.branches:
            return self.branches[target]
        if not re.fullmatch(r"[0-9a-f]{40}", target):
            return None
        return next((item for item in self.commits.values() if item.sha == target), None)


def stamp(moment: datetime) -> str:
    """Return a moment in GitHub's format."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
