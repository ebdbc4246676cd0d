"""The endpoints of releases: list, create, get, update, delete."""

import dataclasses
from typing import Any

from github_sandbox import events
from github_sandbox.access import can
from github_sandbox.answers import json_response
from github_sandbox.body_types import RELEASE_TYPES, check_types
from github_sandbox.call import Call, json_object
from github_sandbox.errors import ApiError, FieldError, invalid, not_found
from github_sandbox.lookup import get_release_of, show_release
from github_sandbox.messages import Response
from github_sandbox.models import Release
from github_sandbox.notes import generated_notes
from github_sandbox.pagination import in_list_order, page_response
from github_sandbox.release_changes import new_slug, store_release
from github_sandbox.release_rules import check_immutable
from github_sandbox.store import find_latest, find_release, order_of_list


def list_releases(call: Call) -> Response:
    """Return a page of releases, newest commit first; drafts for those with push access.

    Source: https://docs.github.com/en/rest/releases/releases#list-releases
    """
    may_push = can(call.identity, call.repository, "write")
    made = sorted(call.repository.releases.values(), key=order_of_list, reverse=True)
    releases = [
        release
        for release in in_list_order(call, made, lambda release: release.tag_name)
        if (may_push or not release.draft) and call.world.store.visibility.shows(release.id)
    ]
    return page_response(
        call,
        releases,
        lambda release: show_release(call, release),
        has_result_limit=True,
        count_assets=lambda shown: len(shown["assets"]),
    )


def create_release(call: Call) -> Response:
    """Create a release, and for a published one its tag if that does not exist.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release
    """
    body = json_object(call.request)
    check_types(body, RELEASE_TYPES)
    if body.get("tag_name") is None:
        raise invalid(FieldError(resource="Release", code="missing_field", field="tag_name"))
    release = _new_release(call, body)
    if body.get("generate_release_notes"):
        release = _with_generated_notes(call, release)
    release = store_release(call, None, release, body)
    call.hide_by_lag(release.id)
    shown = show_release(call, release)
    return json_response(201, shown, ("Location", shown["url"]))


def get_release(call: Call) -> Response:
    """Return a release by id; a draft for those with push access."""
    return json_response(200, show_release(call, get_release_of(call)))


def get_release_by_tag(call: Call) -> Response:
    """Return the published release of a tag; never a draft.

    Source: https://docs.github.com/en/rest/releases/releases#get-a-release-by-tag-name
    """
    release = find_release(call.repository, call.request.params["tag"])
    if release is None or not call.world.store.visibility.shows(release.id):
        raise not_found()
    return json_response(200, show_release(call, release))


def get_latest_release(call: Call) -> Response:
    """Return the latest release."""
    release = find_latest(call.repository)
    if release is None:
        raise not_found()
    return json_response(200, show_release(call, release))


def update_release(call: Call) -> Response:
    """Change, publish or unpublish a release.

    Source: https://docs.github.com/en/rest/releases/releases#update-a-release
    """
    old = get_release_of(call)
    body = json_object(call.request)
    check_types(body, RELEASE_TYPES)
    release = _changed_release(call, old, body)
    check_immutable(old, release)
    return json_response(200, show_release(call, store_release(call, old, release, body)))


def delete_release(call: Call) -> Response:
    """Delete a release and its assets; the git tag stays.

    Source: https://docs.github.com/en/rest/releases/releases#delete-a-release
    """
    repository, release = call.repository, get_release_of(call)
    del repository.releases[release.id]
    repository.history += events.of_release(repository, release, None, call.request.job)
    for asset in repository.assets.pop(release.id, {}).values():
        repository.history.append(events.of_deleted_asset(asset, call.request.job))
        asset.discard()
    return Response(status=204)


def _new_release(call: Call, body: dict[str, Any]) -> Release:
    moment = call.world.clock.moment()
    return Release(
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


def _with_generated_notes(call: Call, release: Release) -> Release:
    name, notes = generated_notes(call.world.origins, call.repository, release.tag_name, None)
    body = f"{release.body}\n\n{notes}" if release.body else notes
    return dataclasses.replace(release, name=release.name or name, body=body)


def _changed_release(call: Call, old: Release, body: dict[str, Any]) -> Release:
    """Return the release with the values of a request.

    Source: https://github.com/concourse/github-release-resource/pull/144 (an empty target).
    """
    given = {name: value for name, value in body.items() if value is not None}
    if given.get("target_commitish") == "":
        raise ApiError(422, "Invalid target_commitish parameter")
    draft = given.get("draft", old.draft)
    return dataclasses.replace(
        old,
        tag_name=_changed_tag(call, old, given),
        target_commitish=given.get("target_commitish", old.target_commitish),
        name=body.get("name", old.name),
        body=body.get("body", old.body),
        draft=draft,
        prerelease=given.get("prerelease", old.prerelease),
        updated_at=call.world.clock.moment(),
        slug=new_slug() if draft and not old.draft else old.slug,
        published_at=None if draft else old.published_at,
    )


def _changed_tag(call: Call, old: Release, given: dict[str, Any]) -> str:
    """Return the tag after a change; a draft that is changed without its tag_name loses its tag.

    If the change publishes the draft, the setting `publishing_keeps_tag` decides.
    Source: https://github.com/jdx/communique/issues/241
    """
    publishes = not given.get("draft", old.draft)
    keeps_tag = publishes and call.world.settings.publishing_keeps_tag
    if old.draft and "tag_name" not in given and not keeps_tag:
        return old.slug
    tag: str = given.get("tag_name", old.tag_name)
    return tag.removeprefix("refs/tags/")
