"""Actions of another party on a repository, before or after a request is handled."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from github_sandbox import assets, references, releases, uploads
from github_sandbox.call import Call
from github_sandbox.errors import ApiError
from github_sandbox.faults import Action
from github_sandbox.messages import Request
from github_sandbox.models import Asset, Commit, Event, Release, Repository
from github_sandbox.request_body import Body
from github_sandbox.routing import find_repository
from github_sandbox.store import find_release, new_commit
from github_sandbox.world import World

PARTY = "another party"  # as the history names it
TEXT = "written by another party"
UPLOADED = "0-of-another-party.bin"


def interfere(world: World, request: Request, actions: tuple[Action, ...]) -> None:
    """Perform actions on the repository of a request, and add each to its history.

    The result in the history is "done", "nothing to do" if there is no such release or asset, or
    the message of a refusal.
    """
    with world.store.lock:
        found = find_repository(world, request)
        repository = found or next(iter(world.store.repositories.values()))
        repository.history += [_perform(world, repository, action) for action in actions]


def _perform(world: World, repository: Repository, action: Action) -> Event:
    release_ids: list[int] = []
    try:
        release_ids = _OtherParty(world, repository, action).act()
    except ApiError as error:
        state = f"refused: {error.message}"
    else:
        state = "done" if release_ids else "nothing to do"
    return Event(
        what="interference",
        release_id=release_ids[0] if release_ids else 0,
        name=action.do,
        state=state,
        job=PARTY,
    )


class _OtherParty:
    """Performs one action with write access, through the handlers of the API."""

    def __init__(self, world: World, repository: Repository, action: Action) -> None:
        self._world = world
        self._repository = repository
        self._action = action

    def act(self) -> list[int]:
        """Return the ids of the affected releases; 0 for an action on a tag."""
        on_release = _ON_RELEASES.get(self._action.do)
        if on_release is not None:
            return [item.id for item in self._targets() if on_release(self, item)]
        return _ON_TAGS[self._action.do](self)

    def _targets(self) -> list[Release]:
        """Return the releases of the action's tag; without a tag the newest release."""
        known = list(self._repository.releases.values())
        if self._action.tag is None:
            return sorted(known, key=lambda item: item.id)[-1:]
        return [item for item in known if item.tag_name == self._action.tag]

    def _tag(self) -> str:
        """Return the action's tag, otherwise the tag of the newest release.

        Raises:
            ApiError: there is neither.
        """
        if self._action.tag is not None:
            return self._action.tag
        if targets := self._targets():
            return targets[0].tag_name
        raise ApiError(404, "the action names no tag, and there is no release to take it from")

    def _call(self, method: str, body: bytes, **params: object) -> Call:
        request = Request(
            method=method, host="", path="", query="", keep_alive=False,
            headers={"content-type": "application/octet-stream"}, job=PARTY,
            body=Body(_InMemory(body), len(body), chunked=False),
            params={name: str(value) for name, value in params.items()},
        )  # fmt: skip
        identity = self._world.identity(self._world.tokens["admin"], self._repository)
        return Call(world=self._world, request=request, identity=identity, found=self._repository)

    def _edit(self, release: Release, **changes: object) -> bool:
        if self._action.keep_tag:
            changes["tag_name"] = release.tag_name
        body = json.dumps(changes).encode()
        releases.update_release(self._call("PATCH", body, release_id=release.id))
        return True

    def edit_body(self, release: Release) -> bool:
        return self._edit(release, body=self._action.text or TEXT)

    def edit_title(self, release: Release) -> bool:
        return self._edit(release, name=self._action.name or TEXT)

    def publish(self, release: Release) -> bool:
        return release.draft and self._edit(release, draft=False, tag_name=release.tag_name)

    def unpublish(self, release: Release) -> bool:
        return not release.draft and self._edit(release, draft=True, tag_name=release.tag_name)

    def delete_release(self, release: Release) -> bool:
        releases.delete_release(self._call("DELETE", b"", release_id=release.id))
        return True

    def upload(self, release: Release) -> bool:
        """Upload an asset, and make it the first in lists."""
        self._upload(release, self._action.name or UPLOADED)
        by_id = self._repository.assets[release.id]
        newest = max(by_id)
        self._repository.assets[release.id] = {newest: by_id.pop(newest), **by_id}
        return True

    def _upload(self, release: Release, name: str) -> None:
        call = self._call("POST", (self._action.text or TEXT).encode(), release_id=release.id)
        call.request.query = urlencode({"name": name})
        uploads.upload_asset(call)

    def _asset(self, release: Release) -> Asset | None:
        """Return the asset with the action's name; without a name the first asset."""
        known = self._repository.assets_of(release.id)
        wanted = self._action.name
        return next((item for item in known if wanted in {None, item.name}), None)

    def delete_asset(self, release: Release) -> bool:
        asset = self._asset(release)
        if asset is not None:
            assets.delete_asset(self._call("DELETE", b"", asset_id=asset.id))
        return asset is not None

    def rename_asset(self, release: Release) -> bool:
        asset = self._asset(release)
        if asset is not None:
            name = self._action.new_name or f"renamed-{asset.name}"
            body = json.dumps({"name": name}).encode()
            assets.update_asset(self._call("PATCH", body, asset_id=asset.id))
        return asset is not None

    def replace_asset(self, release: Release) -> bool:
        """Delete an asset and upload other bytes with the same name."""
        asset = self._asset(release)
        if asset is not None:
            assets.delete_asset(self._call("DELETE", b"", asset_id=asset.id))
            self._upload(release, asset.name)
        return asset is not None

    def create_draft(self) -> list[int]:
        """Create another draft of the tag."""
        action, tag = self._action, self._tag()
        document: dict[str, Any] = {"tag_name": tag, "draft": True, "name": action.name or tag}
        document |= {"body": action.text or TEXT}
        document |= {"target_commitish": action.sha} if action.sha else {}
        before = set(self._repository.releases)
        releases.create_release(self._call("POST", json.dumps(document).encode()))
        return sorted(set(self._repository.releases) - before)

    def create_tag(self) -> list[int]:
        """Create the tag at the action's commit, or at the default branch."""
        head = self._repository.branches[self._repository.default_branch]
        document = {"ref": f"refs/tags/{self._tag()}", "sha": self._action.sha or head.sha}
        references.create_reference(self._call("POST", json.dumps(document).encode()))
        return [0]

    def move_tag(self) -> list[int]:
        """Move the tag to the action's commit or to a new one, as a forced push does.

        Source: https://github.com/github/docs/issues/45718 (a tag that cannot be moved).
        """
        repository, tag = self._repository, self._tag()
        old = repository.tags.get(tag)
        if old is None:
            return []
        release = find_release(repository, tag)
        if release is not None and release.immutable:
            raise ApiError(422, "Cannot move a tag of an immutable release")
        commit = self._target_of_moved_tag(tag, old)
        repository.commits[commit.sha] = repository.tags[tag] = commit
        return [0]

    def _target_of_moved_tag(self, tag: str, old: Commit) -> Commit:
        repository, sha = self._repository, self._action.sha
        seed = f"{repository.full_name} {tag} after {old.sha}"
        new = new_commit(seed, self._world.clock.moment())
        if not sha:
            return new
        return dataclasses.replace(repository.find_commit(sha) or new, sha=sha)

    def delete_tag(self) -> list[int]:
        """Delete the git tag; a public release of it becomes a draft."""
        tag = self._tag()
        if tag not in self._repository.tags:
            return []
        references.delete_reference(self._call("DELETE", b"", ref=f"tags/{tag}"))
        return [0]


