"""A JSON document that says what is there from the start."""

import base64
import dataclasses
from datetime import UTC, datetime
from typing import Any

from github_sandbox.latest import choose_latest
from github_sandbox.models import Asset, Release, Repository
from github_sandbox.releases import new_slug
from github_sandbox.store import new_commit
from github_sandbox.world import ADMIN, BOT, LEVELS, World

SEED_FIELDS = {"tokens", "jobs", "expiring", "settings", "repositories"}
REPOSITORY_FIELDS = {
    "name", "private", "immutable_releases", "enforced_by_owner", "renamed_from",
    "protected_tags", "discussion_categories", "default_branch", "branches", "commits",
    "tags", "burned_tags", "releases", "archived", "saml", "ip_allow_list", "references",
}  # fmt: skip


def tokens(document: dict[str, Any]) -> dict[str, str]:
    """Return the tokens that a document gives, by level.

    Raises:
        ValueError: there is no such level.
    """
    given = document.get("tokens", {})
    if unknown := sorted(set(given) - set(LEVELS)):
        raise ValueError(f"there is no token {unknown[0]!r}, only {', '.join(LEVELS)}")
    return {str(name): str(token) for name, token in given.items()}


def plant(world: World, document: dict[str, Any]) -> None:
    """Add everything that a document describes.

    Raises:
        ValueError: it describes something else.
    """
    _only(document, SEED_FIELDS, "a seed")
    world.tokens |= tokens(document)
    world.jobs |= {str(name): str(token) for name, token in document.get("jobs", {}).items()}
    for name, expiry in document.get("expiring", {}).items():
        _only(expiry, {"requests", "seconds"}, "an expiring token")
        token = {**world.tokens, **world.jobs}[name]
        end = {"requests": expiry.get("requests"), "seconds": expiry.get("seconds")}
        world.expiries.set(token, **end)
    world.settings = world.settings.changed(document.get("settings", {}))
    for item in document.get("repositories", []):
        _plant_repository(world, {"name": item} if isinstance(item, str) else item)


def _plant_repository(world: World, item: dict[str, Any]) -> None:
    _only(item, REPOSITORY_FIELDS, "a repository")
    repository = world.store.add_repository(item["name"])
    repository.private = item.get("private", repository.private)
    for flag in ("archived", "saml", "ip_allow_list"):
        setattr(repository, flag, bool(item.get(flag, getattr(repository, flag))))
    repository.immutable_releases = item.get("immutable_releases", repository.immutable_releases)
    repository.enforced_by_owner = item.get("enforced_by_owner", repository.enforced_by_owner)
    repository.renamed_from += tuple(item.get("renamed_from", ()))
    repository.protected_tags += tuple(item.get("protected_tags", ()))
    repository.categories += tuple(item.get("discussion_categories", ()))
    repository.burned_tags |= set(item.get("burned_tags", ()))
    repository.default_branch = item.get("default_branch", repository.default_branch)
    if repository.default_branch not in repository.branches:
        repository.branches[repository.default_branch] = repository.branches["main"]
    for name in item.get("branches", ()):
        _plant_commit(world, repository, repository.branches, name)
    for name in item.get("commits", ()):
        _plant_commit(world, repository, repository.commits, name)
    for name in item.get("references", ()):
        _plant_commit(world, repository, repository.references, name)
    for name in item.get("tags", ()):
        _plant_commit(world, repository, repository.tags, name)
    for release in item.get("releases", ()):
        _plant_release(world, repository, {"tag": release} if isinstance(release, str) else release)


def _plant_commit(
    world: World, repository: Repository, place: dict[str, Any], given: str | dict[str, Any]
) -> None:
    """Add a branch, tag or commit: a name, or an object with name, sha, date and the like."""
    item: dict[str, Any] = {"name": given} if isinstance(given, str) else given
    _only(item, {"name", "sha", "date", "changes_workflows"}, "a branch, tag or commit")
    name = item["name"]
    commit = world.store.commit_for_tag(repository, name)
    if place is repository.commits:
        commit = new_commit(name, commit.date)
        commit = dataclasses.replace(commit, sha=item.get("sha", name))
    commit = dataclasses.replace(
        commit,
        sha=item.get("sha", commit.sha),
        date=_moment(item["date"]) if "date" in item else commit.date,
        changes_workflows=item.get("changes_workflows", False),
    )
    place[name] = commit
    repository.commits[commit.sha] = commit


def _plant_release(world: World, repository: Repository, item: dict[str, Any]) -> None:
    known = {
        "tag", "name", "body", "draft", "prerelease", "immutable", "target_commitish",
        "make_latest", "id", "created_at", "published_at", "assets",
    }  # fmt: skip
    _only(item, known, "a release")
    tag, draft = item["tag"], bool(item.get("draft"))
    if not draft and tag not in repository.tags:
        _plant_commit(world, repository, repository.tags, tag)
    commit = repository.tags.get(tag) or repository.branches[repository.default_branch]
    created = _moment(item["created_at"]) if "created_at" in item else commit.date
    published = _moment(item["published_at"]) if "published_at" in item else world.clock.moment()
    release = Release(
        id=item.get("id") or world.store.next_release_id(),
        tag_name=tag,
        target_commitish=item.get("target_commitish", repository.default_branch),
        name=item.get("name", tag),
        body=item.get("body"),
        draft=draft,
        prerelease=bool(item.get("prerelease")),
        immutable=bool(item.get("immutable")) and not draft,
        created_at=created,
        published_at=None if draft else published,
        updated_at=published,
        author=ADMIN,
        slug=new_slug(),
    )
    repository.releases[release.id] = release
    if release.immutable:
        repository.burned_tags.add(tag)
    choose_latest(repository, release, item.get("make_latest"))
    for asset in item.get("assets", ()):
        _plant_asset(world, repository, release, asset)


def _plant_asset(
    world: World, repository: Repository, release: Release, item: dict[str, Any]
) -> None:
    """Add an asset, its content as "text", "base64" or a "size" of zero bytes."""
    known = {
        "name", "label", "state", "content_type", "text", "base64", "size", "digest", "id",
        "created_at", "download_count",
    }  # fmt: skip
    _only(item, known, "an asset")
    state = item.get("state", "uploaded")
    if "text" in item:
        content = world.contents.put(item["text"].encode())
    elif "base64" in item:
        content = world.contents.put(base64.b64decode(item["base64"]))
    else:
        content = world.contents.put_zeros(0 if state == "starter" else item.get("size", 1))
    moment = _moment(item["created_at"]) if "created_at" in item else world.clock.moment()
    has_digests = world.settings.digests and world.origins.has_digests
    own_digest = f"sha256:{content.sha256}" if state == "uploaded" else None
    digest = item.get("digest", own_digest) if has_digests else None
    repository.put_asset(
        Asset(
            id=item.get("id") or world.store.next_asset_id(),
            release_id=release.id,
            name=item["name"],
            label=item.get("label", ""),
            state=state,
            content_type=item.get("content_type", "application/octet-stream"),
            size=item.get("size", content.size),
            digest=digest,
            content=content if state == "uploaded" else None,
            download_count=item.get("download_count", 0),
            created_at=moment,
            updated_at=moment,
            uploader=BOT,
        )
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _only(item: dict[str, Any], known: set[str], what: str) -> None:
    if unknown := sorted(set(item) - known):
        raise ValueError(f"{what} has no {unknown[0]!r}")
