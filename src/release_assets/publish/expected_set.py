"""Finds what is missing from the set of `expect`, and repairs stale swaps in it."""

from collections.abc import Collection

from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Asset
from release_assets.names import parse_swap_name
from release_assets.plan import (
    STALE_SWAP_SECONDS,
    assets_in_swap,
    is_older,
    list_missing,
    literal_names,
)
from release_assets.publish.cleanup import repair
from release_assets.publish.lists import may_have_assets
from release_assets.publish.view import ReleaseView
from release_assets.reporter import Reporter


def repair_and_list_missing(
    view: ReleaseView, inputs: Inputs, ours: Collection[Asset], github: GitHub, reporter: Reporter
) -> tuple[ReleaseView, tuple[str, ...]]:
    """Repair stale swaps; return the view, and what the set still lacks.

    ours: the assets of this run.

    Raises: GitHubError.
    """
    wanted = [one for one in inputs.expect if one != inputs.checksums]
    count = len(literal_names(wanted))
    if not may_have_assets(view.release, count - len(ours), github):
        return view, (f"all of {count} assets",)
    view = _repair_stale_swaps(view.with_assets(github), ours, github, reporter)
    assets = view.assets_with(ours)
    swaps = (f"the end of the swap of {name}" for name in _final_names(assets_in_swap(assets)))
    return view, (*list_missing(wanted, assets), *swaps)


def _repair_stale_swaps(
    view: ReleaseView, ours: Collection[Asset], github: GitHub, reporter: Reporter
) -> ReleaseView:
    """Repair stale swaps, and return the view, with its assets listed again if any was changed.

    Raises: GitHubError.
    """
    in_swap, now = assets_in_swap(view.assets_with(ours)), github.session.server.now()
    names = _final_names([one for one in in_swap if is_older(one, STALE_SWAP_SECONDS, now)])
    if names and repair(github, view.release.id, dict.fromkeys(names), reporter):
        return view.with_assets(github, listed_again=True)
    return view


def _final_names(assets: Collection[Asset]) -> list[str]:
    """Return the final names of staged and backup assets, sorted."""
    return sorted({mark.final for asset in assets if (mark := parse_swap_name(asset.name))})
