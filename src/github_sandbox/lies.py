"""Answers that report a success, but show another object or other values than the real one."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from github_sandbox.answers import asset_json, json_response, release_json
from github_sandbox.edits import edited
from github_sandbox.errors import JSON_TYPE, ApiError
from github_sandbox.faults import Fault
from github_sandbox.messages import Request, Response
from github_sandbox.models import Repository
from github_sandbox.routing import find_call, find_repository
from github_sandbox.world import World

RECOMPUTED = {"etag", "content-type"}  # headers that depend on the body
UNUSED_ID_DISTANCE = 1_000_000  # from the id of an object to an id that no object has

Handle = Callable[[], Response]
"""Carries out the request and returns its real answer."""


def lie(world: World, request: Request, fault: Fault, handle: Handle) -> Response:
    """Return a wrong answer of success; if GitHub would refuse the request, the refusal."""
    old = _find_current(world, request) if request.method == "PATCH" else None
    real = handle() if fault.effect else _handle_without_effect(world, request, handle)
    if not 200 <= real.status < 300:
        return real
    status = fault.status or real.status
    if not isinstance(real.body, bytes) or JSON_TYPE not in real.headers:
        return dataclasses.replace(real, status=status)
    document = json.loads(real.body)
    shown = fault.object or ("asked" if fault.effect else "old" if old else "other")
    if shown == "old" and old is not None:
        document = old
    elif shown != "asked":
        document = _find_other(world, request, document)
    kept = [item for item in real.headers if item[0].lower() not in RECOMPUTED]
    document = edited(document, fault.fields)
    return json_response(status, document, *kept, chunked=real.chunked)


def _find_current(world: World, request: Request) -> object:
    """Return the present JSON of the object at the path of a request, or None."""
    path = request.route_path.replace("/git/refs/", "/git/ref/")
    headers = {**request.headers, "accept": "application/json"}
    reading = dataclasses.replace(request, method="GET", route_path=path, headers=headers)
    try:
        call, route = find_call(world, reading)
        with world.store.lock:
            current: object = json.loads(_bytes(route.handler(call)))
    except ApiError:
        return None  # the request itself will be refused for the same reason
    else:
        return current


def _handle_without_effect(world: World, request: Request, handle: Handle) -> Response:
    """Return the answer that a request would get, and leave the state unchanged."""
    if request.method == "DELETE":
        return _delete_without_effect(world, request, handle)
    if request.origin == "uploads":
        real = handle()
        if real.status == 201:
            _remove_asset(world, request, json.loads(_bytes(real))["id"])
        return real
    request.body.load()
    with world.store.lock:
        restore = world.store.save()
        real = handle()
        restore()
    return real


def _delete_without_effect(world: World, request: Request, handle: Handle) -> Response:
    if _find_current(world, request) is None:
        return handle()  # which refuses it
    request.body.drain()
    return Response(status=204)


def _remove_asset(world: World, request: Request, asset_id: int) -> None:
    with world.store.lock:
        repository = find_repository(world, request)
        asset = repository.find_asset(asset_id) if repository else None
        if repository is not None and asset is not None:  # it may be deleted already
            repository.remove_asset(asset)
            asset.discard()


def _find_other(world: World, request: Request, document: object) -> object:
    """Return another object of the same kind; if there is none, one that does not exist."""
    with world.store.lock:
        repository = find_repository(world, request)
        if repository is None or not isinstance(document, dict) or "id" not in document:
            return document
        if "browser_download_url" in document:
            return _other_asset(world, repository, request, document)
        if "upload_url" in document:
            return _other_release(world, repository, document)
    return document


def _other_asset(
    world: World, repository: Repository, request: Request, document: dict[str, Any]
) -> dict[str, Any]:
    own = repository.find_asset(document["id"])
    own_release_id = own.release_id if own else int(request.params.get("release_id", 0))
    others = [
        asset
        for release_id in repository.assets
        for asset in repository.assets_of(release_id)
        if asset.id != document["id"]
    ]
    if not others:
        return _nonexistent(document, name=f"other-{document['name']}")
    asset = min(others, key=lambda item: (item.release_id != own_release_id, item.id))
    release = repository.releases[asset.release_id]
    return asset_json(world.origins, repository, release, asset)


def _other_release(
    world: World, repository: Repository, document: dict[str, Any]
) -> dict[str, Any]:
    others = [item for item in repository.releases.values() if item.id != document["id"]]
    if not others:
        return _nonexistent(document, tag_name="other", name="other", assets=[])
    release = max(others, key=lambda item: item.id)
    assets = repository.assets_of(release.id)
    return release_json(world.origins, repository, release, assets)


def _nonexistent(document: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return a copy of an object, with an id that no object has."""
    old = document["id"]
    text = json.dumps(document | changes)
    copy: dict[str, Any] = json.loads(text.replace(str(old), str(old + UNUSED_ID_DISTANCE)))
    return copy


def _bytes(response: Response) -> bytes:
    if not isinstance(response.body, bytes):
        raise TypeError("an answer of the API has its body in memory")
    return response.body
