"""Names and patterns x assets -> the assets that are meant. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wcmatch import fnmatch

from release_assets.models import Asset
from release_assets.names import marked
from release_assets.refusals import NoAssetsError

_MATCH = fnmatch.BRACE | fnmatch.CASE | fnmatch.DOTMATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The assets that are meant, in the order of the release, and what is wrong with the asking."""

    assets: tuple[Asset, ...]
    faults: tuple[NoAssetsError, ...]


def choose(patterns: Sequence[str], assets: Iterable[Asset], url: str) -> Chosen:
    """Return the assets that names or patterns mean, less what a `!pattern` leaves out.

    What belongs to a swap is meant only by its full name: a pattern was not written for it.

    url: of the release, for who reads what is wrong.
    """
    there = tuple(assets)
    excluded = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    included = [pattern for pattern in patterns if not pattern.startswith("!")]
    if excluded and not included:
        included = ["*"]
    taken: set[int] = set()
    faults: list[NoAssetsError] = []
    for pattern in included:
        hits = {asset.id for asset in there if _means(pattern, asset)}
        if not hits:
            faults.append(NoAssetsError(pattern, url))
        taken |= hits
    kept = tuple(
        asset
        for asset in there
        if asset.id in taken and not any(_means(pattern, asset) for pattern in excluded)
    )
    if not kept and not faults:
        faults.append(NoAssetsError(" ".join(patterns), url))
    return Chosen(assets=kept, faults=tuple(faults))


def _means(pattern: str, asset: Asset) -> bool:
    if pattern == asset.name:
        return True
    if marked(asset.name) is not None:
        return False
    return bool(fnmatch.fnmatch(asset.name, pattern, flags=_MATCH))
