"""The endpoint of GraphQL: the queries about releases that the program gh sends."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from github_sandbox.access import can
from github_sandbox.answers import json_response, node_id
from github_sandbox.call import Call, json_object
from github_sandbox.errors import ApiError
from github_sandbox.messages import Response
from github_sandbox.models import Release, Repository, stamp
from github_sandbox.store import find_latest, find_release, order_of_list

OPERATION = re.compile(r"\s*(?:query\s+(?P<name>\w+))?")
FIELDS = (
    "name", "tagName", "isDraft", "isPrerelease", "createdAt", "publishedAt", "databaseId", "id",
)  # fmt: skip
CLOUD_FIELDS = ("isLatest", "immutable")  # newer than GHES 3.8


def answer_query(call: Call) -> Response:
    """Answer a query of gh; any other query gets an error in GraphQL's format.

    Source: https://docs.github.com/en/graphql/reference/objects#release and the queries in
    https://github.com/cli/cli (pkg/cmd/release).
    """
    body = json_object(call.request)
    query, variables = body.get("query"), body.get("variables") or {}
    if call.identity is None:
        raise ApiError(401, "This endpoint requires you to be authenticated.")
    match = OPERATION.match(query) if isinstance(query, str) else None
    name = match["name"] if match else None
    if name == "Release_fields":
        return json_response(200, {"data": _release_fields(call)})
    operation = _OPERATIONS.get(name or "")
    if operation is None or not isinstance(variables, dict):
        return _error("NOT_ANSWERED", f"this sandbox does not know the query {query!r:.80}")
    owner, repository_name = str(variables.get("owner")), str(variables.get("name"))
    repository = call.world.store.find_repository(owner, repository_name)
    if repository is None or not can(call.identity, repository, "read"):
        full_name = f"{owner}/{repository_name}"
        message = f"Could not resolve to a Repository with the name '{full_name}'."
        return _error("NOT_FOUND", message)
    call.found = repository
    return json_response(200, {"data": {"repository": operation(call, str(query), variables)}})


def _release_fields(call: Call) -> dict[str, Any]:
    cloud = CLOUD_FIELDS if call.world.origins.has_digests else ()
    return {"Release": {"fields": [{"name": name} for name in (*FIELDS, *cloud)]}}


def _release_by_tag(call: Call, _: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the published release of a tag; otherwise its first draft."""
    tag = str(variables.get("tagName"))
    release = find_release(call.repository, tag)
    drafts = [item for item in _visible(call) if item.draft and item.tag_name == tag]
    chosen = release or min(drafts, key=lambda item: item.id, default=None)
    if chosen is None:
        return {"release": None}
    return {"release": {"databaseId": chosen.id, "isDraft": chosen.draft}}


def _list_releases(call: Call, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of releases; a cursor is the number of releases before the next page."""
    backwards = variables.get("direction", "DESC") == "DESC"
    releases = sorted(_visible(call), key=order_of_list, reverse=backwards)
    cursor = variables.get("endCursor")
    start = int(cursor) if isinstance(cursor, str) and cursor.isdigit() else 0
    end = start + int(variables.get("perPage", 30))
    nodes = [_node(call.repository, item, query) for item in releases[start:end]]
    page = {"hasNextPage": end < len(releases), "endCursor": str(end) if nodes else None}
    return {"releases": {"nodes": nodes, "pageInfo": page}}


def _find_reference(call: Call, _: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    tag = str(variables.get("tagName", "")).removeprefix("refs/tags/")
    if tag not in call.repository.tags:
        return {"ref": None}
    return {"ref": {"id": node_id("REF", call.repository.id)}}


def _visible(call: Call) -> list[Release]:
    may_push = can(call.identity, call.repository, "write")
    return [item for item in call.repository.releases.values() if may_push or not item.draft]


def _node(repository: Repository, release: Release, query: str) -> dict[str, Any]:
    """Return the fields of a release that the query names."""
    fields = {
        "name": release.name,
        "tagName": release.tag_name,
        "isDraft": release.draft,
        "immutable": release.immutable,
        "isLatest": release == find_latest(repository),
        "isPrerelease": release.prerelease,
        "createdAt": stamp(release.created_at),
        "publishedAt": stamp(release.published_at) if release.published_at else None,
    }
    requested = set(re.findall(r"\w+", query.partition("nodes")[2].partition("}")[0]))
    return {name: value for name, value in fields.items() if name in requested}


def _error(kind: str, message: str) -> Response:
    error = {"type": kind, "path": ["repository"], "message": message}
    return json_response(200, {"data": None, "errors": [error]})


Operation = Callable[[Call, str, Mapping[str, Any]], dict[str, Any]]
_OPERATIONS: Mapping[str, Operation] = {
    "RepositoryReleaseByTag": _release_by_tag,
    "RepositoryReleaseList": _list_releases,
    "RepositoryFindRef": _find_reference,
}
