"""Seeds: a JSON document that describes what exists -> repositories, tokens and settings."""

import base64
import dataclasses
from datetime import UTC, datetime
from typing import Any

from github_sandbox.content import Content
from github_sandbox.latest import choose_latest
from github_sandbox.models import Asset, Commit, Release, Repository
from github_sandbox.release_changes import new_slug
from github_sandbox.store import new_commit
from github_sandbox.world import GITHUB_BOT, LEVELS, MONALISA, World

SEED_FIELDS = {"tokens", "jobs", "expiring", "settings", "repositories"}
REPOSITORY_FIELDS = {
    "name", "private", "immutable_releases", "enforced_by_owner", "renamed_from",
    "protected_tags", "discussion_categories", "default_branch", "branches", "commits",
    "tags", "burned_tags", "releases", "archived", "saml", "ip_allow_list", "references",
}  # fmt: skip
RELEASE_FIELDS = {
    "tag", "name", "body", "draft", "prerelease", "immutable", "target_commitish",
    "make_latest", "id", "created_at", "published_at", "assets",
}  # fmt: skip
ASSET_FIELDS = {
    "name", "label", "state", "content_type", "text", "base64", "size", "digest", "id",
    "created_at", "download_count",
}  # fmt: skip
COMMIT_FIELDS = {"name", "sha", "date", "changes_workflows"}
FLAGS = ("private", "archived", "saml", "ip_allow_list", "immutable_releases", "enforced_by_owner")


def tokens_of(document: dict[str, Any]) -> dict[str, str]:
    """Return the tokens of a seed, by level.

    Raises:
        ValueError: there is no such level.
    """
    given = document.get("tokens", {})
    if unknown := sorted(set(given) - set(LEVELS)):
        raise ValueError(f"there is no token {unknown[0]!r}, only {', '.join(LEVELS)}")
    return {str(name): str(token) for name, token in given.items()}


def add_seed(world: World, document: dict[str, Any]) -> None:
    """Add everything that a seed describes.

    Raises:
        ValueError: it has an unknown field.
    """
    _check_fields(document, SEED_FIELDS, "a seed")
    world.tokens |= tokens_of(document)
    world.jobs |= {str(name): str(token) for name, token in document.get("jobs", {}).items()}
    for name, expiry in document.get("expiring", {}).items():
        _check_fields(expiry, {"requests", "seconds"}, "an expiring token")
        token = {**world.tokens, **world.jobs}[name]
        world.expiries.set(token, requests=expiry.get("requests"), seconds=expiry.get("seconds"))
    world.settings = world.settings.changed(document.get("settings", {}))
    for item in document.get("repositories", []):
        _add_repository(world, {"name": item} if isinstance(item, str) else item)


def _add_repository(world: World, item: dict[str, Any]) -> None:
    """Add a repository, or change the existing one with this name."""
    _check_fields(item, REPOSITORY_FIELDS, "a repository")
    repository = world.store.add_repository(item["name"])
    for flag in FLAGS:
        setattr(repository, flag, bool(item.get(flag, getattr(repository, flag))))
    repository.renamed_from += tuple(item.get("renamed_from", ()))
    repository.protected_tags += tuple(item.get("protected_tags", ()))
    repository.categories += tuple(item.get("discussion_categories", ()))
    repository.burned_tags |= set(item.get("burned_tags", ()))
    repository.default_branch = item.get("default_branch", repository.default_branch)
    if repository.default_branch not in repository.branches:
        repository.branches[repository.default_branch] = repository.branches["main"]
    for kind in ("branches", "commits", "references", "tags"):
        for commit in item.get(kind, ()):
            _add_commit(world, repository, kind, commit)
    for release in item.get("releases", ()):
        _add_release(world, repository, {"tag": release} if isinstance(release, str) else release)


