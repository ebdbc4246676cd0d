"""What an interrupted swap left under one name -> what is kept, and what is deleted. Pure.

This is the one table for the plan of a run, for a retry within it, and for the clean-up after a
killed run:

| found                     | kept                                                        | deleted |
|---------------------------|-------------------------------------------------------------|---------|
| an asset in `starter`     |                                                             | it      |
| staged and final          | final; staged, if it is complete and has the wanted content | else staged |
| staged and backup         | the same, with the backup in the place of the final one     | else staged |
| final and backup          | final                                                       | backup  |
| backup alone              | backup                                                      |         |
"""

from collections.abc import Iterable
from dataclasses import dataclass

from release_assets.digest import Digest
from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.remote_state import RemoteState


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """The assets of one name, by what becomes of them."""

    current: Asset | None  # what readers had last: the final asset, else the first backup
    staged: Asset | None  # complete, with the wanted content
    obsolete: tuple[Asset, ...]  # nobody wants these; deleted while `current` or `staged` is kept


def classify_leftovers(state: RemoteState, wanted: Digest | None, known: KnownDigests) -> Leftovers:
    """Return what is kept of the assets of one name.

    wanted: digest of the content that the name is to have; None: whatever a staged asset was staged
    for, as its name tells.
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
    """Say whether a staged asset is complete, and surely has the content that it is to have.

    wanted: None for the content that it was staged for: its name begins with that digest.
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
