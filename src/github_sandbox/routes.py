"""The endpoints: path and method -> handler, required access, and page of the documentation."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from github_sandbox import (
    assets,
    commits,
    graphql,
    notes,
    references,
    releases,
    repositories,
    service,
    uploads,
)
from github_sandbox.call import Call
from github_sandbox.messages import Response
from github_sandbox.models import Level
from github_sandbox.origins import Origins

REPOSITORY = r"(?:/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)|/repositories/(?P<repository_id>\d+))"
RELEASES = "releases/releases"
ASSETS = "releases/assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An endpoint."""

    method: str
    pattern: re.Pattern[str]
    handler: Callable[[Call], Response]
    level: Level  # of access that a call needs
    documentation: str  # page and anchor
    since: tuple[int, int] = (0, 0)  # the version of GHES that has it first
    locked: bool = True  # whether the handler runs under the store's lock
    # The permissions of fine-grained tokens, any one of several sets separated by semicolons. They
    # do not depend on the request.
    permissions: str = ""


def _route(
    method: str,
    path: str,
    handler: Callable[[Call], Response],
    documentation: str = "",
    *,
    level: Level = "read",
    since: tuple[int, int] = (0, 0),
    locked: bool = True,
    creates_tags: bool = False,
) -> Route:
    return Route(
        method=method, pattern=re.compile(path), handler=handler, level=level,
        documentation=documentation, since=since, locked=locked,
        permissions=_permissions(method, path, level, creates_tags=creates_tags),
    )  # fmt: skip


def _permissions(method: str, path: str, level: Level, *, creates_tags: bool) -> str:
    """Return the permissions that an endpoint accepts; "" for those without a repository.

    Source: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps and
    https://github.com/microsoft/AL-Go/issues/808 (for endpoints that create tags)
    """
    if not path.startswith(REPOSITORY):
        return ""
    if level == "admin":
        return f"administration={'read' if method == 'GET' else 'write'}"
    if creates_tags:
        return "contents=write; contents=write,workflows=write"
    return f"contents={'write' if level == 'write' else 'read'}"


_IMMUTABLE = (3, 21)
_R = REPOSITORY
_REFS = rf"{_R}/git/refs/(?P<ref>.+)"

API: tuple[Route, ...] = (
    _route("GET", rf"{_R}/releases", releases.list_releases, f"{RELEASES}#list-releases"),
    _route("POST", rf"{_R}/releases", releases.create_release, f"{RELEASES}#create-a-release",
           level="write", creates_tags=True),
    _route("GET", rf"{_R}/releases/latest", releases.get_latest_release,
           f"{RELEASES}#get-the-latest-release"),
    _route("GET", rf"{_R}/releases/tags/(?P<tag>.+)", releases.get_release_by_tag,
           f"{RELEASES}#get-a-release-by-tag-name"),
    _route("POST", rf"{_R}/releases/generate-notes", notes.generate_notes,
           f"{RELEASES}#generate-release-notes-content-for-a-release", level="write"),
    _route("GET", rf"{_R}/releases/(?P<release_id>\d+)", releases.get_release,
           f"{RELEASES}#get-a-release"),
    _route("PATCH", rf"{_R}/releases/(?P<release_id>\d+)", releases.update_release,
           f"{RELEASES}#update-a-release", level="write", creates_tags=True),
    _route("DELETE", rf"{_R}/releases/(?P<release_id>\d+)", releases.delete_release,
           f"{RELEASES}#delete-a-release", level="write"),
    _route("GET", rf"{_R}/releases/(?P<release_id>\d+)/assets", assets.list_assets,
           f"{ASSETS}#list-release-assets"),
    _route("GET", rf"{_R}/releases/assets/(?P<asset_id>\d+)", assets.get_asset,
           f"{ASSETS}#get-a-release-asset"),
    _route("PATCH", rf"{_R}/releases/assets/(?P<asset_id>\d+)", assets.update_asset,
           f"{ASSETS}#update-a-release-asset", level="write"),
    _route("DELETE", rf"{_R}/releases/assets/(?P<asset_id>\d+)", assets.delete_asset,
           f"{ASSETS}#delete-a-release-asset", level="write"),
    _route("GET", _R, repositories.get_repository, "repos/repos#get-a-repository"),
    _route("GET", rf"{_R}/commits/(?P<ref>.+)", commits.get_commit,
           "commits/commits#get-a-commit"),
    _route("GET", rf"{_R}/git/ref/(?P<ref>.+)", references.get_reference,
           "git/refs#get-a-reference"),
    _route("GET", rf"{_R}/git/matching-refs/(?P<ref>.+)", references.list_matching_references,
           "git/refs#list-matching-references"),
    _route("POST", rf"{_R}/git/refs", references.create_reference,
           "git/refs#create-a-reference", level="write", creates_tags=True),
    _route("DELETE", _REFS, references.delete_reference, "git/refs#delete-a-reference",
           level="write"),
    _route("GET", rf"{_R}/immutable-releases", repositories.get_immutability,
           "repos/repos#check-if-immutable-releases-are-enabled-for-a-repository",
           level="admin", since=_IMMUTABLE),
    _route("PUT", rf"{_R}/immutable-releases", repositories.set_immutability,
           "repos/repos#enable-immutable-releases", level="admin", since=_IMMUTABLE),
    _route("DELETE", rf"{_R}/immutable-releases", repositories.set_immutability,
           "repos/repos#disable-immutable-releases", level="admin", since=_IMMUTABLE),
    _route("GET", "/rate_limit", service.get_rate_limit, "rate-limit/rate-limit"),
    _route("GET", "/user", service.get_user, "users/users#get-the-authenticated-user"),
    _route("GET", "/meta", service.get_meta, "meta/meta"),
    _route("GET", "/", service.get_root),
    _route("POST", "/graphql", graphql.answer_query, "graphql"),
)  # fmt: skip
UPLOADS: tuple[Route, ...] = (
    # Errors of the uploads host link to the first page of the documentation.
    _route("POST", rf"{_R}/releases/(?P<release_id>\d+)/assets", uploads.upload_asset,
           level="write", locked=False),
)  # fmt: skip


def find_route(
    routes: tuple[Route, ...], method: str, path: str, origins: Origins
) -> tuple[Route, re.Match[str]] | None:
    """Return the route of a path as sent, and the match of its pattern.

    HEAD has the route of GET; its answer has no body.
    """
    effective = "GET" if method == "HEAD" else method
    for route in routes:
        if route.method != effective or not origins.has(route.since):
            continue
        match = route.pattern.fullmatch(path)
        if match is not None and (path == "/" or not path.endswith("/")):
            return route, match
    return None
