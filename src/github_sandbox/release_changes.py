"""Stores a created or changed release: checks, publication, the git tag, the latest release."""

import dataclasses
import secrets
from typing import Any

from github_sandbox import events
from github_sandbox.call import Call
from github_sandbox.errors import ApiError
from github_sandbox.latest import choose_latest
from github_sandbox.models import Commit, Release, Repository
from github_sandbox.release_rules import (
    check_category,
    check_latest,
    check_lengths,
    check_publication,
)
from github_sandbox.store import find_release
from github_sandbox.tag_rules import check_tag, check_target


def store_release(call: Call, old: Release | None, new: Release, body: dict[str, Any]) -> Release:
    """Store a created or changed release after all checks; return it as stored.

    old: None for a created release. body: the JSON of the request.

    Raises:
        ApiError: GitHub would refuse it.
    """
    repository, make_latest = call.repository, body.get("make_latest")
    check_lengths(new.name, new.body)
    check_tag(repository, new)
    check_latest(new, make_latest, new=old is None)
    check_target(repository, new, call.identity, call.world.settings)
    if new.draft:
        commit = _commit_of(repository, new)
        release = dataclasses.replace(new, created_at=commit.date if commit else new.created_at)
    else:
        release = _publish(call, new, body.get("discussion_category_name"))
    repository.releases[release.id] = release
    repository.history += events.of_release(repository, old, release, call.request.job)
    is_published_now = not release.draft and (old is None or old.draft)
    choose_latest(repository, release, make_latest or ("true" if is_published_now else None))
    return release


def _publish(call: Call, release: Release, category: str | None) -> Release:
    """Return the release as published, and create its tag if it does not exist.

    Source: https://docs.github.com/en/code-security/concepts/supply-chain-security/immutable-releases
    """
    repository = call.repository
    if call.world.origins.flavour == "ghes":
        category = None  # GHES has no discussions of releases
    check_publication(repository, release, call.world.settings)
    check_category(repository, category)
    commit = _commit_of(repository, release)
    if commit is None:
        raise AssertionError("checked before: the tag or the target exists")
    repository.tags.setdefault(release.tag_name, commit)
    is_first = release.published_at is None
    becomes_immutable = repository.immutable_releases and call.world.origins.has((3, 21))
    immutable = release.immutable or (is_first and becomes_immutable)
    if immutable:
        repository.burned_tags.add(release.tag_name)
    return dataclasses.replace(
        release,
        created_at=commit.date,
        published_at=release.published_at or call.world.clock.moment(),
        immutable=immutable,
        discussion=release.discussion or category,
    )


def _commit_of(repository: Repository, release: Release) -> Commit | None:
    """Return the commit of the release's tag, or of its target if there is no tag."""
    tagged = repository.tags.get(release.tag_name)
    return tagged or repository.find_target(release.target_commitish)


def unpublish(repository: Repository, tag: str) -> None:
    """Turn the published release of a deleted tag into a draft.

    Raises:
        ApiError: 422, the release is immutable and so is its tag.

    Source: https://github.com/mislav/hub/issues/2435
    """
    release = find_release(repository, tag)
    if release is None:
        return
    if release.immutable:
        raise ApiError(422, "Cannot delete a tag of an immutable release")
    draft = dataclasses.replace(release, draft=True, published_at=None, slug=new_slug())
    repository.releases[release.id] = draft
    repository.history += events.of_release(repository, release, draft, None)


def new_slug() -> str:
    """Return what replaces the tag in the URLs of a draft.

    Source: https://github.com/mongodb-js/mongosh/issues/691
    """
    return f"untagged-{secrets.token_hex(10)}"
