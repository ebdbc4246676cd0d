"""The endpoints of releases: create, find, change, publish, delete."""

import dataclasses
import secrets
from typing import Any

from github_sandbox import history, rules
from github_sandbox.access import can
from github_sandbox.answers import json_response, release_json
from github_sandbox.call import Call, json_object
from github_sandbox.errors import ApiError, Fault422, invalid, not_found
from github_sandbox.latest import choose_latest
from github_sandbox.messages import Response
from github_sandbox.models import Asset, Release, Repository
from github_sandbox.notes import generated_notes
from github_sandbox.pagination import ordered, paged
from github_sandbox.store import find_latest, find_release, order_of_list


def list_releases(call: Call) -> Response:
    """Return a page of releases, newest commit first; drafts for those with push access.

    Source: https://docs.github.com/en/rest/releases/releases#list-releases
    """
    pushes = can(call.identity, call.repository, "write")
    made = sorted(call.repository.releases.values(), key=order_of_list, reverse=True)
    releases = [
        release
        for release in ordered(call, made, lambda release: release.tag_name)
        if (pushes or not release.draft) and call.world.store.visibility.shows(release.id)
    ]
    return paged(
        call,
        releases,
        lambda release: _shown(call, release),
        limited=True,
        told=lambda shown: len(shown["assets"]),
    )


def create_release(call: Call) -> Response:
    """Make a release, and the tag of a published one that is missing.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release
    """
    body = json_object(call.request)
    rules.check_types(body, rules.RELEASE_TYPES)
    if body.get("tag_name") is None:
        raise invalid(Fault422(resource="Release", code="missing_field", field="tag_name"))
    moment = call.world.clock.moment()
    release = Release(
        id=call.world.store.next_release_id(),
        tag_name=body["tag_name"].removeprefix("refs/tags/"),
        target_commitish=body.get("target_commitish") or call.repository.default_branch,
        name=body.get("name"),
        body=body.get("body"),
        draft=bool(body.get("draft")),
        prerelease=bool(body.get("prerelease")),
        immutable=False,
        created_at=moment,
        published_at=None,
        updated_at=moment,
        author=call.account,
        slug=new_slug(),
    )
    if body.get("generate_release_notes"):
        release = _with_notes(call, release)
    release = settle(call, None, release, body)
    lag = call.request.lag or {
        "seconds": call.world.settings.lag,
        "requests": call.world.settings.lag_requests,
    }
    call.world.store.visibility.hide(
        release.id, seconds=lag.get("seconds", 0), requests=int(lag.get("requests", 0))
    )
    shown = _shown(call, release)
    return json_response(201, shown, ("Location", shown["url"]))


def get_release(call: Call) -> Response:
    """Return a release by id; a draft to those with push access."""
    return json_response(200, _shown(call, release_of(call)))


def get_release_by_tag(call: Call) -> Response:
    """Return the published release of a tag; never a draft.

    Source: https://docs.github.com/en/rest/releases/releases#get-a-release-by-tag-name
    """
    release = find_release(call.repository, call.request.params["tag"])
    if release is None or not call.world.store.visibility.shows(release.id):
        raise not_found()
    return json_response(200, _shown(call, release))


def get_latest_release(call: Call) -> Response:
    """Return the latest release."""
    release = find_latest(call.repository)
    if release is None:
        raise not_found()
    return json_response(200, _shown(call, release))


def update_release(call: Call) -> Response:
    """Change, publish or unpublish a release.

    A draft that is changed without its tag_name loses it, unless the change is to publish it and
    the setting `publishing_keeps_tag` says so.
    Source: https://docs.github.com/en/rest/releases/releases#update-a-release and
    https://github.com/jdx/communique/issues/241
    """
    old = release_of(call)
    body = json_object(call.request)
    rules.check_types(body, rules.RELEASE_TYPES)
    given = {name: value for name, value in body.items() if value is not None}
    draft = given.get("draft", old.draft)
    tag = given.get("tag_name", old.tag_name).removeprefix("refs/tags/")
    keeps = not draft and call.world.settings.publishing_keeps_tag
    if old.draft and not keeps and "tag_name" not in given:
        tag = old.slug
    if given.get("target_commitish") == "":
        # Source: https://github.com/concourse/github-release-resource/pull/144
        raise ApiError(422, "Invalid target_commitish parameter")
    release = dataclasses.replace(
        old,
        tag_name=tag,
        target_commitish=given.get("target_commitish", old.target_commitish),
        name=body.get("name", old.name),
        body=body.get("body", old.body),
        draft=draft,
        prerelease=given.get("prerelease", old.prerelease),
        updated_at=call.world.clock.moment(),
        slug=new_slug() if draft and not old.draft else old.slug,
        published_at=None if draft else old.published_at,
    )
    rules.check_locked(old, release)
    return json_response(200, _shown(call, settle(call, old, release, body)))


def delete_release(call: Call) -> Response:
    """Remove a release and its assets; the git tag stays.

    Source: https://docs.github.com/en/rest/releases/releases#delete-a-release
    """
    release = release_of(call)
    del call.repository.releases[release.id]
    call.repository.history += history.of_release(call.repository, release, None, call.request.job)
    for asset in call.repository.assets.pop(release.id, {}).values():
        call.repository.history.append(history.of_deleted(asset, call.request.job))
        if asset.content is not None:
            asset.content.discard()
    return Response(status=204)


