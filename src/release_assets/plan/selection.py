"""Names and patterns x assets -> the assets that are meant. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wcmatch import fnmatch

from release_assets.files import expand_braces
from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan.errors import NoAssetsError

_MATCH = fnmatch.CASE | fnmatch.DOTMATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The assets that are meant, in the order of the release, and what is wrong with the asking."""

    assets: tuple[Asset, ...]
    faults: tuple[NoAssetsError, ...]


def select_assets(patterns: Sequence[str], assets: Iterable[Asset], url: str) -> Selection:
    """Return the assets that names or patterns mean, less what a `!pattern` leaves out.

    What belongs to a swap is meant only by its full name: a pattern was not written for it.

    url: of the release, for who reads what is wrong.

    Raises: InputError for a pattern whose braces stand for too much.
    """
    there = tuple(assets)
    excluded = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    included = [pattern for pattern in patterns if not pattern.startswith("!")]
    if excluded and not included:
        included = ["*"]
    taken: set[int] = set()
    faults: list[NoAssetsError] = []
    for pattern in included:
        hits = _meant(pattern, there)
        if not hits:
            faults.append(NoAssetsError(pattern, url))
        taken |= hits
    for pattern in excluded:
        taken -= _meant(pattern, there)
    kept = tuple(asset for asset in there if asset.id in taken)
    if not kept and not faults:
        faults.append(NoAssetsError(" ".join(patterns), url))
    return Selection(assets=kept, faults=tuple(faults))


def _meant(pattern: str, assets: Iterable[Asset]) -> set[int]:
    """Return the ids of the assets that a name or a pattern means."""
    matcher = fnmatch.compile(expand_braces("ASSET", pattern), flags=_MATCH, limit=0)
    return {
        asset.id
        for asset in assets
        if pattern == asset.name
        or (parse_swap_name(asset.name) is None and matcher.match(asset.name))
    }
