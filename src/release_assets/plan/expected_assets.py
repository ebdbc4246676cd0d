"""Patterns x assets -> what is missing, and what is pruned. Pure."""

from collections.abc import Collection, Iterable, Sequence

from wcmatch import fnmatch

from release_assets.files import expand_braces
from release_assets.models import Asset
from release_assets.names import parse_swap_name

_MATCH = fnmatch.BRACE | fnmatch.CASE


def list_missing(expected: Sequence[str], assets: Iterable[Asset]) -> tuple[str, ...]:
    """Return the names or patterns that no complete asset matches yet."""
    return unmatched_patterns(expected, [asset.name for asset in complete_assets(assets)])


def unmatched_patterns(patterns: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """Return the patterns that no name matches."""
    known = frozenset(names)
    return tuple(
        pattern for pattern in patterns if pattern not in known and not _fits_any(known, pattern)
    )


def literal_names(expected: Iterable[str]) -> frozenset[str]:
    """Return what can only be met by an asset of its own: the names, but for patterns."""
    return frozenset(one for one in expected if not fnmatch.is_magic(one, flags=_MATCH))


def complete_assets(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """Return the assets that are complete, without those of a swap under way."""
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
    """Return the assets that match a pattern and are nobody's.

    keep: names of this run. expected: patterns of what other jobs bring. What is not complete may
    be on its way, and what is marked is part of a swap: neither is taken.
    """
    kept = {name.lower() for name in keep}
    goes, stays = map(_compiled, (patterns, expected))
    return tuple(
        asset
        for asset in complete_assets(assets)
        if asset.name.lower() not in kept
        and any(matcher.match(asset.name) for matcher in goes)
        and asset.name not in expected
        and not any(matcher.match(asset.name) for matcher in stays)
    )


def assets_in_swap(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """Return what belongs to a swap that is under way, or that was broken off."""
    return tuple(asset for asset in assets if parse_swap_name(asset.name) is not None)


def _fits_any(names: Iterable[str], pattern: str) -> bool:
    (matcher,) = _compiled([pattern])
    return any(matcher.match(name) for name in names)


def _compiled(patterns: Iterable[str]) -> list[fnmatch.WcMatcher[str]]:
    # By hand, since the library remembers only some hundred patterns.
    return [
        fnmatch.compile(expand_braces("expect", pattern), flags=fnmatch.CASE, limit=0)
        for pattern in patterns
    ]
