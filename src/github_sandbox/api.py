"""The API and uploads origins: from a request to its answer, faults aside."""

import re
from dataclasses import replace
from email.utils import formatdate
from urllib.parse import unquote

from github_sandbox import routes
from github_sandbox.access import admit, identify, require, token_of
from github_sandbox.assets import upload_asset
from github_sandbox.bodies import BadRequestError
from github_sandbox.call import Call
from github_sandbox.downloads import is_signed
from github_sandbox.errors import JSON_TYPE, ApiError, new_request_id, not_found
from github_sandbox.limits import UPLOAD_POINTS
from github_sandbox.messages import Request, Response
from github_sandbox.models import Identity, Repository
from github_sandbox.world import World

VERSIONS = ("2022-11-28", "2026-03-10")
VERSIONS_PAGE = "https://docs.github.com/rest/about-the-rest-api/api-versions"
NO_AGENT = (
    b"\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent"
    b" header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-"
    b"required). Check https://developer.github.com for other possible causes.\r\n"
)


def answer(world: World, request: Request) -> tuple[Response, int]:
    """Return the answer to a request, and its cost in points of the primary limit."""
    if not request.headers.get("user-agent"):
        # Source: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
        text = ("Content-Type", "text/html; charset=utf-8")
        return Response(status=403, headers=(text,), body=NO_AGENT), 0
    request_id = new_request_id()
    identity: Identity | None = None
    points = 0
    request.documentation = world.origins.docs_url
    try:
        repository = repository_of(world, request)
        world.expiries.spend(token_of(request) or "")
        identity = identify(world, request, repository)
        response, points = _counted(world, request, identity, repository)
    except ApiError as error:
        response = _refusal(world, request, error, request_id)
    except BadRequestError as error:
        response = _refusal(world, request, ApiError(400, str(error)), request_id)
    return _with_common_headers(world, request, identity, response, request_id), points


def refusal(world: World, request: Request, error: ApiError) -> Response:
    """Return a refusal that has another cause than the request, such as a fault."""
    request.documentation = request.documentation or world.origins.docs_url
    request_id = new_request_id()
    response = _refusal(world, request, error, request_id)
    given = {name.lower() for name, _ in response.headers}
    return _with_common_headers(
        world, request, None, response, request_id, leave_out=frozenset(given)
    )


def find_call(world: World, request: Request) -> tuple[Call, routes.Route]:
    """Return what a request calls, with everything checked that comes before the call itself.

    Raises:
        ApiError: nothing is there, or not for this token.
    """
    repository = repository_of(world, request)
    return _find_call(world, request, identify(world, request, repository), repository)


def receive_handed_over(world: World, request: Request) -> Response:
    """Answer an upload that was redirected to storage; its signature stands for the token."""
    match = re.fullmatch(r"/releases/(\d+)/(\d+)/files", request.route_path)
    request.documentation = world.origins.docs_url
    try:
        if match is None or not is_signed(world, request):
            raise not_found()
        with world.store.lock:
            repository = world.store.repository_with_id(int(match[1]))
        request.params = {"release_id": match[2]}
        identity = world.identity(world.tokens["write"], repository)
        return upload_asset(Call(world=world, request=request, identity=identity, found=repository))
    except ApiError as error:
        return _refusal(world, request, error, new_request_id())


def _counted(
    world: World, request: Request, identity: Identity | None, repository: Repository | None
) -> tuple[Response, int]:
    limits, points = world.settings.limits, 0
    free = request.route_path == "/rate_limit"
    refused = world.limits.begin(identity, request.method, limits, free=free)
    try:
        if refused is not None:
            raise refused
        # Source: https://github.com/softprops/action-gh-release/issues/261 (an upload counts 2).
        points = UPLOAD_POINTS if request.origin == "uploads" else 1
        _work(world, request)
        response = _respond(world, request, identity, repository)
    except ApiError as error:
        return _refusal(world, request, error, new_request_id()), points
    else:
        points = 0 if response.free else points
        return response, points
    finally:
        world.limits.end(identity, limits, points)


def _work(world: World, request: Request) -> None:
    """Be under way for a while, as one of the requests that are under way at once."""
    settings = world.settings
    seconds = settings.upload_work if request.origin == "uploads" else settings.work
    if seconds:
        world.clock.sleep(seconds)


def _respond(
    world: World, request: Request, identity: Identity | None, repository: Repository | None
) -> Response:
    call, route = _find_call(world, request, identity, repository)
    if not route.locked:
        return route.handler(call)
    request.body.load()
    with world.store.lock:
        response = route.handler(call)
    etag = dict(response.headers).get("ETag", "")
    if request.method in {"GET", "HEAD"} and etag and _matches(request, etag):
        return Response(status=304, headers=(("ETag", etag),), free=True)
    return response


