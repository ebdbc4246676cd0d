"""The leftovers of a killed run -> the calls that repair the release. Pure."""

from collections.abc import Mapping, Sequence

from release_assets.digest import Digest
from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan.calls import Call, Change, Delete, swap_calls
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.leftovers import classify_leftovers, is_intact
from release_assets.plan.remote_state import RemoteAssets, RemoteState


def staged_to_read(
    assets: Sequence[Asset], names: Mapping[str, Digest | None]
) -> tuple[Asset, ...]:
    """Return the complete staged assets without a digest, which must be downloaded."""
    remote = RemoteAssets(assets)
    staged = (asset for name in names for asset in remote.state_named(name).staged)
    return tuple(asset for asset in staged if asset.is_complete and asset.digest is None)


def recovery_calls(
    assets: Sequence[Asset], wanted: Mapping[str, Digest | None], known: KnownDigests
) -> tuple[tuple[Call, ...], ...]:
    """Return, for each name, the calls that leave it with one complete asset, old or new.

    wanted: the final names that the killed run was going to upload, each with the digest of its new
    content; None if the run did not know it. Other names are not touched, since another job may be
    uploading them.
    """
    remote = RemoteAssets(assets)
    return tuple(
        _repair_calls(name, remote.state_named(name), digest, known)
        for name, digest in wanted.items()
    )


def _repair_calls(
    name: str, state: RemoteState, wanted: Digest | None, known: KnownDigests
) -> tuple[Call, ...]:
    starters = tuple(Delete(asset=asset) for asset in state.starters)
    others = [state.final, *state.staged, *state.backups]
    if not all(asset.is_complete for asset in others if asset is not None):
        return starters  # one of them may have any content: a person must decide
    if state.final is None and not state.backups and not _has_intact(state, wanted, known):
        wanted = None  # the only content is what an even earlier run staged
    leftovers = classify_leftovers(state, wanted, known)
    obsolete = tuple(Delete(asset=asset) for asset in leftovers.obsolete)
    if leftovers.staged is not None and (digest := known.of(leftovers.staged)):
        swap = swap_calls(name, leftovers.current, leftovers.staged, digest=digest)
        return (*obsolete, *swap)
    if leftovers.current is not None and parse_swap_name(leftovers.current.name) is not None:
        return (*obsolete, Change(asset=leftovers.current, name=name))
    return obsolete


def _has_intact(state: RemoteState, wanted: Digest | None, known: KnownDigests) -> bool:
    return any(is_intact(asset, wanted, known) for asset in state.staged)
