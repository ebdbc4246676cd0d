"""The endpoint that uploads an asset: a starter takes the name, then the bytes are stored."""

import dataclasses

from github_sandbox.answers import json_response
from github_sandbox.asset_rules import check_count, check_size, check_upload_to, name_taken
from github_sandbox.assets import OCTET_STREAM
from github_sandbox.call import Call
from github_sandbox.content import Content
from github_sandbox.downloads import signed_upload_url
from github_sandbox.errors import ApiError, not_found
from github_sandbox.lookup import get_release_of, show_asset
from github_sandbox.messages import Response
from github_sandbox.models import Asset, Release
from github_sandbox.names import stored_name
from github_sandbox.request_body import DisconnectedError
from github_sandbox.store import find_asset_named


def upload_asset(call: Call) -> Response:
    """Store the body as an asset of a release.

    The asset takes its name as a starter when the request is accepted, until its bytes are stored.
    Does not run under the store's lock, which it takes twice for a short time.
    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    if call.world.settings.redirect_uploads and call.request.origin == "uploads":
        return _redirect_to_storage(call)
    starter = create_starter(call)
    content = _receive_content(call, starter)
    with call.world.store.lock:
        stored = _complete(call, starter, content)
        release = call.repository.releases.get(starter.release_id)
        if stored is None or release is None:
            raise not_found()
        chunked = call.world.origins.flavour != "ghes"
        return json_response(201, show_asset(call, release, stored), chunked=chunked)


def create_starter(call: Call) -> Asset:
    """Make all checks that need no body, and create the asset in the state "starter"."""
    name, size = _check_request(call)
    with call.world.store.lock:
        release = get_release_of(call)
        _check_release(call, release, name, size)
        asset = _new_asset(call, release, name, size)
        call.repository.put_asset(asset)
        call.hide_by_lag(asset.id)
    return asset


def _redirect_to_storage(call: Call) -> Response:
    """Return a redirect to the storage origin, which takes the same request without a token.

    Source: https://github.com/actions/upload-release-asset/issues/72
    """
    with call.world.store.lock:
        release = get_release_of(call)
        url = signed_upload_url(call.world, call.repository, release, call.request.query)
    return Response(status=307, headers=(("Location", url),))


def _check_request(call: Call) -> tuple[str, int]:
    """Return the name and the size of the asset, in bytes."""
    request = call.request
    if request.body.chunked or request.body.length is None:
        raise ApiError(400, "Bad Content-Length: ", documentation=None)
    name = stored_name(request.arguments.get("name", ""))
    if not name:
        raise ApiError(400, "Invalid name for request", documentation=None)
    if call.world.settings.content_type_required and not request.headers.get("content-type"):
        raise ApiError(400, "Content-Type header is required", documentation=None)
    return name, request.body.length


def _check_release(call: Call, release: Release, name: str, size: int) -> None:
    settings, repository = call.world.settings, call.repository
    check_upload_to(release)
    check_size(size, settings)
    sensitive = settings.case_sensitive_names
    if find_asset_named(repository, release.id, name, case_sensitive=sensitive):
        raise name_taken()
    check_count(len(repository.assets_of(release.id)), settings)


def _new_asset(call: Call, release: Release, name: str, size: int) -> Asset:
    """Return a starter.

    Source: https://github.com/octokit/fixtures (an upload without a label shows "").
    """
    moment = call.world.clock.moment()
    return Asset(
        id=call.world.store.next_asset_id(),
        release_id=release.id,
        name=name,
        label=call.request.arguments.get("label", ""),
        state="starter",
        content_type=call.request.headers.get("content-type") or OCTET_STREAM,
        size=size,
        digest=None,
        content=None,
        download_count=0,
        created_at=moment,
        updated_at=moment,
        uploader=call.account,
    )


def _receive_content(call: Call, starter: Asset) -> Content:
    """Return the stored bytes; an upload that is interrupted may leave its starter.

    Source: https://github.com/zhangyoufu/macOS/issues/2 (the answer when a disk is full).
    """
    request = call.request
    try:
        return call.world.contents.receive(
            starter.size,
            request.body.readinto,
            request.alterations.corruption,
            keep=call.world.settings.keep_bytes,
        )
    except DisconnectedError:
        leaves: str | None = request.alterations.upload_leaves
        if leaves == "uploaded":  # not changed by a fault
            leaves = call.world.settings.abandoned_uploads
        if leaves is None:
            with call.world.store.lock:
                call.repository.remove_asset(starter)
        raise
    except OSError as error:
        raise ApiError(500, "Error saving asset", documentation=None) from error


def _complete(call: Call, starter: Asset, content: Content) -> Asset | None:
    """Turn the starter into what the request leaves; None when it was deleted meanwhile."""
    current = call.repository.find_asset(starter.id)
    leaves = call.request.alterations.upload_leaves
    if current is None or leaves != "uploaded":
        content.discard()
        if current is not None and leaves is None:
            call.repository.remove_asset(current)
        return current
    has_digest = call.world.settings.digests and call.world.origins.has_digests
    stored = dataclasses.replace(
        current,
        state="uploaded",
        content=content,
        digest=f"sha256:{content.sha256}" if has_digest else None,
        updated_at=call.world.clock.moment(),
    )
    call.repository.put_asset(stored)
    return stored
