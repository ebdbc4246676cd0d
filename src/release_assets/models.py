"""Every noun, in the order the data meets them. Pure."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
class LocalFile:
    """A file on our disk, and how it is to appear on the release."""

    path: Path  # absolute
    shown: str  # as the user knows it: relative to the working directory where it is below it
    requested_name: str
    name: str  # requested_name as GitHub will show it
    label: str | None
    content_type: str
    size: int  # bytes
    modified: int  # nanoseconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset as GitHub reports it."""

    id: int
    name: str
    label: str | None  # "" when uploaded without one, None when uploaded on the web page
    state: str  # "uploaded"; "starter": the husk of an upload that failed; or what nobody knows
    size: int  # bytes; of a starter, 0 or what was declared
    digest: str | None  # "sha256:<hex>"; None before GitHub had digests (2025-06) and on old GHES
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
    def is_husk(self) -> bool:
        """Whether it never held anything.

        GitHub's own description of its API names a state "open" and not this one; whatever is in a
        state that we do not know may hold bytes, and is nothing to clear away.
        Source: https://github.com/github/rest-api-description (`release-asset`)
        """
        return self.state == "starter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release as GitHub reports it."""

    id: int
    tag: str
    name: str | None
    body: str  # its notes
    draft: bool
    prerelease: bool
    immutable: bool
    html_url: str
    upload_url: str  # a URI template
    assets: tuple[Asset, ...]  # near 1000 not all of them: the list of assets is


ResultName = Literal["uploaded", "replaced", "unchanged", "skipped", "failed", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one file."""

    file: LocalFile
    name: ResultName
    asset: Asset | None  # as it stands now; None when it does not
    digest: str | None  # of the file, where it was read
    seconds: float = 0.0  # since its first byte went out, where any did
    error: ReleaseAssetsError | None = None  # why it failed
    changed: bool = False  # whether the release is another than before
