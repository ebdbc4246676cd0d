"""Names and patterns x assets -> the assets that they select. Pure."""

from collections.abc import Iterable, Sequence

from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan import NoAssetsError, compile_pattern


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The selected assets, in the order of the release, and an error for each vain pattern."""

    assets: tuple[Asset, ...]
    errors: tuple[NoAssetsError, ...]


def select_assets(patterns: Sequence[str], assets: Iterable[Asset], url: str) -> Selection:
    """Return the assets that match a name or pattern, without those that match a `!pattern`.

    Staged and backup assets are selected only by their exact name, never by a pattern.

    url: of the release, for errors.

    Raises: InputError for a pattern whose braces expand to too many patterns.
    """
    listed = tuple(assets)
    included, excluded = _split_patterns(patterns)
    hits = [_matching_ids(pattern, listed) for pattern in included]
    errors = [NoAssetsError(one, url) for one, ids in zip(included, hits, strict=True) if not ids]
    selected = set[int]().union(*hits)
    selected.difference_update(*(_matching_ids(pattern, listed) for pattern in excluded))
    chosen = tuple(asset for asset in listed if asset.id in selected)
    if not chosen and not errors:
        errors.append(NoAssetsError(" ".join(patterns), url))
    return Selection(assets=chosen, errors=tuple(errors))


def _split_patterns(patterns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the patterns that include assets, and those that exclude assets, without the `!`."""
    excluded = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    included = [pattern for pattern in patterns if not pattern.startswith("!")]
    return included or (["*"] if excluded else []), excluded


def _matching_ids(pattern: str, assets: Iterable[Asset]) -> set[int]:
    """Return the ids of the assets that match a name or a pattern."""
    matches = compile_pattern(pattern, "ASSET")
    return {
        asset.id
        for asset in assets
        if pattern == asset.name or (parse_swap_name(asset.name) is None and matches(asset.name))
    }
