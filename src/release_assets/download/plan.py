"""Assets x what is on the disk -> what to fetch, what to keep, what to refuse. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from release_assets.digest import Digest
from release_assets.download.errors import FileInTheWayError
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset
from release_assets.plan import AssetRefusedError

# Names that are devices in every directory, with any suffix.
# Source: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_NOT_ON_WINDOWS = frozenset('<>:"|?*')


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What a system makes of file names."""

    windows: bool
    folds_case: bool  # whether `A` and `a` are one file, as a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalState:
    """What stands where an asset is to stand."""

    kind: Literal["nothing", "file", "other"]
    size: int = 0  # bytes
    digest: Digest | None = None  # read only where it can decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Get the bytes and put them in place."""

    asset: Asset
    path: PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The same bytes are there."""

    asset: Asset
    path: PurePath
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Something stands against it."""

    asset: Asset
    path: PurePath
    error: ReleaseAssetsError


DownloadStep = Fetch | Keep | Refuse


def name_problem(name: str, *, windows: bool) -> str:
    """Return why a name from a server must not become a file's; nothing when it may."""
    if name in {"", ".", ".."} or "/" in name or "\\" in name:
        return "it would lead out of the directory"
    if not name.isprintable():
        return "it holds characters that cannot be seen"
    if not windows:
        return ""
    if _NOT_ON_WINDOWS & set(name) or name[-1] in ". ":
        return "Windows takes no such name"
    return "it is the name of a device" if _DEVICE.fullmatch(name) else ""


def bad_name_errors(assets: Sequence[Asset], system: System) -> Iterator[AssetRefusedError]:
    """Yield what is wrong with assets as files of one directory."""
    first: dict[str, Asset] = {}
    for asset in assets:
        if why := name_problem(asset.name, windows=system.windows):
            yield AssetRefusedError(
                f"{asset.name!r} cannot be the name of a file here: {why}",
                where=asset.url,
                fix="fetch it alone, with `--output FILE`",
            )
        key = asset.name.lower() if system.folds_case else asset.name
        other = first.setdefault(key, asset)
        if other is not asset:
            yield AssetRefusedError(
                f"`{other.name}` and `{asset.name}` would be one file here",
                fix="fetch one of them alone, with `--output FILE`",
            )


def plan_download(
    asset: Asset, path: PurePath, here: LocalState, *, overwrite: bool
) -> DownloadStep:
    """Return what to do about one asset, given what stands at its path.

    Never raises: what stands against it is told too, so that all can be told at once.
    """
    if not asset.is_complete:
        return Refuse(asset=asset, path=path, error=_unfinished(asset))
    if here.kind == "nothing":
        return Fetch(asset=asset, path=path)
    if here.kind == "other":
        error = FileInTheWayError(
            f"{path} is there, and is no regular file",
            fix="move it away, or give another `--dir` or `--output`",
        )
        return Refuse(asset=asset, path=path, error=error)
    if here.digest is not None and here.digest == asset.digest and here.size == asset.size:
        return Keep(asset=asset, path=path, digest=here.digest)
    if overwrite:
        return Fetch(asset=asset, path=path)
    known = asset.digest is not None or here.size != asset.size
    content = "other content" if known else "content that cannot be compared: GitHub has no digest"
    error = FileInTheWayError(
        f"{path} is there, with {content}",
        fix="give `--overwrite` to replace it, or another `--dir` or `--output`",
    )
    return Refuse(asset=asset, path=path, error=error)


def is_decided_by_digest(asset: Asset, size: int) -> bool:
    """Say whether the digest of a file of this size has to be read."""
    return asset.digest is not None and asset.size == size


def _unfinished(asset: Asset) -> AssetRefusedError:
    return AssetRefusedError(
        f"`{asset.name}` has no bytes to fetch: its upload has not ended (state `{asset.state}`)",
        where=asset.url,
        fix="wait for the upload, or publish the file again",
    )
