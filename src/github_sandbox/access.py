"""Who may do what: tokens, private repositories, and the answers to those who may not."""

from github_sandbox.errors import ApiError, not_found
from github_sandbox.messages import Request
from github_sandbox.models import ORDER_OF_LEVELS, Identity, Level, Repository
from github_sandbox.world import World


def token_of(request: Request) -> str | None:
    """Return the token that a request carries, in any of the forms GitHub takes."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "token"} and value.strip():
        return value.strip()
    return None if not scheme else ""


def identify(world: World, request: Request, repository: Repository | None) -> Identity | None:
    """Return who asks; None is somebody without a token.

    Raises:
        ApiError: 401, the token is none of ours.

    Source: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
    """
    token = token_of(request)
    if token is None:
        return None
    identity = world.identity(token, repository)
    if identity is None:
        page = world.origins.docs_url
        raise ApiError(401, "Bad credentials", documentation=page)
    return identity


def can(identity: Identity | None, repository: Repository, level: Level) -> bool:
    """Whether somebody has a level of access to a repository."""
    has = identity.level if identity else "none"
    if level == "read" and not repository.private:
        return True
    return ORDER_OF_LEVELS.index(has) >= ORDER_OF_LEVELS.index(level)


def require(identity: Identity | None, repository: Repository, level: Level) -> None:
    """Let pass who has this level.

    Raises:
        ApiError: 404 where not even the existence is to be known, 401 without a token, 403 for
            GITHUB_TOKEN without the permission.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    if not can(identity, repository, "read"):
        raise not_found()
    if can(identity, repository, level):
        return
    if identity is None:
        raise ApiError(401, "Requires authentication")
    if identity.integration:
        raise ApiError(403, "Resource not accessible by integration")
    raise not_found()
