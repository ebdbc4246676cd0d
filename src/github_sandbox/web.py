"""The web origin: the pages of releases, and downloads of assets by name."""

from urllib.parse import unquote

from github_sandbox import pages
from github_sandbox.answers import tag_in_url
from github_sandbox.downloads import signed_url
from github_sandbox.messages import Request, Response
from github_sandbox.models import Release, Repository
from github_sandbox.store import find_latest, find_release, order_of_list
from github_sandbox.world import World

# No scripts, images or frames: the texts of a release are shown as text only.
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
    return response or _page(404, pages.not_found())


def _find(world: World, request: Request) -> Response | None:
    """Return the answer for a path, or None if there is nothing at it."""
    if request.method not in {"GET", "HEAD"}:
        return None
    parts = [unquote(part) for part in request.route_path.split("/")[1:]]
    if parts == [""]:
        repositories = list(world.store.repositories.values())
        return _page(200, pages.repositories(world.origins, repositories))
    if len(parts) < 2:
        return None
    repository = world.store.find_repository(parts[0], parts[1])
    if repository is None:
        return _redirect_if_renamed(world, request, parts)
    return _find_in_repository(world, repository, parts[2:])


def _find_in_repository(world: World, repository: Repository, path: list[str]) -> Response | None:
    match path:
        case [] | ["releases"]:
            return _page(200, _list_page(world, repository))
        case ["releases", "latest"]:
            latest = find_latest(repository)
            target = f"releases/tag/{tag_in_url(latest)}" if latest else "releases"
            return _redirect(f"{world.origins.server_url}/{repository.full_name}/{target}")
        case ["releases", "latest", "download", name]:
            return _download(world, repository, find_latest(repository), name)
        case ["releases", "tag", *tag] if tag:
            return _release_page(world, repository, "/".join(tag))
        case ["releases", "download", *tag, name] if tag:
            return _download(world, repository, find_release(repository, "/".join(tag)), name)
    return None


def _list_page(world: World, repository: Repository) -> str:
    releases = sorted(repository.releases.values(), key=order_of_list, reverse=True)
    views = [_view(world, repository, release) for release in releases]
    return pages.releases(world.origins, repository, views)


def _release_page(world: World, repository: Repository, tag: str) -> Response | None:
    """Return the page of a release, also of a draft, which GitHub shows only to its authors."""
    for release in repository.releases.values():
        if tag == (release.slug if release.draft else release.tag_name):
            view = _view(world, repository, release)
            return _page(200, pages.release(world.origins, repository, view))
    return None


def _view(world: World, repository: Repository, release: Release) -> pages.ReleaseView:
    assets = repository.assets_of(release.id)
    signed = release.draft or repository.private
    return pages.ReleaseView(
        release=release,
        latest=release == find_latest(repository),
        assets=tuple(assets),
        # Downloads by name work for public releases only, but those who see this page may download.
        links={
            asset.id: signed_url(world, repository, asset)
            for asset in assets
            if signed and asset.content is not None
        },
    )


def _download(
    world: World, repository: Repository, release: Release | None, name: str
) -> Response | None:
    """Redirect to the bytes of an asset, found by its name.

    Assets of private repositories and drafts are not found here, even with a token.
    Source: https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases
    """
    if repository.private or release is None:
        return None
    for asset in repository.assets_of(release.id):
        if asset.name == name and asset.content is not None:
            repository.count_download(asset)
            return _redirect(signed_url(world, repository, asset))
    return None


def _redirect_if_renamed(world: World, request: Request, parts: list[str]) -> Response | None:
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
