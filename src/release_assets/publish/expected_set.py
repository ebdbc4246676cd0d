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
from release_assets.publish.view import ReleaseView, may_have_assets
from release_assets.reporter import Reporter


def repair_and_list_missing(
    view: ReleaseView, inputs: Inputs, ours: Collection[Asset], github: GitHub, reporter: Reporter
) -> tuple[ReleaseView, tuple[str, ...]]:
    """Repair stale swaps; return the view, and what the set still lacks.

    ours: the assets of this run.

    Raises: GitHubError.
    """
    release, now = view.release, github.session.server.now()
    wanted = [one for one in inputs.expect if one != inputs.checksums]
    count = len(literal_names(wanted))
    if not may_have_assets(release, count - len(ours), github):
        return view, (f"all of {count} assets",)
    view = view.with_assets(github)
    assets = view.assets_with(ours)
    stale = [one for one in assets_in_swap(assets) if is_older(one, STALE_SWAP_SECONDS, now)]
    names = _final_names(stale)
    if names and repair(github, release.id, dict.fromkeys(names), reporter):
        view = view.with_assets(github, listed_again=True)
        assets = view.assets_with(ours)
    swaps = (f"the end of the swap of {name}" for name in _final_names(assets_in_swap(assets)))
    return view, (*list_missing(wanted, assets), *swaps)


def _final_names(assets: Collection[Asset]) -> list[str]:
    """Return the final names of staged and backup assets, sorted."""
    return sorted({mark.final for asset in assets if (mark := parse_swap_name(asset.name))})