class _InMemory:
    """The source of a body that is in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def receive_into(self, view: memoryview) -> int:
        count = min(len(view), len(self._data))
        view[:count] = self._data[:count]
        self._data = self._data[count:]
        return count

    def receive_chunks(self, limit: int) -> bytes:
        raise AssertionError(f"a body in memory is not chunked (limit: {limit})")

    def write(self, data: bytes | memoryview) -> None:
        raise AssertionError(f"no client receives these {len(data)} bytes")


_ON_RELEASES: Mapping[str, Callable[[_OtherParty, Release], bool]] = {
    "edit-body": _OtherParty.edit_body,
    "edit-title": _OtherParty.edit_title,
    "publish": _OtherParty.publish,
    "unpublish": _OtherParty.unpublish,
    "delete-release": _OtherParty.delete_release,
    "upload": _OtherParty.upload,
    "delete-asset": _OtherParty.delete_asset,
    "rename-asset": _OtherParty.rename_asset,
    "replace-asset": _OtherParty.replace_asset,
}
_ON_TAGS: Mapping[str, Callable[[_OtherParty], list[int]]] = {
    "create-draft": _OtherParty.create_draft,
    "create-tag": _OtherParty.create_tag,
    "move-tag": _OtherParty.move_tag,
    "delete-tag": _OtherParty.delete_tag,
}
