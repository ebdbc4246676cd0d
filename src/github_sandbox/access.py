"""Who may do what: tokens, private repositories, and the answers to those who may not."""

from github_sandbox.errors import ApiError, not_accessible, not_found
from github_sandbox.messages import Request
from github_sandbox.models import ORDER_OF_LEVELS, Identity, Level, Repository
from github_sandbox.origins import Origins
from github_sandbox.world import World

SAML_PAGE = (
    "https://docs.github.com/articles/"
    "authenticating-to-a-github-organization-with-saml-single-sign-on/"
)


def token_of(request: Request) -> str | None:
    """Return the token that a request carries, in any of the forms GitHub takes."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "token"} and value.strip():
        return value.strip()
    return None if not scheme else ""


def identify(world: World, request: Request, repository: Repository | None) -> Identity | None:
    """Return who asks; None is somebody without a token.

    Raises:
        ApiError: 401, the token is none of ours, or has expired.

    Source: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
    """
    token = token_of(request)
    if token is None:
        return None
    identity = world.identity(token, repository)
    if identity is None or world.expiries.has_expired(token):
        page = world.origins.docs_url
        raise ApiError(401, "Bad credentials", documentation=page)
    return identity


def can(identity: Identity | None, repository: Repository, level: Level) -> bool:
    """Whether somebody has a level of access to a repository."""
    has = identity.level if identity else "none"
    if level == "read" and not repository.private:
        return True
    return ORDER_OF_LEVELS.index(has) >= ORDER_OF_LEVELS.index(level)


def admit(
    origins: Origins, request: Request, identity: Identity | None, repository: Repository,
    level: Level,
) -> None:  # fmt: skip
    """Let pass who has this level, where nothing else keeps him out.

    Raises:
        ApiError: as `require`; 403 for what the owner keeps out, and for writes to an archive.

    Source: https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories
    """
    require(identity, repository, "read")
    _check_owner(origins, identity, repository)
    require(identity, repository, level)
    if repository.archived and request.method not in {"GET", "HEAD"}:
        raise ApiError(403, "Repository was archived so is read-only.")


def _check_owner(origins: Origins, identity: Identity | None, repository: Repository) -> None:
    """Let pass a token that the owner of a repository lets in; SAML is for people alone.

    Source: https://github.com/gr2m/octokit-plugin-create-pull-request/issues/67 (SAML),
    https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api (its header) and
    https://github.com/SalesforceFoundation/NPSP/issues/7247 (IP addresses).
    """
    owner = repository.owner.login
    if repository.saml and identity is not None and not identity.integration:
        url = f"{origins.server_url}/orgs/{owner}/sso?authorization_request=AZSCKL"
        raise ApiError(
            403,
            "Resource protected by organization SAML enforcement. You must grant your Personal "
            "Access token access to this organization.",
            documentation=SAML_PAGE,
            headers=(("X-GitHub-SSO", f"required; url={url}"),),
        )
    if repository.ip_allow_list and identity is not None:
        raise ApiError(
            403,
            f"Although you appear to have the correct authorization credentials, the `{owner}` "
            "organization has an IP allow list enabled, and your IP address is not permitted to "
            "access this resource.",
        )


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
        raise not_accessible()
    raise not_found()
