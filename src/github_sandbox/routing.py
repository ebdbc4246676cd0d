"""A request of the API -> its repository and endpoint, after the checks that precede the call."""

from urllib.parse import unquote

from github_sandbox import routes
from github_sandbox.access import check_access, check_level, identify
from github_sandbox.call import Call
from github_sandbox.errors import ApiError, not_found
from github_sandbox.messages import Request
from github_sandbox.models import Identity, Repository
from github_sandbox.world import World

VERSIONS = ("2022-11-28", "2026-03-10")
VERSIONS_PAGE = "https://docs.github.com/rest/about-the-rest-api/api-versions"


def find_call(world: World, request: Request) -> tuple[Call, routes.Route]:
    """Return the call of a request, and the route to its endpoint.

    Raises:
        ApiError: there is no such endpoint or repository, or the token may not use it.
    """
    repository = find_repository(world, request)
    return find_call_of(world, request, identify(world, request, repository), repository)


def find_call_of(
    world: World, request: Request, identity: Identity | None, repository: Repository | None
) -> tuple[Call, routes.Route]:
    """Return the same as find_call, for a known identity and repository; raises alike."""
    _check_version(world, request)
    route = _match_route(world, request)
    if "repo" in route.pattern.groupindex:
        if repository is None:
            _redirect_if_renamed(world, request, identity)
            raise not_found()
        check_access(world.origins, request, identity, repository, route.level)
    _check_accept(request)
    return Call(world=world, request=request, identity=identity, found=repository), route


def find_repository(world: World, request: Request) -> Repository | None:
    """Return the repository in the path of a request, or None."""
    parts = [unquote(part) for part in request.route_path.split("/")]
    with world.store.lock:
        if len(parts) >= 4 and parts[1] == "repos":
            return world.store.find_repository(parts[2], parts[3])
        if len(parts) >= 3 and parts[1] == "repositories" and parts[2].isdigit():
            return world.store.find_repository_by_id(int(parts[2]))
    return None


def _match_route(world: World, request: Request) -> routes.Route:
    """Return the route of a request, and store in the request what the route says about it."""
    table = routes.UPLOADS if request.origin == "uploads" else routes.API
    found = routes.find_route(table, request.method, request.route_path, world.origins)
    if found is None:
        raise not_found()
    route, match = found
    request.params = {
        name: unquote(value) for name, value in match.groupdict().items() if value is not None
    }
    request.permissions = route.permissions
    if route.documentation:
        request.documentation = f"{world.origins.docs_url}/{route.documentation}"
    return route


def _redirect_if_renamed(world: World, request: Request, identity: Identity | None) -> None:
    """Redirect a request that uses the old name of a repository.

    Source: https://github.com/octokit/fixtures (recorded: 301 for GET, 307 for PATCH).
    """
    parts = request.route_path.split("/", 4)
    with world.store.lock:
        repository = world.store.find_renamed(unquote(parts[2]), unquote(parts[3]))
    if repository is None:
        return
    check_level(identity, repository, "read")
    origins = world.origins
    base = origins.uploads_url if request.origin == "uploads" else origins.api_url
    rest = f"/{parts[4]}" if len(parts) > 4 else ""
    query = f"?{request.query}" if request.query else ""
    url = f"{base}/repositories/{repository.id}{rest}{query}"
    raise ApiError(
        301 if request.method in {"GET", "HEAD"} else 307,
        "Moved Permanently",
        documentation="https://docs.github.com/v3/#http-redirects",
        headers=(("Location", url),),
        extra={"url": url},
    )


def _check_version(world: World, request: Request) -> None:
    """Refuse a version of the API that does not exist.

    Source: https://docs.github.com/en/rest/about-the-rest-api/api-versions
    """
    version = request.headers.get("x-github-api-version")
    if version is None or not world.origins.has_versions or version in VERSIONS:
        return
    message = f"{version} is not a supported API version. See {VERSIONS_PAGE} for more information."
    raise ApiError(400, message, documentation=VERSIONS_PAGE)


def _check_accept(request: Request) -> None:
    """Refuse an Accept header without a content type that GitHub can send.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    accept = request.headers.get("accept", "*/*")
    kinds = [item.split(";")[0].strip().lower() for item in accept.split(",")]
    known = ("*/*", "application/*", "application/json", "application/octet-stream")
    if not any(kind in known or kind.startswith("application/vnd.github") for kind in kinds):
        raise ApiError(
            415,
            f"Unsupported 'Accept' header: '{accept}'. Must accept 'application/json'.",
        )
