"""The headers that all answers of the API have, by origin, kind of GitHub and token."""

from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate

from github_sandbox.messages import Request, Response
from github_sandbox.models import Identity
from github_sandbox.routing import VERSIONS
from github_sandbox.world import World

Header = tuple[str, str]


def with_common_headers(
    world: World, request: Request, identity: Identity | None, response: Response
) -> Response:
    """Return the answer with the headers that its host adds to all answers.

    Source: https://github.com/octokit/fixtures (recorded: answers of the uploads host have no
    headers of rate limits).
    """
    headers = [
        ("Date", formatdate(world.clock.now(), usegmt=True)),
        ("X-GitHub-Request-Id", request.id),
        ("X-GitHub-Media-Type", "github.v3; format=json"),
        ("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP"),
        *_permissions(world, request, identity),
    ]
    if request.origin == "uploads":
        kept = tuple(item for item in response.headers if not item[0].startswith("X-RateLimit-"))
        return replace(response, headers=kept).with_headers(*headers, ("Cache-Control", "no-cache"))
    headers += [("Server", "github.com"), ("Cache-Control", "private, max-age=60, s-maxage=60")]
    headers += _version_and_scopes(world, request, identity)
    given = {name.lower() for name, _ in response.headers}
    limits = world.limits.headers(identity, world.settings.limits)
    headers += [item for item in limits if item[0].lower() not in given]
    return response.with_headers(*headers)


def _permissions(world: World, request: Request, identity: Identity | None) -> Iterator[Header]:
    """Yield the permissions of the endpoint, for tokens that have permissions.

    Source: https://github.blog/changelog/2023-08-10-x-accepted-github-permissions-header-for-fine-grained-permission-actors
    """
    fine_grained = identity is not None and identity.integration
    if fine_grained and request.permissions and world.origins.has_versions:
        yield "X-Accepted-GitHub-Permissions", request.permissions


def _version_and_scopes(
    world: World, request: Request, identity: Identity | None
) -> Iterator[Header]:
    if world.origins.has_versions:
        version = request.headers.get("x-github-api-version", VERSIONS[0])
        yield "X-GitHub-Api-Version-Selected", version
    if identity is not None and not identity.integration:
        yield from (("X-OAuth-Scopes", "repo, workflow"), ("X-Accepted-OAuth-Scopes", "repo"))
