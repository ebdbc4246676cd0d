"""The endpoints of git references: get, list, create and delete branches and tags."""

from typing import Any

from github_sandbox.answers import json_response, reference_json
from github_sandbox.call import Call, json_object
from github_sandbox.errors import ApiError, not_found
from github_sandbox.messages import Response
from github_sandbox.models import Commit
from github_sandbox.release_changes import unpublish
from github_sandbox.tag_rules import RULESET, is_protected, is_tag_name


def get_reference(call: Call) -> Response:
    """Return one git reference by its exact name.

    Source: https://docs.github.com/en/rest/git/refs#get-a-reference
    """
    name = call.request.params["ref"]
    known = _all_references(call)
    if name not in known:
        raise not_found()
    return json_response(200, known[name])


def list_matching_references(call: Call) -> Response:
    """Return the git references whose names start with a text.

    Source: https://docs.github.com/en/rest/git/refs#list-matching-references
    """
    start = call.request.params["ref"]
    known = _all_references(call)
    names = sorted(name for name in known if name.startswith(start))
    return json_response(200, [known[name] for name in names])


def create_reference(call: Call) -> Response:
    """Create a branch or tag.

    Source: https://docs.github.com/en/rest/git/refs#create-a-reference
    """
    body = json_object(call.request)
    full_name, sha = body.get("ref"), body.get("sha")
    if not isinstance(full_name, str) or not isinstance(sha, str):
        raise ApiError(422, 'Invalid request.\n\n"ref", "sha" weren\'t supplied.')
    kind, _, name = full_name.removeprefix("refs/").partition("/")
    commits = _commits_by_kind(call)
    if not full_name.startswith("refs/") or kind not in commits or not is_tag_name(name):
        raise ApiError(422, "Reference name is not valid")
    commit = call.repository.find_commit(sha)
    if commit is None or commit.sha != sha:
        raise ApiError(422, "Object does not exist")
    if name in commits[kind]:
        raise ApiError(422, "Reference already exists")
    if kind == "tags":
        _check_new_tag(call, name)
    commits[kind][name] = commit
    shown = reference_json(call.world.origins, call.repository, f"{kind}/{name}", commit)
    return json_response(201, shown, ("Location", shown["url"]))


def delete_reference(call: Call) -> Response:
    """Delete a branch or tag; the published release of the tag becomes a draft.

    Source: https://docs.github.com/en/rest/git/refs#delete-a-reference and
    https://github.com/github-release/github-release/issues/37
    """
    kind, _, name = call.request.params["ref"].partition("/")
    commits = _commits_by_kind(call)
    if name not in commits.get(kind, {}):
        raise ApiError(422, "Reference does not exist")
    if kind == "tags":
        unpublish(call.repository, name)
    del commits[kind][name]
    return Response(status=204)


def _check_new_tag(call: Call, tag: str) -> None:
    """Refuse a tag that a ruleset protects, or that an immutable release has used.

    Source: https://github.com/github-community-projects/ospo-reusable-workflows/issues/83
    """
    if tag in call.repository.burned_tags or is_protected(call.repository, tag):
        raise ApiError(call.world.settings.ruleset_refusal, RULESET)


def _commits_by_kind(call: Call) -> dict[str, dict[str, Commit]]:
    """Return the tags and branches, as references name them."""
    return {"tags": call.repository.tags, "heads": call.repository.branches}


def _all_references(call: Call) -> dict[str, dict[str, Any]]:
    """Return name without "refs/" -> JSON of the reference."""
    repository, origins = call.repository, call.world.origins
    commits = {
        f"{kind}/{name}": commit
        for kind, named in _commits_by_kind(call).items()
        for name, commit in named.items()
    }
    return {
        name: reference_json(origins, repository, name, commit)
        for name, commit in {**commits, **repository.references}.items()
    }