def _find_call(
    world: World, request: Request, identity: Identity | None, repository: Repository | None
) -> tuple[Call, routes.Route]:
    _check_version(world, request)
    table = routes.UPLOADS if request.origin == "uploads" else routes.API
    flavour = world.origins.flavour
    found = routes.find_route(table, request.method, request.route_path, flavour)
    if found is None:
        raise not_found()
    route, match = found
    request.params = {
        name: unquote(value) for name, value in match.groupdict().items() if value is not None
    }
    request.permissions = route.permissions
    if route.documentation:
        request.documentation = f"{world.origins.docs_url}/{route.documentation}"
    if route.pattern.groups and "repo" in route.pattern.groupindex:
        if repository is None:
            _redirect_if_renamed(world, request, identity)
            raise not_found()
        admit(world.origins, request, identity, repository, route.level)
    _check_accept(request)
    return Call(world=world, request=request, identity=identity, found=repository), route


def repository_of(world: World, request: Request) -> Repository | None:
    """Return the repository that a path names, or None."""
    parts = [unquote(part) for part in request.route_path.split("/")]
    with world.store.lock:
        if len(parts) >= 4 and parts[1] == "repos":
            return world.store.find_repository(parts[2], parts[3])
        if len(parts) >= 3 and parts[1] == "repositories" and parts[2].isdigit():
            return world.store.repository_with_id(int(parts[2]))
    return None


def _redirect_if_renamed(world: World, request: Request, identity: Identity | None) -> None:
    """Send on who uses a repository's old name.

    Source: https://github.com/octokit/fixtures (recorded: 301 for GET, 307 for PATCH).
    """
    parts = request.route_path.split("/", 4)
    with world.store.lock:
        repository = world.store.find_renamed(unquote(parts[2]), unquote(parts[3]))
    if repository is None:
        return
    require(identity, repository, "read")
    origins = world.origins
    base = origins.uploads_url if request.origin == "uploads" else origins.api_url
    rest = f"/{parts[4]}" if len(parts) > 4 else ""
    url = f"{base}/repositories/{repository.id}{rest}"
    url += f"?{request.query}" if request.query else ""
    raise ApiError(
        301 if request.method in {"GET", "HEAD"} else 307,
        "Moved Permanently",
        documentation="https://docs.github.com/v3/#http-redirects",
        headers=(("Location", url),),
        extra={"url": url},
    )


def _check_version(world: World, request: Request) -> None:
    """Let pass a version of the API that exists.

    Source: https://docs.github.com/en/rest/about-the-rest-api/api-versions
    """
    version = request.headers.get("x-github-api-version")
    if version is None or not world.origins.has_versions or version in VERSIONS:
        return
    message = f"{version} is not a supported API version. See {VERSIONS_PAGE} for more information."
    raise ApiError(400, message, documentation=VERSIONS_PAGE)


def _check_accept(request: Request) -> None:
    """Let pass an Accept header that can be satisfied.

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


def _matches(request: Request, etag: str) -> bool:
    """Whether the client has this already.

    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """
    wanted = request.headers.get("if-none-match", "")
    strip = [item.strip().removeprefix("W/") for item in wanted.split(",")]
    return etag.removeprefix("W/") in strip or wanted.strip() == "*"


def _refusal(world: World, request: Request, error: ApiError, request_id: str) -> Response:
    body = error.body(
        request.origin,
        request.documentation,
        request_id,
        with_status=world.origins.flavour != "ghes",  # younger than GHES 3.8
    )
    body = body.replace(b"{request_id}", request_id.encode())
    return Response(status=error.status, headers=(JSON_TYPE, *error.headers), body=body)


def _with_common_headers(
    world: World,
    request: Request,
    identity: Identity | None,
    response: Response,
    request_id: str,
    leave_out: frozenset[str] = frozenset(),
) -> Response:
    """Return the answer with what each host adds to all of its answers.

    Source: https://github.com/octokit/fixtures (recorded: the uploads host tells no rate limits).
    """
    headers = [
        ("Date", formatdate(world.clock.now(), usegmt=True)),
        ("X-GitHub-Request-Id", request_id),
        ("X-GitHub-Media-Type", "github.v3; format=json"),
        ("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP"),
    ]
    fine_grained = identity is not None and identity.integration
    if fine_grained and request.permissions and world.origins.has_versions:
        # Source: https://github.blog/changelog/2023-08-10-x-accepted-github-permissions-header-for-fine-grained-permission-actors
        headers += [("X-Accepted-GitHub-Permissions", request.permissions)]
    if request.origin == "uploads":
        headers.append(("Cache-Control", "no-cache"))
        kept = tuple(item for item in response.headers if not item[0].startswith("X-RateLimit-"))
        return replace(response, headers=kept).with_headers(*headers)
    headers += [("Server", "github.com"), ("Cache-Control", "private, max-age=60, s-maxage=60")]
    if world.origins.has_versions:
        selected = request.headers.get("x-github-api-version", VERSIONS[0])
        headers.append(("X-GitHub-Api-Version-Selected", selected))
    if identity is not None and not identity.integration:
        headers += [("X-OAuth-Scopes", "repo, workflow"), ("X-Accepted-OAuth-Scopes", "repo")]
    given = {name.lower() for name, _ in response.headers} | leave_out
    limits = world.limits.headers(identity, world.settings.limits)
    headers += [item for item in limits if item[0].lower() not in given]
    return response.with_headers(*headers)
