"""The endpoints around releases: repository, git references, immutability, limits, the root."""

from typing import Any

from github_sandbox.access import can
from github_sandbox.answers import account_json, json_response, reference_json, repository_json
from github_sandbox.call import Call, json_object
from github_sandbox.errors import ApiError, not_found
from github_sandbox.messages import Response
from github_sandbox.releases import unpublish
from github_sandbox.rules import RULESET, is_protected, is_tag_name


def get_repository(call: Call) -> Response:
    """Return the repository."""
    push, admin = (can(call.identity, call.repository, level) for level in ("write", "admin"))
    shown = repository_json(call.world.origins, call.repository, push=push, admin=admin)
    return json_response(200, shown)


def get_reference(call: Call) -> Response:
    """Return one git reference by its exact name.

    Source: https://docs.github.com/en/rest/git/refs#get-a-reference
    """
    name = call.request.params["ref"]
    known = _references(call)
    if name not in known:
        raise not_found()
    return json_response(200, known[name])


def list_matching_references(call: Call) -> Response:
    """Return the git references that begin with a name.

    Source: https://docs.github.com/en/rest/git/refs#list-matching-references
    """
    start = call.request.params["ref"]
    known = _references(call)
    return json_response(200, [known[name] for name in sorted(known) if name.startswith(start)])


def create_reference(call: Call) -> Response:
    """Make a branch or tag.

    Source: https://docs.github.com/en/rest/git/refs#create-a-reference and, for names that an
    immutable release has used,
    https://github.com/github-community-projects/ospo-reusable-workflows/issues/83
    """
    body = json_object(call.request)
    full, sha = body.get("ref"), body.get("sha")
    if not isinstance(full, str) or not isinstance(sha, str):
        raise ApiError(422, 'Invalid request.\n\n"ref", "sha" weren\'t supplied.')
    kind, _, name = full.removeprefix("refs/").partition("/")
    places = {"tags": call.repository.tags, "heads": call.repository.branches}
    if not full.startswith("refs/") or kind not in places or not is_tag_name(name):
        raise ApiError(422, "Reference name is not valid")
    commit = call.repository.find_commit(sha)
    if commit is None or commit.sha != sha:
        raise ApiError(422, "Object does not exist")
    if name in places[kind]:
        raise ApiError(422, "Reference already exists")
    burned = name in call.repository.burned_tags
    if kind == "tags" and (burned or is_protected(call.repository, name)):
        raise ApiError(call.world.settings.ruleset_refusal, RULESET)
    places[kind][name] = commit
    shown = reference_json(call.world.origins, call.repository, f"{kind}/{name}", commit)
    return json_response(201, shown, ("Location", shown["url"]))


def delete_reference(call: Call) -> Response:
    """Remove a branch or tag; the published release of the tag becomes a draft.

    Source: https://docs.github.com/en/rest/git/refs#delete-a-reference and
    https://github.com/github-release/github-release/issues/37
    """
    kind, _, name = call.request.params["ref"].partition("/")
    places = {"tags": call.repository.tags, "heads": call.repository.branches}
    if name not in places.get(kind, {}):
        raise ApiError(422, "Reference does not exist")
    if kind == "tags":
        unpublish(call.repository, name)
    del places[kind][name]
    return Response(status=204)


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
    """Turn immutable releases on or off, for what is published from now on."""
    if call.repository.enforced_by_owner:
        raise ApiError(409, "Immutable releases are enforced by the repository owner")
    call.repository.immutable_releases = call.request.method == "PUT"
    return Response(status=204)


def get_rate_limit(call: Call) -> Response:
    """Return where the token stands; free of charge.

    Source: https://docs.github.com/en/rest/rate-limit/rate-limit
    """
    world = call.world
    if world.origins.flavour == "ghes" and not world.settings.limits.enforce:
        raise ApiError(404, "Rate limiting is not enabled.")
    numbers = world.limits.numbers(call.identity, world.settings.limits)
    answer = json_response(200, {"resources": {"core": numbers}, "rate": numbers})
    return Response(status=200, headers=answer.headers, body=answer.body, free=True)


def get_user(call: Call) -> Response:
    """Return who the token speaks for; GITHUB_TOKEN speaks for nobody.

    Source: https://docs.github.com/en/rest/users/users#get-the-authenticated-user
    """
    if call.identity is None:
        raise ApiError(401, "Requires authentication")
    if call.identity.integration:
        raise ApiError(403, "Resource not accessible by integration")
    return json_response(200, account_json(call.world.origins, call.identity.account))


def get_root(call: Call) -> Response:
    """Return the links that the API starts with."""
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
    """Return what is to be known about the server; on GHES its version.

    Source: https://docs.github.com/en/enterprise-server@3.8/rest/meta
    """
    document: dict[str, Any] = {"verifiable_password_authentication": False}
    if call.world.origins.flavour == "ghes":
        document["installed_version"] = "3.8.0"
    return json_response(200, document)


def _references(call: Call) -> dict[str, dict[str, Any]]:
    repository, origins = call.repository, call.world.origins
    found = {}
    for kind, places in (("tags", repository.tags), ("heads", repository.branches)):
        for name, commit in places.items():
            full = f"{kind}/{name}"
            found[full] = reference_json(origins, repository, full, commit)
    for full, commit in repository.references.items():
        found[full] = reference_json(origins, repository, full, commit)
    return found
