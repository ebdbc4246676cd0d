"""The origins of the API and of uploads: a request -> its answer and its cost, or a refusal."""

import re

from github_sandbox.access import identify, token_of
from github_sandbox.api_headers import with_common_headers
from github_sandbox.call import Call
from github_sandbox.downloads import is_signed
from github_sandbox.errors import JSON_TYPE, ApiError, not_found
from github_sandbox.limits import UPLOAD_POINTS
from github_sandbox.messages import Request, Response
from github_sandbox.models import Identity, Repository
from github_sandbox.request_body import BadRequestError
from github_sandbox.routing import find_call_of, find_repository
from github_sandbox.uploads import upload_asset
from github_sandbox.world import World

NO_AGENT = (
    b"\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent"
    b" header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-"
    b"required). Check https://developer.github.com for other possible causes.\r\n"
)


def answer(world: World, request: Request) -> tuple[Response, int]:
    """Return the answer to a request, and its cost in points of the primary limit.

    Source: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
    (a request without User-Agent is refused).
    """
    if not request.headers.get("user-agent"):
        html = ("Content-Type", "text/html; charset=utf-8")
        return Response(status=403, headers=(html,), body=NO_AGENT), 0
    request.documentation = world.origins.docs_url
    identity, points = None, 0
    try:
        repository = find_repository(world, request)
        world.expiries.count(token_of(request) or "")
        identity = identify(world, request, repository)
        response, points = _answer_within_limits(world, request, identity, repository)
    except ApiError as error:
        response = _format_refusal(world, request, error)
    return with_common_headers(world, request, identity, response), points


def refusal(world: World, request: Request, error: ApiError) -> Response:
    """Return a refusal that a fault causes, with the headers of all answers."""
    request.documentation = request.documentation or world.origins.docs_url
    return with_common_headers(world, request, None, _format_refusal(world, request, error))


def answer_redirected_upload(world: World, request: Request) -> Response:
    """Answer an upload that was redirected to storage; its signature replaces the token."""
    match = re.fullmatch(r"/releases/(\d+)/(\d+)/files", request.route_path)
    request.documentation = world.origins.docs_url
    try:
        if match is None or not is_signed(world, request):
            raise not_found()
        with world.store.lock:
            repository = world.store.find_repository_by_id(int(match[1]))
        request.params = {"release_id": match[2]}
        identity = world.identity(world.tokens["write"], repository)
        return upload_asset(Call(world=world, request=request, identity=identity, found=repository))
    except ApiError as error:
        return _format_refusal(world, request, error)


def _answer_within_limits(
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
        _wait_for_work(world, request)
        response = _call_endpoint(world, request, identity, repository)
        points = 0 if response.free else points
    except ApiError as error:
        response = _format_refusal(world, request, error)
    except BadRequestError as error:
        response = _format_refusal(world, request, ApiError(400, str(error)))
    finally:
        world.limits.end(identity, limits, points)
    return response, points


def _wait_for_work(world: World, request: Request) -> None:
    """Take as long as the settings say; meanwhile the request counts as concurrent."""
    settings = world.settings
    seconds = settings.upload_work if request.origin == "uploads" else settings.work
    if seconds:
        world.clock.sleep(seconds)


def _call_endpoint(
    world: World, request: Request, identity: Identity | None, repository: Repository | None
) -> Response:
    call, route = find_call_of(world, request, identity, repository)
    if not route.locked:
        return route.handler(call)
    request.body.load()
    with world.store.lock:
        response = route.handler(call)
    etag = dict(response.headers).get("ETag", "")
    if request.method in {"GET", "HEAD"} and etag and _has_current_version(request, etag):
        return Response(status=304, headers=(("ETag", etag),), free=True)
    return response


def _has_current_version(request: Request, etag: str) -> bool:
    """Whether the client already has the answer with this ETag.

    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """
    known = request.headers.get("if-none-match", "")
    etags = [item.strip().removeprefix("W/") for item in known.split(",")]
    return etag.removeprefix("W/") in etags or known.strip() == "*"


def _format_refusal(world: World, request: Request, error: ApiError) -> Response:
    body = error.body(
        request.origin,
        request.documentation,
        request.id,
        with_status=world.origins.has((3, 13)),
    )
    body = body.replace(b"{request_id}", request.id.encode())
    return Response(status=error.status, headers=(JSON_TYPE, *error.headers), body=body)
