"""The leftovers of an interrupted swap -> the assets to keep, and those to delete. Pure.

This table applies to the first plan of a run, to each replan, and to the repair after a killed run:

| found                     | kept                                                        | deleted |
|---------------------------|-------------------------------------------------------------|---------|
| an asset in `starter`     |                                                             | it      |
| staged and final          | final; staged, if it is complete and has the wanted content | else staged |
| staged and backup         | the same, with the backup instead of the final asset        | else staged |
| final and backup          | final                                                       | backup  |
| backup alone              | backup                                                      |         |
"""

from collections.abc import Iterable

from release_assets.digest import Digest
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.remote_state import RemoteState


@dataclass(frozen=True, kw_only=True)
class Leftovers:
    """The assets of one name, by what a plan does with them."""

    current: Asset | None  # what users downloaded last: the final asset, else the first backup
    staged: Asset | None  # complete, with the wanted content
    obsolete: tuple[Asset, ...]  # to delete, while `current` or `staged` is kept


def classify_leftovers(state: RemoteState, wanted: Digest | None, known: KnownDigests) -> Leftovers:
    """Return which assets of one name to keep, and which to delete.

    wanted: digest of the new content; None: the content for which an asset was staged, according to
    the digest in its name.
    """
    current = state.final or (state.backups[0] if state.backups else None)
    staged = _first_complete(state.staged, wanted, known)
    kept = {asset.id for asset in (current, staged) if asset is not None}
    others = (*state.starters, *state.staged, *state.backups)
    return Leftovers(
        current=current,
        staged=staged,
        obsolete=tuple(asset for asset in others if asset.id not in kept),
    )


def is_intact(asset: Asset, wanted: Digest | None, known: KnownDigests) -> bool:
    """Say whether a staged asset is complete, and is known to have the right content.

    wanted: digest of the right content; None: the digest whose start is in the name of the asset.
    """
    mark = parse_swap_name(asset.name)
    digest = known.of(asset)
    if mark is None or digest is None or not asset.is_complete:
        return False
    if wanted is not None:
        return digest == wanted
    return digest.start == mark.digest


def _first_complete(
    assets: Iterable[Asset], wanted: Digest | None, known: KnownDigests
) -> Asset | None:
    return next((asset for asset in assets if is_intact(asset, wanted, known)), None)