def _add_commit(
    world: World, repository: Repository, kind: str, given: str | dict[str, Any]
) -> None:
    """Add a branch, tag, reference or commit: a name, or an object with COMMIT_FIELDS."""
    item: dict[str, Any] = {"name": given} if isinstance(given, str) else given
    _check_fields(item, COMMIT_FIELDS, "a branch, tag or commit")
    name = item["name"]
    commit = world.store.commit_for_tag(repository, name)
    if kind == "commits":
        commit = dataclasses.replace(new_commit(name, commit.date), sha=name)
    commit = dataclasses.replace(
        commit,
        sha=item.get("sha", commit.sha),
        date=_moment(item["date"]) if "date" in item else commit.date,
        changes_workflows=item.get("changes_workflows", False),
    )
    named: dict[str, Commit] = getattr(repository, kind)
    named[name] = commit
    repository.commits[commit.sha] = commit


def _add_release(world: World, repository: Repository, item: dict[str, Any]) -> None:
    """Add a release with its assets, and the tag of a published release."""
    _check_fields(item, RELEASE_FIELDS, "a release")
    if not item.get("draft") and item["tag"] not in repository.tags:
        _add_commit(world, repository, "tags", item["tag"])
    release = _new_release(world, repository, item)
    repository.releases[release.id] = release
    if release.immutable:
        repository.burned_tags.add(release.tag_name)
    choose_latest(repository, release, item.get("make_latest"))
    for asset in item.get("assets", ()):
        _add_asset(world, repository, release, asset)


def _new_release(world: World, repository: Repository, item: dict[str, Any]) -> Release:
    tag, draft = item["tag"], bool(item.get("draft"))
    commit = repository.tags.get(tag) or repository.branches[repository.default_branch]
    published = _moment(item["published_at"]) if "published_at" in item else world.clock.moment()
    return Release(
        id=item.get("id") or world.store.next_release_id(),
        tag_name=tag,
        target_commitish=item.get("target_commitish", repository.default_branch),
        name=item.get("name", tag),
        body=item.get("body"),
        draft=draft,
        prerelease=bool(item.get("prerelease")),
        immutable=bool(item.get("immutable")) and not draft,
        created_at=_moment(item["created_at"]) if "created_at" in item else commit.date,
        published_at=None if draft else published,
        updated_at=published,
        author=MONALISA,
        slug=new_slug(),
    )


def _add_asset(
    world: World, repository: Repository, release: Release, item: dict[str, Any]
) -> None:
    _check_fields(item, ASSET_FIELDS, "an asset")
    state = item.get("state", "uploaded")
    content = _store_content(world, item, state)
    moment = _moment(item["created_at"]) if "created_at" in item else world.clock.moment()
    repository.put_asset(
        Asset(
            id=item.get("id") or world.store.next_asset_id(),
            release_id=release.id,
            name=item["name"],
            label=item.get("label", ""),
            state=state,
            content_type=item.get("content_type", "application/octet-stream"),
            size=item.get("size", content.size),
            digest=_digest(world, item, content if state == "uploaded" else None),
            content=content if state == "uploaded" else None,
            download_count=item.get("download_count", 0),
            created_at=moment,
            updated_at=moment,
            uploader=GITHUB_BOT,
        )
    )


def _store_content(world: World, item: dict[str, Any], state: str) -> Content:
    """Store the content of an asset: "text", "base64", or a "size" of zero bytes."""
    if "text" in item:
        return world.contents.put(item["text"].encode())
    if "base64" in item:
        return world.contents.put(base64.b64decode(item["base64"]))
    return world.contents.put_zeros(0 if state == "starter" else item.get("size", 1))


def _digest(world: World, item: dict[str, Any], content: Content | None) -> str | None:
    if not (world.settings.digests and world.origins.has_digests):
        return None
    computed = f"sha256:{content.sha256}" if content else None
    digest: str | None = item.get("digest", computed)
    return digest


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check_fields(item: dict[str, Any], known: set[str], what: str) -> None:
    if unknown := sorted(set(item) - known):
        raise ValueError(f"{what} has no {unknown[0]!r}")
