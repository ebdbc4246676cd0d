"""The endpoints of assets: list, upload, rename, download, delete."""

import dataclasses
from typing import Any

from github_sandbox import history, rules
from github_sandbox.answers import asset_json, json_response
from github_sandbox.bodies import HungUpError
from github_sandbox.call import Call, json_object
from github_sandbox.content import Content, Spoil
from github_sandbox.downloads import signed_upload_url, signed_url
from github_sandbox.errors import ApiError, not_found
from github_sandbox.messages import Response
from github_sandbox.models import Asset, Release
from github_sandbox.names import stored_name
from github_sandbox.pagination import paged
from github_sandbox.releases import release_of, visible_assets
from github_sandbox.store import find_asset_named

OCTETS = "application/octet-stream"


def list_assets(call: Call) -> Response:
    """Return a page of a release's assets.

    Source: https://docs.github.com/en/rest/releases/assets#list-release-assets
    """
    release = release_of(call)
    assets = visible_assets(call, release)
    return paged(call, assets, lambda asset: _shown(call, release, asset))


def upload_asset(call: Call) -> Response:
    """Store the body as an asset of a release.

    The name is taken, in the state "starter", from when the request is accepted until its bytes
    are stored. Runs without the store's lock, which it takes for its two short moments.
    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    if call.world.settings.redirect_uploads and call.request.origin == "uploads":
        return redirect_upload(call)
    asset = reserve(call)
    try:
        content = call.world.contents.receive(
            asset.size,
            call.request.body.readinto,
            Spoil(at=call.request.spoil_at, hidden=call.request.spoil_hidden),
            keep=call.world.settings.keep_bytes,
        )
    except HungUpError:
        if _left_behind(call) is None:
            _forget(call, asset)
        raise
    except OSError as error:
        # Source: https://github.com/zhangyoufu/macOS/issues/2 (what a full disk looks like).
        raise ApiError(500, "Error saving asset", documentation=None) from error
    stored = _finish(call, asset, content)
    with call.world.store.lock:
        release = call.repository.releases.get(asset.release_id)
        if stored is None or release is None:
            raise not_found()
        if call.world.origins.flavour == "ghes":
            return json_response(201, _shown(call, release, stored))
        return json_response(201, _shown(call, release, stored), chunked=True)


def redirect_upload(call: Call) -> Response:
    """Return the way to the storage origin, which takes the same request without a token.

    Source: https://github.com/actions/upload-release-asset/issues/72
    """
    with call.world.store.lock:
        release = release_of(call)
        url = signed_upload_url(call.world, call.repository, release, call.request.query)
    return Response(status=307, headers=(("Location", url),))


def reserve(call: Call) -> Asset:
    """Check everything that is known before the body, and take the name."""
    request, settings = call.request, call.world.settings
    arguments = request.arguments
    if request.body.chunked or request.body.length is None:
        raise ApiError(400, "Bad Content-Length: ", documentation=None)
    name = stored_name(arguments.get("name", ""))
    if not name:
        raise ApiError(400, "Invalid name for request", documentation=None)
    if settings.content_type_required and not request.headers.get("content-type"):
        raise ApiError(400, "Content-Type header is required", documentation=None)
    with call.world.store.lock:
        release = release_of(call)
        rules.check_upload_to(release)
        rules.check_size(request.body.length, settings)
        sensitive = settings.case_sensitive_names
        if find_asset_named(call.repository, release.id, name, case_sensitive=sensitive):
            raise rules.name_taken()
        rules.check_count(len(call.repository.assets_of(release.id)), settings)
        moment = call.world.clock.moment()
        asset = Asset(
            id=call.world.store.next_asset_id(),
            release_id=release.id,
            name=name,
            # Source: https://github.com/octokit/fixtures (an upload without a label shows "").
            label=arguments.get("label", ""),
            state="starter",
            content_type=request.headers.get("content-type") or OCTETS,
            size=request.body.length,
            digest=None,
            content=None,
            download_count=0,
            created_at=moment,
            updated_at=moment,
            uploader=call.account,
        )
        call.repository.put_asset(asset)
        lag = request.lag or {"seconds": settings.lag, "requests": settings.lag_requests}
        call.world.store.visibility.hide(
            asset.id, seconds=lag.get("seconds", 0), requests=int(lag.get("requests", 0))
        )
    return asset


def get_asset(call: Call) -> Response:
    """Return an asset, or with Accept: application/octet-stream the way to its bytes.

    Source: https://docs.github.com/en/rest/releases/assets#get-a-release-asset
    """
    release, asset = asset_of(call)
    if OCTETS not in call.request.headers.get("accept", ""):
        return json_response(200, _shown(call, release, asset))
    return redirect_to_content(call, asset)


def redirect_to_content(call: Call, asset: Asset) -> Response:
    """Return the redirect to where an asset's bytes are.

    Source: https://github.com/PyGithub/PyGithub (recorded answers).
    """
    if asset.content is None:
        raise not_found()
    call.repository.put_asset(dataclasses.replace(asset, download_count=asset.download_count + 1))
    return Response(
        status=302,
        headers=(
            ("Content-Type", "text/html;charset=utf-8"),
            ("Location", signed_url(call.world, call.repository, asset)),
        ),
    )


def update_asset(call: Call) -> Response:
    """Change an asset's name or label; its id and bytes stay.

    Source: https://docs.github.com/en/rest/releases/assets#update-a-release-asset
    """
    release, asset = asset_of(call)
    body = json_object(call.request)
    rules.check_types(body, rules.ASSET_TYPES)
    rules.check_change_of_asset(release, "update")
    settings = call.world.settings
    name = asset.name
    if body.get("name"):
        name = stored_name(body["name"]) if settings.rename_on_patch else body["name"]
    if not name:
        raise ApiError(400, "Invalid name for request", documentation=None)
    sensitive = settings.case_sensitive_names
    other = find_asset_named(call.repository, release.id, name, case_sensitive=sensitive)
    if name != asset.name and other is not None and other.id != asset.id:
        raise rules.name_taken()
    changed = dataclasses.replace(
        asset, name=name, label=body.get("label", asset.label), updated_at=call.world.clock.moment()
    )
    call.repository.put_asset(changed)
    return json_response(200, _shown(call, release, changed))


def delete_asset(call: Call) -> Response:
    """Remove an asset; its name is free again.

    Source: https://docs.github.com/en/rest/releases/assets#delete-a-release-asset
    """
    release, asset = asset_of(call)
    rules.check_change_of_asset(release, "delete")
    del call.repository.assets[release.id][asset.id]
    call.repository.history.append(history.of_deleted(asset, call.request.job))
    if asset.content is not None:
        asset.content.discard()
    return Response(status=204)


def asset_of(call: Call) -> tuple[Release, Asset]:
    """Return the asset that a path names by id, and its release.

    Raises:
        ApiError: 404, also for an asset of a draft that is not for everybody's eyes.
    """
    asset = call.repository.find_asset(int(call.request.params["asset_id"]))
    if asset is None:
        raise not_found()
    visibility = call.world.store.visibility
    if call.world.settings.lag_covers_ids and not visibility.shows(asset.id):
        # Source: https://github.com/softprops/action-gh-release/issues/760
        raise not_found()
    call.request.params["release_id"] = str(asset.release_id)
    return release_of(call), asset


def leave_behind(call: Call, left: str | None) -> None:
    """Do to the release what a failed upload may do: nothing, or take the name for nothing."""
    if left == "starter":
        reserve(call)


def _finish(call: Call, asset: Asset, content: Content) -> Asset | None:
    """Turn the starter into what the request is to leave; None when it is gone."""
    with call.world.store.lock:
        current = call.repository.find_asset(asset.id)
        left = call.request.leave
        if current is None or left != "uploaded":
            content.discard()
            if current is not None and left is None:
                _forget(call, current)
            return current
        settings = call.world.settings
        digests = settings.digests and call.world.origins.has_digests
        stored = dataclasses.replace(
            current,
            state="uploaded",
            content=content,
            digest=f"sha256:{content.sha256}" if digests else None,
            updated_at=call.world.clock.moment(),
        )
        call.repository.put_asset(stored)
        return stored


def _left_behind(call: Call) -> str | None:
    if call.request.leave == "uploaded":
        return call.world.settings.abandoned_uploads
    return call.request.leave


def _forget(call: Call, asset: Asset) -> None:
    with call.world.store.lock:
        call.repository.assets.get(asset.release_id, {}).pop(asset.id, None)


def _shown(call: Call, release: Release, asset: Asset) -> dict[str, Any]:
    return asset_json(call.world.origins, call.repository, release, asset)