def generate_notes(call: Call) -> Response:
    """Return a title and notes, storing nothing.

    Source: https://docs.github.com/en/rest/releases/releases#generate-release-notes-content-for-a-release
    """
    body = json_object(call.request)
    rules.check_types(body, rules.NOTES_TYPES)
    tag = body.get("tag_name")
    if tag is None:
        raise ApiError(422, 'Invalid request.\n\n"tag_name" wasn\'t supplied.')
    previous = body.get("previous_tag_name")
    if previous is not None and previous not in call.repository.tags:
        # Source: https://github.com/googleapis/release-please/issues/1787
        status = call.world.settings.unknown_previous_tag
        raise ApiError(status, "Invalid previous_tag parameter")
    path = body.get("configuration_file_path")
    where = body.get("target_commitish") or call.repository.default_branch
    name, text = generated_notes(call.world.origins, call.repository, tag, previous)
    if path:
        about = f"<!-- Release notes generated using configuration in {path} at {where} -->"
        text = f"{about}\n\n\n\n{text}"
    return json_response(200, {"name": name, "body": text})


def settle(call: Call, old: Release | None, release: Release, body: dict[str, Any]) -> Release:
    """Store a new or changed release, after all that GitHub checks; return it as stored."""
    repository = call.repository
    has_categories = call.world.origins.flavour != "ghes"  # younger than 3.8
    category = body.get("discussion_category_name") if has_categories else None
    rules.check_lengths(release.name, release.body)
    rules.check_tag(repository, release)
    rules.check_latest(release, body.get("make_latest"), new=old is None)
    rules.check_target(repository, release, call.identity, call.world.settings)
    if not release.draft:
        rules.check_publication(repository, release, call.world.settings)
        rules.check_category(repository, category)
        release = _published(call, release, category)
    else:
        commit = repository.tags.get(release.tag_name) or repository.find_target(
            release.target_commitish
        )
        release = dataclasses.replace(
            release, created_at=commit.date if commit else release.created_at
        )
    repository.releases[release.id] = release
    repository.history += history.of_release(repository, old, release, call.request.job)
    newly = not release.draft and (old is None or old.draft)
    choose_latest(repository, release, body.get("make_latest") or ("true" if newly else None))
    return release


def _published(call: Call, release: Release, category: str | None) -> Release:
    """Return the release as published, its tag made if it is missing.

    Source: https://docs.github.com/en/code-security/concepts/supply-chain-security/immutable-releases
    """
    repository = call.repository
    commit = repository.tags.get(release.tag_name) or repository.find_target(
        release.target_commitish
    )
    if commit is None:
        raise AssertionError("checked before: the tag or the target exists")
    repository.tags.setdefault(release.tag_name, commit)
    newly = release.published_at is None
    immutable = release.immutable or (newly and repository.immutable_releases)
    if immutable:
        repository.burned_tags.add(release.tag_name)
    return dataclasses.replace(
        release,
        created_at=commit.date,
        published_at=call.world.clock.moment() if newly else release.published_at,
        immutable=immutable,
        discussion=release.discussion or category,
    )


def unpublish(repository: Repository, tag: str) -> None:
    """Turn the published release of a tag that goes away into a draft.

    Source: https://github.com/mislav/hub/issues/2435

    Raises:
        ApiError: 422, the release is immutable and so is its tag.
    """
    release = find_release(repository, tag)
    if release is None:
        return
    if release.immutable:
        raise ApiError(422, "Cannot delete a tag of an immutable release")
    draft = dataclasses.replace(release, draft=True, published_at=None, slug=new_slug())
    repository.releases[release.id] = draft
    repository.history += history.of_release(repository, release, draft, None)


def release_of(call: Call) -> Release:
    """Return the release that a path names by id.

    Raises:
        ApiError: 404, also for a draft that is not for everybody's eyes.
    """
    release = call.repository.releases.get(int(call.request.params["release_id"]))
    if release is None or (release.draft and not can(call.identity, call.repository, "write")):
        raise not_found()
    return release


def visible_assets(call: Call, release: Release) -> list[Asset]:
    """Return the assets that lists show."""
    shows = call.world.store.visibility.shows
    assets = ordered(call, call.repository.assets_of(release.id), lambda asset: asset.name)
    return [item for item in assets if shows(item.id)]


def new_slug() -> str:
    """Return what stands for the tag in the URLs of a draft.

    Source: https://github.com/mongodb-js/mongosh/issues/691
    """
    return f"untagged-{secrets.token_hex(10)}"


def _shown(call: Call, release: Release) -> dict[str, Any]:
    assets = visible_assets(call, release)
    return release_json(call.world.origins, call.repository, release, assets)


def _with_notes(call: Call, release: Release) -> Release:
    name, notes = generated_notes(call.world.origins, call.repository, release.tag_name, None)
    body = f"{release.body}\n\n{notes}" if release.body else notes
    return dataclasses.replace(release, name=release.name or name, body=body)
