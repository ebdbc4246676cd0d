"""Every noun, in the order the data meets them. Pure."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError

MAX_ASSETS = 1000
"""Assets on one release.

Source: https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases
"""

MAX_ASSET_SIZE = 2 * 1024**3
"""Bytes in one asset; the service says "less than or equal to 2147483648".

Source: https://github.com/cli/cli/issues/10182
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What tells one state of a file from every other, without reading it."""

    device: int
    inode: int
    size: int  # bytes
    modified_ns: int  # of its content; nanoseconds since the epoch
    changed_ns: int  # of anything about it, which no program can set; on Windows, of its creation


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file on our disk, and how it is to appear on the release."""

    path: Path  # absolute
    shown: str  # as the user knows it: relative to the working directory where it is below it
    requested_name: str
    name: str  # requested_name as GitHub will show it
    label: str | None
    content_type: str
    size: int  # bytes
    fingerprint: Fingerprint  # when it was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset as GitHub reports it."""

    id: int
    name: str
    label: str | None  # "" when uploaded without one, None when uploaded on the web page
    state: str  # "uploaded"; "starter": the husk of an upload that failed; or what nobody knows
    size: int  # bytes; of a starter, 0 or what was declared
    digest: Digest | None  # None before GitHub had digests (2025-06) and on old GHES
    content_type: str
    url: str
    browser_download_url: str
    created_at: str  # ISO 8601
    updated_at: str  # ISO 8601; of an upload, when its bytes stood

    @property
    def address(self) -> str:
        """Where to find it: for a person, else for a program."""
        return self.browser_download_url or self.url

    @property
    def is_complete(self) -> bool:
        """Whether the bytes stand on the release."""
        return self.state == "uploaded"

    @property
    def is_starter(self) -> bool:
        """Whether it never held anything.

        GitHub's own description of its API names a state "open" and not this one; whatever is in a
        state that we do not know may hold bytes, and is nothing to clear away.
        Source: https://github.com/github/rest-api-description (`release-asset`)

        Neither is one that has a digest, whatever its state: some content must have been there.
        """
        return self.state == "starter" and self.digest is None


@dataclass(frozen=True, slots=True, kw_only=True)
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
    assets: tuple[Asset, ...]  # near 1000 not all of them: the list of assets is
    has_discussion: bool = False


Status = Literal["uploaded", "replaced", "unchanged", "skipped", "failed", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one file."""

    file: LocalFile
    status: Status
    asset: Asset | None  # as it is on the release; None when it is not there
    digest: Digest | None  # of the file, where it was read; that of the asset may be unknown
    seconds: float = 0.0  # since its first byte was sent, where any was
    error: ReleaseAssetsError | None = None  # why it failed
    changed: bool = False  # whether a request for this file may have changed the release
