"""The storage origin: signed URLs, and the bytes of assets."""

import hashlib
import hmac
import re
from urllib.parse import quote, urlencode

from github_sandbox.content import Content
from github_sandbox.messages import Request, Response, Slice
from github_sandbox.models import Asset, Release, Repository
from github_sandbox.world import World

PREFIX = "github-production-release-asset"
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
XML = ("Content-Type", "application/xml")


def signed_url(world: World, repository: Repository, asset: Asset) -> str:
    """Return a temporary URL of an asset's bytes that needs no token.

    Source: https://github.com/PyGithub/PyGithub (recorded answers).
    """
    path = f"/{PREFIX}/{repository.id}/{asset.id}"
    expiry = _expiry(world)
    query = {
        "sp": "r",
        "sr": "b",
        "se": expiry,
        "sig": _signature(world, path, expiry),
        "rscd": f"attachment; filename={asset.name}",
        "rsct": "application/octet-stream",
    }
    return f"{world.origins.storage_url}{path}?{urlencode(query, quote_via=quote)}"


def signed_upload_url(world: World, repository: Repository, release: Release, query: str) -> str:
    """Return a temporary URL for an upload to a release; the query names the asset."""
    path = f"/releases/{repository.id}/{release.id}/files"
    expiry = _expiry(world)
    signed = urlencode({"se": expiry, "sig": _signature(world, path, expiry)})
    return f"{world.origins.storage_url}{path}?{query}&{signed}"


def is_signed(world: World, request: Request) -> bool:
    """Whether a request to storage has a valid signature that has not expired."""
    return _has_signature(world, request) and not _has_expired(world, request)


def serve_content(world: World, request: Request) -> Response:
    """Answer a request to the storage origin.

    Source: https://github.com/octokit/octokit.js/issues/967 (a token here is refused).
    """
    if request.method not in {"GET", "HEAD"}:
        return _error(405, "UnsupportedHttpVerb", "The resource doesn't support this verb.")
    if "authorization" in request.headers and world.origins.flavour != "ghes":
        return _error(
            400,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
        )
    if not _has_signature(world, request):
        return _error(403, "AuthenticationFailed", "Signature did not match.")
    if _has_expired(world, request):
        return _error(403, "AuthenticationFailed", "Signature not valid in the specified time.")
    with world.store.lock:
        asset = _find_asset(world, request.route_path)
    if asset is None or asset.content is None or not asset.content.kept:
        return _error(404, "BlobNotFound", "The specified blob does not exist.")
    return _send_range(request, asset, asset.content)


def _send_range(request: Request, asset: Asset, content: Content) -> Response:
    """Return an asset's bytes, or the requested part of them."""
    size = content.size
    headers = (
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", f"attachment; filename={asset.name}"),
        ("Accept-Ranges", "bytes"),
        ("ETag", f'"{content.sha256[:16]}"'),
        ("Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
    )
    match = RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or not any(match.groups()):
        return Response(
            status=200, headers=headers, body=Slice(content=content, start=0, length=size)
        )
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        return Response(status=416, headers=(("Content-Range", f"bytes */{size}"),))
    part = Slice(content=content, start=start, length=end - start)
    sent = ("Content-Range", f"bytes {start}-{end - 1}/{size}")
    return Response(status=206, headers=(*headers, sent), body=part)


def _expiry(world: World) -> str:
    """Return when a URL that is signed now expires, in seconds since the epoch."""
    return str(int(world.clock.now() + world.settings.download_seconds) + 1)


def _has_signature(world: World, request: Request) -> bool:
    expected = _signature(world, request.route_path, request.arguments.get("se", ""))
    return hmac.compare_digest(expected, request.arguments.get("sig", ""))


def _has_expired(world: World, request: Request) -> bool:
    return world.clock.now() >= int(request.arguments["se"])


def _signature(world: World, path: str, expiry: str) -> str:
    return hmac.new(world.signing_key, f"{path}\n{expiry}".encode(), hashlib.sha256).hexdigest()


def _find_asset(world: World, path: str) -> Asset | None:
    _, repository_id, asset_id = path.strip("/").split("/")
    repository = world.store.find_repository_by_id(int(repository_id))
    return repository.find_asset(int(asset_id)) if repository else None


def _error(status: int, code: str, message: str) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code>'
    return Response(
        status=status, headers=(XML,), body=f"{text}<Message>{message}</Message></Error>".encode()
    )
