"""The endpoints about the API itself and the token: rate limit, user, root, version."""

from typing import Any

from github_sandbox.answers import account_json, json_response
from github_sandbox.call import Call
from github_sandbox.errors import ApiError, not_accessible
from github_sandbox.messages import Response


def get_rate_limit(call: Call) -> Response:
    """Return the state of the token's rate limit, at no cost.

    Source: https://docs.github.com/en/rest/rate-limit/rate-limit
    """
    world = call.world
    if world.origins.flavour == "ghes" and not world.settings.limits.enforce:
        raise ApiError(404, "Rate limiting is not enabled.")
    numbers = world.limits.numbers(call.identity, world.settings.limits)
    answer = json_response(200, {"resources": {"core": numbers}, "rate": numbers})
    return Response(status=200, headers=answer.headers, body=answer.body, free=True)


def get_user(call: Call) -> Response:
    """Return the user of the token; GITHUB_TOKEN has none.

    Source: https://docs.github.com/en/rest/users/users#get-the-authenticated-user
    """
    if call.identity is None:
        raise ApiError(401, "Requires authentication")
    if call.identity.integration:
        raise not_accessible()
    return json_response(200, account_json(call.world.origins, call.identity.account))


def get_root(call: Call) -> Response:
    """Return the URLs of the API."""
    api = call.world.origins.api_url
    return json_response(
        200,
        {
            "current_user_url": f"{api}/user",
            "rate_limit_url": f"{api}/rate_limit",
            "repository_url": f"{api}/repos/{{owner}}/{{repo}}",
            "user_url": f"{api}/users/{{user}}",
        },
    )


def get_meta(call: Call) -> Response:
    """Return facts about the server; on GHES its version.

    Source: https://docs.github.com/en/enterprise-server@3.8/rest/meta
    """
    document: dict[str, Any] = {"verifiable_password_authentication": False}
    if call.world.origins.flavour == "ghes":
        major, minor = call.world.origins.ghes_version
        document["installed_version"] = f"{major}.{minor}.0"
    return json_response(200, document)
