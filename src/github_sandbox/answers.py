"""The JSON of releases, assets, accounts, repositories and git references."""

import base64
import json
from hashlib import sha256
from typing import Any

from github_sandbox.errors import JSON_TYPE
from github_sandbox.messages import Response
from github_sandbox.models import Account, Asset, Commit, Release, Repository, stamp
from github_sandbox.origins import Origins, escaped

LINKS_OF_ACCOUNTS = {
    "followers_url": "followers",
    "following_url": "following{/other_user}",
    "gists_url": "gists{/gist_id}",
    "starred_url": "starred{/owner}{/repo}",
    "subscriptions_url": "subscriptions",
    "organizations_url": "orgs",
    "repos_url": "repos",
    "events_url": "events{/privacy}",
    "received_events_url": "received_events",
}


def json_response(
    status: int, document: object, *headers: tuple[str, str], chunked: bool = False
) -> Response:
    """Return an answer with a JSON body and its ETag."""
    body = json.dumps(document, ensure_ascii=False).encode()
    tag = ("ETag", f'W/"{sha256(body).hexdigest()}"')
    return Response(status=status, headers=(JSON_TYPE, tag, *headers), body=body, chunked=chunked)


def account_json(origins: Origins, account: Account) -> dict[str, Any]:
    """Return a "simple user"."""
    login = escaped(account.login)
    url = f"{origins.api_url}/users/{login}"
    page = account.login.removesuffix("[bot]")
    path = f"apps/{page}" if account.kind == "Bot" else page
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("U", account.id),
        "avatar_url": f"{origins.server_url}/avatars/u/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{origins.server_url}/{path}",
        **{name: f"{url}/{link}" for name, link in LINKS_OF_ACCOUNTS.items()},
        "type": account.kind,
        "site_admin": False,
    }


def release_json(
    origins: Origins, repository: Repository, release: Release, assets: list[Asset]
) -> dict[str, Any]:
    """Return a release; assets: those that it shows."""
    api = f"{origins.api_url}/repos/{repository.full_name}"
    uploads = f"{origins.uploads_url}/repos/{repository.full_name}"
    tag = escaped(release.tag_name)
    document: dict[str, Any] = {
        "url": f"{api}/releases/{release.id}",
        "assets_url": f"{api}/releases/{release.id}/assets",
        "upload_url": f"{uploads}/releases/{release.id}/assets{{?name,label}}",
        "html_url": release_url(origins, repository, release),
        "id": release.id,
        "author": account_json(origins, release.author),
        "node_id": node_id("RE", release.id),
        "tag_name": release.tag_name,
        "target_commitish": release.target_commitish,
        "name": release.name,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "created_at": stamp(release.created_at),
        "published_at": stamp(release.published_at) if release.published_at else None,
        "assets": [asset_json(origins, repository, release, asset) for asset in assets],
        "tarball_url": None if release.draft else f"{api}/tarball/{tag}",
        "zipball_url": None if release.draft else f"{api}/zipball/{tag}",
        "body": release.body,
    }
    if origins.has_digests:
        document["immutable"] = release.immutable
        document["updated_at"] = stamp(release.updated_at)
    if release.discussion is not None:
        document["discussion_url"] = f"{origins.server_url}/{repository.full_name}/discussions/1"
    return document


def asset_json(
    origins: Origins, repository: Repository, release: Release, asset: Asset
) -> dict[str, Any]:
    """Return an asset."""
    api = f"{origins.api_url}/repos/{repository.full_name}"
    web = f"{origins.server_url}/{repository.full_name}"
    document: dict[str, Any] = {
        "url": f"{api}/releases/assets/{asset.id}",
        "id": asset.id,
        "node_id": node_id("RA", asset.id),
        "name": asset.name,
        "label": asset.label,
        "uploader": account_json(origins, asset.uploader),
        "content_type": asset.content_type,
        "state": asset.state,
        "size": asset.size,
        "digest": asset.digest,
        "download_count": asset.download_count,
        "created_at": stamp(asset.created_at),
        "updated_at": stamp(asset.updated_at),
        "browser_download_url": f"{web}/releases/download/{tag_in_url(release)}/{escaped(asset.name)}",
    }
    if not origins.has_digests:
        del document["digest"]
    return document


def tag_in_url(release: Release) -> str:
    """Return the tag in the web URLs of a release; for a draft, its slug."""
    return release.slug if release.draft else escaped(release.tag_name)


def release_url(origins: Origins, repository: Repository, release: Release) -> str:
    """Return the html_url of a release."""
    return f"{origins.server_url}/{repository.full_name}/releases/tag/{tag_in_url(release)}"


def repository_json(
    origins: Origins, repository: Repository, *, push: bool, admin: bool
) -> dict[str, Any]:
    """Return a repository, with the fields that clients of releases read."""
    url = f"{origins.api_url}/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "visibility": "private" if repository.private else "public",
        "owner": account_json(origins, repository.owner),
        "html_url": f"{origins.server_url}/{repository.full_name}",
        "description": None,
        "fork": False,
        "archived": repository.archived,
        "disabled": False,
        "url": url,
        "releases_url": f"{url}/releases{{/id}}",
        "tags_url": f"{url}/tags",
        "git_refs_url": f"{url}/git/refs{{/sha}}",
        "has_discussions": bool(repository.categories),
        "default_branch": repository.default_branch,
        "permissions": {"admin": admin, "maintain": admin, "push": push, "triage": push}
        | {"pull": True},
    }


def reference_json(
    origins: Origins, repository: Repository, name: str, commit: Commit
) -> dict[str, Any]:
    """Return a git reference; name: such as "tags/v1"."""
    git = f"{origins.api_url}/repos/{repository.full_name}/git"
    return {
        "ref": f"refs/{name}",
        "node_id": node_id("REF", repository.id),
        "url": f"{git}/refs/{name}",
        "object": {
            "sha": commit.sha,
            "type": "commit",
            "url": f"{git}/commits/{commit.sha}",
        },
    }


def node_id(kind: str, number: int) -> str:
    """Return an id in GraphQL's format."""
    packed = base64.urlsafe_b64encode(b"\x93\x00" + number.to_bytes(8, "big"))
    return f"{kind}_{packed.decode().rstrip('=')}"
