"""The result of one download, and its line in the log. Pure."""

from pathlib import Path
from typing import Literal

from release_assets import text
from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset


@dataclass(frozen=True, kw_only=True)
class DownloadResult:
    """The result of the download of one asset."""

    asset: Asset
    path: Path | None  # None for standard output
    status: Literal["downloaded", "unchanged", "failed"]
    digest: Digest | None = None  # of the bytes on the disk
    resumed_at: int = 0  # bytes that an earlier run had downloaded
    seconds: float = 0.0
    error: ReleaseAssetsError | None = None

    @property
    def verified(self) -> bool:
        """Whether the bytes have the digest that GitHub reports; False if it reports none."""
        return self.digest is not None and self.digest == self.asset.digest


def result_line(result: DownloadResult) -> str:
    """Return the line of the log for a result."""
    name = result.path or result.asset.name
    line = f"{result.status} {name}, {text.size(result.asset.size)}"
    if result.status == "downloaded":
        line += f" in {text.seconds(result.seconds)}"
    if result.resumed_at:
        line += f", after {text.size(result.resumed_at)} of an earlier run"
    if result.digest:
        line += f", {result.digest}"
        line += "" if result.verified else " (GitHub has no digest to compare)"
    return line
