"""The web origin: release pages, and downloads by name."""

import dataclasses
from urllib.parse import unquote

from github_sandbox import pages
from github_sandbox.answers import place
from github_sandbox.downloads import signed_url
from github_sandbox.messages import Request, Response
from github_sandbox.models import Asset, Release, Repository
from github_sandbox.store import find_latest, order_of_list
from github_sandbox.world import World

# No script, no picture from elsewhere, no frame: what a release says about itself is only text.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", f"{POLICY}frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


def answer(world: World, request: Request) -> Response:
    """Answer a request to the web origin."""
    request.body.drain()
    with world.store.lock:
        response = _find(world, request)
    return response or _page(404, pages.missing())


def _find(world: World, request: Request) -> Response | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    parts = [unquote(part) for part in request.route_path.split("/")[1:]]
    if parts == [""]:
        return _page(200, pages.front(world.origins, list(world.store.repositories.values())))
    if len(parts) < 2:
        return None
    repository = world.store.find_repository(parts[0], parts[1])
    if repository is None:
        return _renamed(world, request, parts)
    match parts[2:]:
        case [] | ["releases"]:
            return _page(200, _list_page(world, repository))
        case ["releases", "latest"]:
            latest = find_latest(repository)
            path = f"releases/tag/{place(latest)}" if latest else "releases"
            return _redirect(f"{world.origins.server_url}/{repository.full_name}/{path}")
        case ["releases", "latest", "download", name]:
            return _download(world, repository, find_latest(repository), name)
        case ["releases", "tag", *tag] if tag:
            return _release_page(world, repository, "/".join(tag))
        case ["releases", "download", *tag, name] if tag:
            return _download(world, repository, _published(repository, "/".join(tag)), name)
    return None


def _list_page(world: World, repository: Repository) -> str:
    releases = sorted(repository.releases.values(), key=order_of_list, reverse=True)
    views = [_view(world, repository, release) for release in releases]
    return pages.releases(world.origins, repository, views)


def _release_page(world: World, repository: Repository, tag: str) -> Response | None:
    """Return a release's page; a draft's too, which GitHub shows to its makers only."""
    for release in repository.releases.values():
        if tag == (release.slug if release.draft else release.tag_name):
            view = _view(world, repository, release)
            return _page(200, pages.release(world.origins, repository, view))
    return None


def _view(world: World, repository: Repository, release: Release) -> pages.View:
    assets = repository.assets_of(release.id)
    signed = release.draft or repository.private
    return pages.View(
        release=release,
        latest=release == find_latest(repository),
        assets=tuple(assets),
        # Downloads by name are for the public; whoever sees this page may have the bytes.
        links={
            asset.id: signed_url(world, repository, asset)
            for asset in assets
            if signed and asset.content is not None
        },
    )


def _published(repository: Repository, tag: str) -> Release | None:
    found = (
        item for item in repository.releases.values() if not item.draft and item.tag_name == tag
    )
    return next(found, None)


def _download(
    world: World, repository: Repository, release: Release | None, name: str
) -> Response | None:
    """Redirect to the bytes of an asset, found by its name.

    Private repositories and drafts give nothing here, token or not.
    Source: https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases
    """
    if repository.private or release is None:
        return None
    for asset in repository.assets_of(release.id):
        if asset.name == name and asset.content is not None:
            _count_download(repository, asset)
            return _redirect(signed_url(world, repository, asset))
    return None


def _count_download(repository: Repository, asset: Asset) -> None:
    repository.put_asset(dataclasses.replace(asset, download_count=asset.download_count + 1))


def _renamed(world: World, request: Request, parts: list[str]) -> Response | None:
    repository = world.store.find_renamed(parts[0], parts[1])
    if repository is None:
        return None
    rest = request.route_path.split("/", 3)[3:]
    path = "/".join([repository.full_name, *rest])
    return Response(status=301, headers=(("Location", f"{world.origins.server_url}/{path}"),))


def _redirect(url: str) -> Response:
    return Response(status=302, headers=(("Location", url), ("Cache-Control", "no-cache")))


def _page(status: int, text: str) -> Response:
    return Response(status=status, headers=HEADERS, body=text.encode())
