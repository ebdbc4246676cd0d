"""Tokens and access to repositories: who may do what, and how the others are refused."""

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
    """Return the token of a request; "" for an Authorization header that GitHub does not support."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "token"} and value.strip():
        return value.strip()
    return "" if scheme else None


def identify(world: World, request: Request, repository: Repository | None) -> Identity | None:
    """Return the identity of the token of a request; None for a request without a token.

    Raises:
        ApiError: 401, the token is unknown or has expired.

    Source: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
    """
    token = token_of(request)
    if token is None:
        return None
    identity = world.identity(token, repository)
    if identity is None or world.expiries.has_expired(token):
        raise ApiError(401, "Bad credentials", documentation=world.origins.docs_url)
    return identity


def can(identity: Identity | None, repository: Repository, level: Level) -> bool:
    """Whether a token has a level of access to a repository."""
    if level == "read" and not repository.private:
        return True
    actual = identity.level if identity else "none"
    return ORDER_OF_LEVELS.index(actual) >= ORDER_OF_LEVELS.index(level)


def check_access(
    origins: Origins, request: Request, identity: Identity | None, repository: Repository,
    level: Level,
) -> None:  # fmt: skip
    """Refuse a token without this level, or against the rules of the repository's owner.

    Raises:
        ApiError: as `check_level`; 403 for a token that the owner refuses, and for a write to an
            archived repository.

    Source: https://docs.github.com/en/repositories/archiving-a-github-repository/archiving-repositories
    """
    check_level(identity, repository, "read")
    _check_owner(origins, identity, repository)
    check_level(identity, repository, level)
    if repository.archived and request.method not in {"GET", "HEAD"}:
        raise ApiError(403, "Repository was archived so is read-only.")


def _check_owner(origins: Origins, identity: Identity | None, repository: Repository) -> None:
    """Refuse a token that the owner does not allow: by SAML, for people only, or by IP address.

    Source: https://github.com/gr2m/octokit-plugin-create-pull-request/issues/67 (SAML),
    https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api (its header) and
    https://github.com/SalesforceFoundation/NPSP/issues/7247 (IP addresses).
    """
    if repository.saml and identity is not None and not identity.integration:
        raise _saml_required(origins, repository)
    if repository.ip_allow_list and identity is not None:
        raise ApiError(
            403,
            "Although you appear to have the correct authorization credentials, the "
            f"`{repository.owner.login}` organization has an IP allow list enabled, and your IP "
            "address is not permitted to access this resource.",
        )


def _saml_required(origins: Origins, repository: Repository) -> ApiError:
    owner = repository.owner.login
    url = f"{origins.server_url}/orgs/{owner}/sso?authorization_request=AZSCKL"
    return ApiError(
        403,
        "Resource protected by organization SAML enforcement. You must grant your Personal "
        "Access token access to this organization.",
        documentation=SAML_PAGE,
        headers=(("X-GitHub-SSO", f"required; url={url}"),),
    )


def check_level(identity: Identity | None, repository: Repository, level: Level) -> None:
    """Refuse a token without this level.

    Raises:
        ApiError: 404 to hide that the repository exists, 401 without a token, 403 for GITHUB_TOKEN
            without the permission.

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
