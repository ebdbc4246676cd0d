"""The control API for tests: state, seeds, faults, settings and the log, as JSON."""

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any

from github_sandbox import seed
from github_sandbox.answers import asset_json, release_json
from github_sandbox.errors import JSON_TYPE
from github_sandbox.fault_parser import parse
from github_sandbox.messages import Request, Response, Slice
from github_sandbox.models import Asset, Release, Repository, stamp
from github_sandbox.request_body import BadRequestError
from github_sandbox.sandbox import Sandbox
from github_sandbox.world import World


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer a request to the control API."""
    for method, pattern, handler in ROUTES:
        match = re.fullmatch(pattern, request.route_path)
        if match is None or method != request.method:
            continue
        try:
            text = request.body.read()
            document = json.loads(text) if text.strip() else None
            return handler(sandbox, document, *match.groups())
        except (ValueError, TypeError, KeyError, BadRequestError) as error:
            return _json(400, {"message": f"{type(error).__name__}: {error}"})
    request.body.drain()
    return _json(404, {"message": f"no {request.method} {request.route_path} here"})


def _get_requests(sandbox: Sandbox, _: object) -> Response:
    return _json(200, sandbox.world.journal.as_json())


def _delete_requests(sandbox: Sandbox, _: object) -> Response:
    sandbox.world.journal.clear()
    return Response(status=204)


def _get_state(sandbox: Sandbox, _: object) -> Response:
    world = sandbox.world
    with world.store.lock:
        repositories = {
            repository.full_name: _describe_repository(world, repository)
            for repository in world.store.repositories.values()
        }
        return _json(200, {"repositories": repositories})


def _describe_repository(world: World, repository: Repository) -> dict[str, Any]:
    return {
        "id": repository.id,
        "private": repository.private,
        "default_branch": repository.default_branch,
        "immutable_releases": repository.immutable_releases,
        "burned_tags": sorted(repository.burned_tags),
        "branches": {name: commit.sha for name, commit in repository.branches.items()},
        "tags": {
            name: {"sha": commit.sha, "date": stamp(commit.date)}
            for name, commit in repository.tags.items()
        },
        "latest": repository.latest_id,
        "history": [dataclasses.asdict(event) for event in repository.history],
        "releases": [
            _describe_release(world, repository, release)
            for release in repository.releases.values()
        ],
    }


def _describe_release(world: World, repository: Repository, release: Release) -> dict[str, Any]:
    """Return a release as the API shows it, and what some kinds of GitHub do not show."""
    assets = [
        asset_json(world.origins, repository, release, asset)
        | {"digest": asset.digest, "sha256": _sha256(asset)}
        for asset in repository.assets_of(release.id)
    ]
    hidden = {"immutable": release.immutable, "discussion": release.discussion}
    return release_json(world.origins, repository, release, []) | hidden | {"assets": assets}


def _sha256(asset: Asset) -> str | None:
    """Return the SHA-256 of the received bytes, also if the asset shows no digest."""
    return asset.content.sha256 if asset.content else None


def _post_seed(sandbox: Sandbox, document: object) -> Response:
    if not isinstance(document, dict):
        raise TypeError("a seed is an object")
    with sandbox.world.store.lock:
        seed.add_seed(sandbox.world, document)
    return Response(status=204)


def _get_content(sandbox: Sandbox, _: object, asset_id: str) -> Response:
    with sandbox.world.store.lock:
        for repository in sandbox.world.store.repositories.values():
            asset = repository.find_asset(int(asset_id))
            if asset is not None and asset.content is not None and asset.content.kept:
                size = asset.content.size
                body = Slice(content=asset.content, start=0, length=size)
                octets = ("Content-Type", "application/octet-stream")
                return Response(status=200, headers=(octets,), body=body)
    return _json(404, {"message": f"no content is stored for asset {asset_id}"})


def _get_faults(sandbox: Sandbox, _: object) -> Response:
    return _json(200, sandbox.world.faults.as_json())


def _post_faults(sandbox: Sandbox, document: object) -> Response:
    documents = document if isinstance(document, list) else [document]
    for fault in [parse(item) for item in documents]:
        sandbox.world.faults.add(fault)
    return Response(status=204)


def _delete_faults(sandbox: Sandbox, _: object) -> Response:
    sandbox.world.faults.clear()
    return Response(status=204)


def _get_settings(sandbox: Sandbox, _: object) -> Response:
    return _json(200, sandbox.world.settings.as_json())


def _put_settings(sandbox: Sandbox, document: object) -> Response:
    if not isinstance(document, dict):
        raise TypeError("settings are an object")
    sandbox.world.settings = sandbox.world.settings.changed(document)
    return _json(200, sandbox.world.settings.as_json())


def _post_reset(sandbox: Sandbox, _: object) -> Response:
    sandbox.reset()
    return Response(status=204)


def _json(status: int, document: object) -> Response:
    return Response(status=status, headers=(JSON_TYPE,), body=json.dumps(document).encode())


ROUTES: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "/requests", _get_requests),
    ("DELETE", "/requests", _delete_requests),
    ("GET", "/state", _get_state),
    ("POST", "/seed", _post_seed),
    ("GET", r"/assets/(\d+)/content", _get_content),
    ("GET", "/faults", _get_faults),
    ("POST", "/faults", _post_faults),
    ("DELETE", "/faults", _delete_faults),
    ("GET", "/settings", _get_settings),
    ("PUT", "/settings", _put_settings),
    ("POST", "/reset", _post_reset),
)
