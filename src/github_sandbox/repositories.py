"""The endpoints of a repository: its description, and whether its releases become immutable."""

from github_sandbox.access import can
from github_sandbox.answers import json_response, repository_json
from github_sandbox.call import Call
from github_sandbox.errors import ApiError, not_found
from github_sandbox.messages import Response


def get_repository(call: Call) -> Response:
    """Return the repository.

    Source: https://docs.github.com/en/rest/repos/repos#get-a-repository
    """
    push, admin = (can(call.identity, call.repository, level) for level in ("write", "admin"))
    shown = repository_json(call.world.origins, call.repository, push=push, admin=admin)
    return json_response(200, shown)


def get_immutability(call: Call) -> Response:
    """Return whether releases become immutable.

    Source: https://docs.github.com/en/rest/repos/repos#check-if-immutable-releases-are-enabled-for-a-repository
    """
    if not call.repository.immutable_releases:
        raise not_found()
    return json_response(
        200, {"enabled": True, "enforced_by_owner": call.repository.enforced_by_owner}
    )


def set_immutability(call: Call) -> Response:
    """Turn immutable releases on or off, for releases that are published from now on."""
    if call.repository.enforced_by_owner:
        raise ApiError(409, "Immutable releases are enforced by the repository owner")
    call.repository.immutable_releases = call.request.method == "PUT"
    return Response(status=204)
