"""Answers of success that are wrong: they show something else than what was done."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from github_sandbox import api
from github_sandbox.answers import asset_json, json_response, release_json
from github_sandbox.edits import edited
from github_sandbox.errors import JSON_TYPE, ApiError
from github_sandbox.faults import Fault
from github_sandbox.messages import Request, Response
from github_sandbox.models import Repository
from github_sandbox.world import World

RECOMPUTED = {"etag", "content-type"}
FAR = 1_000_000  # between the id of an object and that of one that is made up after it


def lie(world: World, request: Request, fault: Fault, handle: Callable[[], Response]) -> Response:
    """Return an answer of success that is wrong; a refusal is returned as it is.

    handle: carries the request out and returns the true answer.
    """
    old = _current(world, request) if request.method == "PATCH" else None
    true = handle() if fault.effect else _handle_without_effect(world, request, handle)
    if not 200 <= true.status < 300:
        return true
    status = fault.status or true.status
    if not isinstance(true.body, bytes) or JSON_TYPE not in true.headers:
        return dataclasses.replace(true, status=status)
    document = json.loads(true.body)
    shown = fault.object or ("asked" if fault.effect else "old" if old else "other")
    if shown == "old" and old is not None:
        document = old
    elif shown != "asked":
        document = _other(world, request, document)
    kept = [item for item in true.headers if item[0].lower() not in RECOMPUTED]
    document = edited(document, fault.fields)
    return json_response(status, document, *kept, chunked=true.chunked)


def _current(world: World, request: Request) -> object:
    """Return the object at the path of a request as it is now, or None."""
    path = request.route_path.replace("/git/refs/", "/git/ref/")
    headers = {**request.headers, "accept": "application/json"}
    reading = dataclasses.replace(request, method="GET", route_path=path, headers=headers)
    try:
        call, route = api.find_call(world, reading)
        with world.store.lock:
            current: object = json.loads(_bytes(route.handler(call)))
    except ApiError:
        return None  # the request itself will be refused for the same reason
    else:
        return current


def _handle_without_effect(
    world: World, request: Request, handle: Callable[[], Response]
) -> Response:
    """Return the answer that a request would have, and leave everything as it was."""
    if request.method == "DELETE":
        if _current(world, request) is None:
            return handle()  # which refuses it
        request.body.drain()
        return Response(status=204)
    if request.origin == "uploads":
        true = handle()
        if true.status == 201:
            _forget_asset(world, request, json.loads(_bytes(true)))
        return true
    request.body.load()
    with world.store.lock:
        restore = world.store.saved()
        true = handle()
        restore()
    return true


def _forget_asset(world: World, request: Request, document: dict[str, Any]) -> None:
    with world.store.lock:
        repository = api.repository_of(world, request)
        asset = repository.find_asset(document["id"]) if repository else None
        if repository is None or asset is None:
            return  # another request has deleted it meanwhile
        del repository.assets[asset.release_id][asset.id]
        if asset.content is not None:
            asset.content.discard()


def _other(world: World, request: Request, document: object) -> object:
    """Return another object of the same kind: one that exists, else one that is made up."""
    with world.store.lock:
        repository = api.repository_of(world, request)
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
    this = repository.find_asset(document["id"])
    home = this.release_id if this else int(request.params.get("release_id", 0))
    others = [
        asset
        for release_id in repository.assets
        for asset in repository.assets_of(release_id)
        if asset.id != document["id"]
    ]
    if not others:
        return _made_up(document, name=f"other-{document['name']}")
    asset = min(others, key=lambda item: (item.release_id != home, item.id))
    release = repository.releases[asset.release_id]
    return asset_json(world.origins, repository, release, asset)


def _other_release(
    world: World, repository: Repository, document: dict[str, Any]
) -> dict[str, Any]:
    others = [item for item in repository.releases.values() if item.id != document["id"]]
    if not others:
        return _made_up(document, tag_name="other", name="other", assets=[])
    release = max(others, key=lambda item: item.id)
    assets = repository.assets_of(release.id)
    return release_json(world.origins, repository, release, assets)


def _made_up(document: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return an object like this one, with an id that no object has."""
    old = document["id"]
    text = json.dumps(document | changes)
    made: dict[str, Any] = json.loads(text.replace(str(old), str(old + FAR)))
    return made


def _bytes(response: Response) -> bytes:
    if not isinstance(response.body, bytes):
        raise TypeError("an answer of the API has its body in memory")
    return response.body
