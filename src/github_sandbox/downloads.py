"""The storage origin: signed links, and the bytes behind them."""

import hashlib
import hmac
import re
from urllib.parse import quote, urlencode

from github_sandbox.messages import Request, Response, Slice
from github_sandbox.models import Asset, Release, Repository
from github_sandbox.world import World

FOLDER = "github-production-release-asset"
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
XML = ("Content-Type", "application/xml")


def signed_url(world: World, repository: Repository, asset: Asset) -> str:
    """Return a link to an asset's bytes that works for a while and for everybody.

    Source: https://github.com/PyGithub/PyGithub (recorded answers).
    """
    path = f"/{FOLDER}/{repository.id}/{asset.id}"
    ends = str(int(world.clock.now() + world.settings.download_seconds) + 1)
    query = {
        "sp": "r",
        "sr": "b",
        "se": ends,
        "sig": _signature(world, path, ends),
        "rscd": f"attachment; filename={asset.name}",
        "rsct": "application/octet-stream",
    }
    return f"{world.origins.storage_url}{path}?{urlencode(query, quote_via=quote)}"


def signed_upload_url(world: World, repository: Repository, release: Release, query: str) -> str:
    """Return where storage takes an upload to a release; the query names the asset."""
    path = f"/releases/{repository.id}/{release.id}/files"
    ends = str(int(world.clock.now() + world.settings.download_seconds) + 1)
    signed = urlencode({"se": ends, "sig": _signature(world, path, ends)})
    return f"{world.origins.storage_url}{path}?{query}&{signed}"


def is_signed(world: World, request: Request) -> bool:
    """Whether a request to storage carries a signature of ours that is still good."""
    ends = request.arguments.get("se", "")
    expected = _signature(world, request.route_path, ends)
    signed = hmac.compare_digest(expected, request.arguments.get("sig", ""))
    return signed and world.clock.now() < int(ends)


def serve_content(world: World, request: Request) -> Response:
    """Answer a request to the storage origin.

    Source: https://github.com/octokit/octokit.js/issues/967 (a token here is refused).
    """
    if request.method not in {"GET", "HEAD"}:
        return _refused(405, "UnsupportedHttpVerb", "The resource doesn't support this verb.")
    if "authorization" in request.headers and world.origins.flavour != "ghes":
        return _refused(
            400,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
        )
    ends = request.arguments.get("se", "")
    expected = _signature(world, request.route_path, ends)
    if not hmac.compare_digest(expected, request.arguments.get("sig", "")):
        return _refused(403, "AuthenticationFailed", "Signature did not match.")
    if world.clock.now() >= int(ends):
        return _refused(403, "AuthenticationFailed", "Signature not valid in the specified time.")
    with world.store.lock:
        asset = _asset_at(world, request.route_path)
    if asset is None or asset.content is None or not asset.content.kept:
        return _refused(404, "BlobNotFound", "The specified blob does not exist.")
    return ranged(request, asset)


def ranged(request: Request, asset: Asset) -> Response:
    """Return an asset's bytes, or the part that is asked for."""
    if asset.content is None:
        raise ValueError("nothing is stored")
    size = asset.content.size
    headers = (
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", f"attachment; filename={asset.name}"),
        ("Accept-Ranges", "bytes"),
        ("ETag", f'"{asset.content.sha256[:16]}"'),
        ("Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
    )
    match = RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or not any(match.groups()):
        whole = Slice(content=asset.content, start=0, length=size)
        return Response(status=200, headers=headers, body=whole)
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        return Response(status=416, headers=(("Content-Range", f"bytes */{size}"),))
    part = Slice(content=asset.content, start=start, length=end - start)
    shown = ("Content-Range", f"bytes {start}-{end - 1}/{size}")
    return Response(status=206, headers=(*headers, shown), body=part)


def _signature(world: World, path: str, ends: str) -> str:
    return hmac.new(world.signing_key, f"{path}\n{ends}".encode(), hashlib.sha256).hexdigest()


def _asset_at(world: World, path: str) -> Asset | None:
    _, repository_id, asset_id = path.strip("/").split("/")
    repository = world.store.repository_with_id(int(repository_id))
    return repository.find_asset(int(asset_id)) if repository else None


def _refused(status: int, code: str, message: str) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code>'
    return Response(
        status=status, headers=(XML,), body=f"{text}<Message>{message}</Message></Error>".encode()
    )
