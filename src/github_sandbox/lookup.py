"""The release or asset in the path of a call, if its token may see it, and its JSON."""

from typing import Any

from github_sandbox.access import can
from github_sandbox.answers import asset_json, release_json
from github_sandbox.call import Call
from github_sandbox.errors import not_found
from github_sandbox.models import Asset, Release
from github_sandbox.pagination import in_list_order


def get_release_of(call: Call) -> Release:
    """Return the release that a path names by id.

    Raises:
        ApiError: 404, also for a draft if the token may not push.
    """
    release = call.repository.releases.get(int(call.request.params["release_id"]))
    if release is None or (release.draft and not can(call.identity, call.repository, "write")):
        raise not_found()
    return release


def get_asset_of(call: Call) -> tuple[Release, Asset]:
    """Return the asset that a path names by id, and its release.

    Raises:
        ApiError: 404, also for an asset of a draft if the token may not push.

    Source: https://github.com/softprops/action-gh-release/issues/760 (a new asset may give 404).
    """
    asset = call.repository.find_asset(int(call.request.params["asset_id"]))
    if asset is None:
        raise not_found()
    visibility = call.world.store.visibility
    if call.world.settings.lag_covers_ids and not visibility.shows(asset.id):
        raise not_found()
    call.request.params["release_id"] = str(asset.release_id)
    return get_release_of(call), asset


def list_visible_assets(call: Call, release: Release) -> list[Asset]:
    """Return the assets that a list shows now, in its order."""
    shows = call.world.store.visibility.shows
    assets = in_list_order(call, call.repository.assets_of(release.id), lambda asset: asset.name)
    return [item for item in assets if shows(item.id)]


def show_release(call: Call, release: Release) -> dict[str, Any]:
    """Return the JSON of a release with its visible assets."""
    assets = list_visible_assets(call, release)
    return release_json(call.world.origins, call.repository, release, assets)


def show_asset(call: Call, release: Release, asset: Asset) -> dict[str, Any]:
    """Return the JSON of an asset."""
    return asset_json(call.world.origins, call.repository, release, asset)
