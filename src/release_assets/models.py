"""The data types that all packages share: files, assets, releases and results. Pure."""

from pathlib import Path
from typing import Literal

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass, field

MAX_ASSETS = 1000
"""Assets of one release, at most.

Source: https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases
"""

MAX_ASSET_SIZE = 2 * 1024**3
"""Bytes of one asset, at most; GitHub's message says "less than or equal to 2147483648".

Source: https://github.com/cli/cli/issues/10182
"""


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """Metadata that changes when the content of a file changes; compared without reading it."""

    device: int
    inode: int
    size: int  # bytes
    modified_ns: int  # when the content changed; nanoseconds since the epoch
    changed_ns: int  # of the inode, cannot be set by a program; on Windows, of its creation


@dataclass(frozen=True, kw_only=True)
class LocalFile:
    """A file on the local disk, and how it will appear on the release."""

    path: Path  # absolute
    shown: str  # for messages: relative to the working directory, if it is inside
    requested_name: str
    name: str  # of the asset: requested_name as GitHub will rewrite it
    label: str | None
    content_type: str
    size: int  # bytes
    fingerprint: Fingerprint  # at the time the file was found


@dataclass(frozen=True, kw_only=True)
class Asset:
    """An asset as GitHub reports it."""

    id: int
    name: str
    label: str | None  # "" when uploaded without one, None when uploaded on the web page
    state: str  # "uploaded"; "starter": a failed upload, without content; or unknown
    size: int  # bytes; of a starter, 0 or what was declared
    digest: Digest | None  # None before GitHub had digests (2025-06) and on old GHES
    content_type: str
    url: str
    browser_download_url: str
    created_at: str  # ISO 8601
    updated_at: str  # ISO 8601; for a new upload, when it was complete
    node_id: str = ""  # of GitHub's GraphQL API
    download_count: int = field(default=0, compare=False)  # changes without any write

    @property
    def address(self) -> str:
        """The URL for people, or else the URL of the API."""
        return self.browser_download_url or self.url

    @property
    def is_complete(self) -> bool:
        """Whether its content is on the release."""
        return self.state == "uploaded"

    @property
    def is_starter(self) -> bool:
        """Whether it never had content, so that it can be deleted safely.

        GitHub's description of its API does not list the state "starter", but "open". An asset in
        an unknown state may have content. So has an asset with a digest, whatever its state.
        Source: https://github.com/github/rest-api-description (`release-asset`)
        """
        return self.state == "starter" and self.digest is None


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user, bot or organization that created a release."""

    login: str
    node_id: str  # of GitHub's GraphQL API


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release as GitHub reports it."""

    id: int
    tag: str
    target: str  # a branch or commit, from which GitHub makes the tag when it publishes a draft
    name: str | None
    body: str  # its notes
    draft: bool
    prerelease: bool
    immutable: bool
    html_url: str
    upload_url: str  # a URI template
    assets: tuple[Asset, ...]  # incomplete if there are nearly 1000: then list them
    has_discussion: bool = False
    author: Account | None = None
    node_id: str = ""  # of GitHub's GraphQL API
    url: str = ""  # of the API
    tarball_url: str = ""  # of the source code; empty for a draft
    zipball_url: str = ""
    created_at: str = ""  # ISO 8601
    published_at: str = ""  # ISO 8601; empty for a draft


Status = Literal["uploaded", "replaced", "unchanged", "skipped", "failed", "planned"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result for one file."""

    file: LocalFile
    status: Status
    asset: Asset | None  # as it is on the release; None: not there
    digest: Digest | None  # of the file, if it was hashed
    seconds: float = 0.0  # since the upload started, if there was one
    error: ReleaseAssetsError | None = None  # why it failed
    changed: bool = False  # whether a request may have changed the release
