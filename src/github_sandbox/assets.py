"""The endpoints of assets, apart from their upload: list, get, update, delete."""

import dataclasses

from github_sandbox import events
from github_sandbox.answers import json_response
from github_sandbox.asset_rules import check_change_of_asset, name_taken
from github_sandbox.body_types import ASSET_TYPES, check_types
from github_sandbox.call import Call, json_object
from github_sandbox.downloads import signed_url
from github_sandbox.errors import ApiError, not_found
from github_sandbox.lookup import get_asset_of, get_release_of, list_visible_assets, show_asset
from github_sandbox.messages import Response
from github_sandbox.models import Asset
from github_sandbox.names import stored_name
from github_sandbox.pagination import page_response
from github_sandbox.store import find_asset_named

OCTET_STREAM = "application/octet-stream"


def list_assets(call: Call) -> Response:
    """Return a page of a release's assets.

    Source: https://docs.github.com/en/rest/releases/assets#list-release-assets
    """
    release = get_release_of(call)
    assets = list_visible_assets(call, release)
    return page_response(call, assets, lambda asset: show_asset(call, release, asset))


def get_asset(call: Call) -> Response:
    """Return an asset, or with Accept: application/octet-stream a redirect to its bytes.

    Source: https://docs.github.com/en/rest/releases/assets#get-a-release-asset
    """
    release, asset = get_asset_of(call)
    if OCTET_STREAM not in call.request.headers.get("accept", ""):
        return json_response(200, show_asset(call, release, asset))
    return _redirect_to_content(call, asset)


def _redirect_to_content(call: Call, asset: Asset) -> Response:
    """Return the redirect to the storage origin.

    Source: https://github.com/PyGithub/PyGithub (recorded answers).
    """
    if asset.content is None:
        raise not_found()
    call.repository.count_download(asset)
    html = ("Content-Type", "text/html;charset=utf-8")
    url = signed_url(call.world, call.repository, asset)
    return Response(status=302, headers=(html, ("Location", url)))


def update_asset(call: Call) -> Response:
    """Change an asset's name or label; its id and bytes stay.

    Source: https://docs.github.com/en/rest/releases/assets#update-a-release-asset
    """
    release, asset = get_asset_of(call)
    body = json_object(call.request)
    check_types(body, ASSET_TYPES)
    check_change_of_asset(release, "update")
    changed = dataclasses.replace(
        asset,
        name=_changed_name(call, asset, body.get("name")),
        label=body.get("label", asset.label),
        updated_at=call.world.clock.moment(),
    )
    call.repository.put_asset(changed)
    return json_response(200, show_asset(call, release, changed))


def _changed_name(call: Call, asset: Asset, name: str | None) -> str:
    if not name:
        return asset.name
    settings = call.world.settings
    new = stored_name(name) if settings.rename_on_patch else name
    if not new:
        raise ApiError(400, "Invalid name for request", documentation=None)
    sensitive = settings.case_sensitive_names
    other = find_asset_named(call.repository, asset.release_id, new, case_sensitive=sensitive)
    if new != asset.name and other is not None and other.id != asset.id:
        raise name_taken()
    return new


def delete_asset(call: Call) -> Response:
    """Delete an asset; its name may be used again.

    Source: https://docs.github.com/en/rest/releases/assets#delete-a-release-asset
    """
    release, asset = get_asset_of(call)
    check_change_of_asset(release, "delete")
    call.repository.remove_asset(asset)
    call.repository.history.append(events.of_deleted_asset(asset, call.request.job))
    asset.discard()
    return Response(status=204)
