"""A change or deletion of assets -> the errors that forbid it. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, Release
from release_assets.names import asset_name, parse_swap_name
from release_assets.plan import (
    AssetRefusedError,
    ImmutableReleaseError,
    NoAssetsError,
    is_older,
)


def update_errors(
    asset: Asset, name: str | None, release: Release, assets: Sequence[Asset], alive_since: float
) -> Iterator[ReleaseAssetsError]:
    """Yield the errors that forbid this new name, or a new label if `name` is None.

    alive_since: seconds since the epoch; a swap whose assets are all older counts as stale.
    """
    yield from _release_errors(release)
    yield from _swap_errors(asset, assets, alive_since)
    yield from _state_errors(asset, release)
    if name is not None and name != asset.name:
        yield from _invalid_name_errors(name)
        yield from _taken_name_errors(asset, name, release, assets)


def delete_errors(
    chosen: Iterable[Asset], release: Release, assets: Sequence[Asset], alive_since: float
) -> Iterator[ReleaseAssetsError]:
    """Yield the errors that forbid the deletion of these assets.

    alive_since: seconds since the epoch; a swap whose assets are all older counts as stale.
    """
    yield from _release_errors(release)
    for asset in chosen:
        yield from _swap_errors(asset, assets, alive_since)


def find_asset(name: str, assets: Iterable[Asset], url: str) -> Asset:
    """Return the asset with exactly this name.

    Raises: NoAssetsError.
    """
    for asset in assets:
        if asset.name == name:
            return asset
    raise NoAssetsError(name, url)


def _release_errors(release: Release) -> Iterator[ReleaseAssetsError]:
    if release.immutable:
        yield ImmutableReleaseError(release.tag, release.html_url)


def _swap_errors(
    asset: Asset, assets: Sequence[Asset], alive_since: float
) -> Iterator[ReleaseAssetsError]:
    """Yield an error if the asset is part of a swap that may be in progress."""
    own = parse_swap_name(asset.name)
    final = own.final if own else asset.name
    for other in assets:
        mark = parse_swap_name(other.name)
        if mark is None or mark.final.lower() != final.lower() or _is_stale(other, alive_since):
            continue
        part = f", and `{asset.name}` is part of that swap" if own else ""
        yield AssetRefusedError(
            f"another run may be replacing `{final}`{part}",
            where=other.url,
            fix="wait until that run has ended; if it was killed, publish the file again to repair "
            "what it left, or wait 15 minutes",
        )
        return


def _is_stale(asset: Asset, alive_since: float) -> bool:
    return is_older(asset, 0.0, alive_since)


def _state_errors(asset: Asset, release: Release) -> Iterator[ReleaseAssetsError]:
    if parse_swap_name(asset.name) is not None:
        yield AssetRefusedError(
            f"`{asset.name}` is left from an interrupted swap, and its name is needed to repair it",
            where=release.html_url,
            fix="publish the file again to repair it, or delete the asset",
        )
    if not asset.is_complete:
        yield AssetRefusedError(
            f"`{asset.name}` is not complete: its upload has not ended (state `{asset.state}`)",
            where=release.html_url,
            fix="wait for the upload, or delete it and publish the file again",
        )


def _invalid_name_errors(name: str) -> Iterator[ReleaseAssetsError]:
    shown = asset_name(name)
    if parse_swap_name(name) is not None:
        yield AssetRefusedError(
            f"`{name}` is reserved: a swap uses such names for a moment",
            fix="choose another name",
        )
    elif shown != name:
        fix = "use letters, digits, `-`, `_`, `+`, `@`, and `.` between them"
        if shown:
            fix = f"use `--name {shown}`, and give the other name as `--label`"
        yield AssetRefusedError(
            f"GitHub would rewrite the name {name!r}" + (f" to `{shown}`" if shown else ""),
            fix=fix,
        )


def _taken_name_errors(
    asset: Asset, name: str, release: Release, assets: Sequence[Asset]
) -> Iterator[ReleaseAssetsError]:
    for other in assets:
        mark = parse_swap_name(other.name)
        taken = mark.final if mark else other.name
        if other.id != asset.id and taken.lower() == name.lower():
            why = f" by `{taken}`" if taken != name else ""
            if mark:
                why = f": a swap of `{taken}` left `{other.name}`"
            yield AssetRefusedError(
                f"the name `{name}` is taken{why}",
                where=release.html_url,
                fix=f"choose another name, or delete `{other.name}` first",
            )
            return
