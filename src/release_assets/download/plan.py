"""Assets and the files on the disk -> what to fetch, what to keep, what to refuse. Pure."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Literal

from release_assets.digest import Digest
from release_assets.download.errors import FileInTheWayError
from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset
from release_assets.plan import AssetRefusedError

# Names of devices in every directory, with any suffix.
# Source: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_WINDOWS_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_REFUSED_ON_WINDOWS = frozenset('<>:"|?*')


@dataclass(frozen=True, kw_only=True)
class NameRules:
    """The rules of a file system for file names."""

    windows: bool
    ignores_case: bool  # whether `A` and `a` are usually the same file


@dataclass(frozen=True, kw_only=True)
class LocalState:
    """What the disk holds at the path of a download."""

    kind: Literal["nothing", "file", "other"]
    size: int = 0  # bytes
    digest: Digest | None = None  # read only if `needs_digest`


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """Download the asset."""

    asset: Asset
    path: PurePath


@dataclass(frozen=True, kw_only=True)
class Keep:
    """The disk has the same bytes already."""

    asset: Asset
    path: PurePath
    digest: Digest


@dataclass(frozen=True, kw_only=True)
class Refuse:
    """The asset cannot be downloaded to this path."""

    asset: Asset
    path: PurePath
    error: ReleaseAssetsError


DownloadStep = Fetch | Keep | Refuse


def name_problem(name: str, *, windows: bool) -> str:
    """Return why an asset name cannot be a file name; empty if it can be one."""
    if name in {"", ".", ".."} or "/" in name or "\\" in name:
        return "it leads out of the directory"
    if not name.isprintable():
        return "it contains invisible characters"
    if not windows:
        return ""
    if _REFUSED_ON_WINDOWS & set(name) or name[-1] in ". ":
        return "Windows does not allow it"
    return "it is the name of a device on Windows" if _WINDOWS_DEVICE.fullmatch(name) else ""


def bad_name_errors(assets: Sequence[Asset], rules: NameRules) -> Iterator[AssetRefusedError]:
    """Yield an error for each asset name that cannot be a file name in one common directory."""
    by_key: dict[str, Asset] = {}
    for asset in assets:
        if why := name_problem(asset.name, windows=rules.windows):
            yield AssetRefusedError(
                f"{asset.name!r} is not a valid file name here: {why}",
                where=asset.url,
                fix="download it alone, with `--output FILE`",
            )
        key = asset.name.lower() if rules.ignores_case else asset.name
        other = by_key.setdefault(key, asset)
        if other is not asset:
            yield AssetRefusedError(
                f"`{other.name}` and `{asset.name}` would be the same file here",
                fix="download one of them alone, with `--output FILE`",
            )


def plan_download(
    asset: Asset, path: PurePath, local: LocalState, *, overwrite: bool
) -> DownloadStep:
    """Return the step for one asset, given what the disk holds at its path.

    Never raises: a refusal is a step too, so that the caller can report all refusals together.
    """
    if not asset.is_complete:
        return Refuse(asset=asset, path=path, error=_incomplete_error(asset))
    if local.kind == "nothing":
        return Fetch(asset=asset, path=path)
    if local.kind == "other":
        error = FileInTheWayError(
            f"{path} already exists, and is not a regular file",
            fix="move it, or choose another `--dir` or `--output`",
        )
        return Refuse(asset=asset, path=path, error=error)
    if local.digest is not None and local.digest == asset.digest and local.size == asset.size:
        return Keep(asset=asset, path=path, digest=local.digest)
    if overwrite:
        return Fetch(asset=asset, path=path)
    is_comparable = asset.digest is not None or local.size != asset.size
    content = (
        " with different content"
        if is_comparable
        else ", and the server reports no digest to compare it with"
    )
    error = FileInTheWayError(
        f"{path} already exists{content}",
        fix="use `--overwrite` to replace it, or choose another `--dir` or `--output`",
    )
    return Refuse(asset=asset, path=path, error=error)


def needs_digest(asset: Asset, size: int) -> bool:
    """Return whether only the digest can show that a file of this size has the same bytes."""
    return asset.digest is not None and asset.size == size


def _incomplete_error(asset: Asset) -> AssetRefusedError:
    return AssetRefusedError(
        f"`{asset.name}` cannot be downloaded: its upload has not ended (state `{asset.state}`)",
        where=asset.url,
        fix="wait for the upload, or publish the file again",
    )
