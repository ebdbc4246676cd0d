"""The inputs `expect` and `prune` x assets -> missing assets, and assets to prune. Pure."""

from collections.abc import Collection, Iterable, Sequence

from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan.asset_patterns import compile_pattern, is_pattern


def list_missing(expected: Sequence[str], assets: Iterable[Asset]) -> tuple[str, ...]:
    """Return the expected names and patterns that no complete asset matches."""
    return unmatched_patterns(expected, [asset.name for asset in complete_assets(assets)])


def unmatched_patterns(patterns: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """Return the patterns that no name matches."""
    known = frozenset(names)
    return tuple(
        pattern
        for pattern in patterns
        if pattern not in known and not any(map(compile_pattern(pattern, "expect"), known))
    )


def literal_names(expected: Iterable[str]) -> frozenset[str]:
    """Return the expected names that are no patterns: each one needs its own asset."""
    return frozenset(one for one in expected if not is_pattern(one))


def complete_assets(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """Return the complete assets, without staged and backup assets."""
    return tuple(
        asset for asset in assets if asset.is_complete and parse_swap_name(asset.name) is None
    )


def assets_to_prune(
    patterns: Sequence[str],
    assets: Iterable[Asset],
    *,
    keep: Iterable[str],
    expected: Sequence[str] = (),
) -> tuple[Asset, ...]:
    """Return the assets that match a pattern, and that no job uploads.

    keep: names of this run. expected: names and patterns of the assets of all jobs. Incomplete
    assets may be uploads in progress, and staged and backup assets are part of a swap: both stay.
    """
    kept = {name.lower() for name in keep}
    pruned = [compile_pattern(pattern, "prune") for pattern in patterns]
    excluded = [compile_pattern(pattern, "expect") for pattern in expected]
    return tuple(
        asset
        for asset in complete_assets(assets)
        if asset.name.lower() not in kept
        and any(matches(asset.name) for matches in pruned)
        and asset.name not in expected
        and not any(matches(asset.name) for matches in excluded)
    )


def assets_in_swap(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """Return the staged and backup assets of swaps that are in progress or were interrupted."""
    return tuple(asset for asset in assets if parse_swap_name(asset.name) is not None)
