"""What another party does to a release while a request is under way."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from github_sandbox import api, assets, releases, repositories
from github_sandbox.bodies import Body
from github_sandbox.call import Call
from github_sandbox.errors import ApiError
from github_sandbox.faults import Action
from github_sandbox.messages import Request
from github_sandbox.models import Asset, Event, Release, Repository
from github_sandbox.store import find_release, new_commit
from github_sandbox.world import World

PARTY = "another party"
TEXT = "written by another party"
UPLOADED = "0-of-another-party.bin"


def interfere(world: World, request: Request, actions: tuple[Action, ...]) -> None:
    """Perform the actions on the repository of a request, and note each in its history.

    Each is noted as "done", as "nothing to do" where there is no such release or asset, or with
    the words of the refusal.
    """
    with world.store.lock:
        found = api.repository_of(world, request)
        repository = found or next(iter(world.store.repositories.values()))
        for action in actions:
            done: list[int] = []
            try:
                done = _Party(world, repository, action).act()
            except ApiError as error:
                state = f"refused: {error.message}"
            else:
                state = "done" if done else "nothing to do"
            repository.history.append(
                Event(
                    what="interference",
                    release_id=done[0] if done else 0,
                    name=action.do,
                    state=state,
                    job=PARTY,
                )
            )


class _Party:
    """Somebody with write access who performs one action through the same handlers as everybody."""

    def __init__(self, world: World, repository: Repository, action: Action) -> None:
        self._world = world
        self._repository = repository
        self._action = action

    def act(self) -> list[int]:
        """Return the ids of the releases that the action was about; those of a tag have 0."""
        action = self._action
        of_releases = _ON_RELEASES.get(action.do)
        if of_releases is not None:
            targets = self._targets()
            return [item.id for item in targets if of_releases(self, item)]
        return _ON_TAGS[action.do](self)

    def _targets(self) -> list[Release]:
        """Return the releases of the action's tag; without a tag the one that was made last."""
        known = list(self._repository.releases.values())
        if self._action.tag is None:
            return sorted(known, key=lambda item: item.id)[-1:]
        return [item for item in known if item.tag_name == self._action.tag]

    def _tag(self) -> str:
        """Return the name of the tag that the action is about.

        Raises:
            ApiError: there is none.
        """
        if self._action.tag is not None:
            return self._action.tag
        if targets := self._targets():
            return targets[0].tag_name
        raise ApiError(404, "the action names no tag, and there is no release to take it from")

    def _call(self, method: str, body: bytes, **params: object) -> Call:
        request = Request(
            method=method, target="", host="", path="", query="", keep_alive=False,
            headers={"content-type": "application/octet-stream"}, job=PARTY,
            body=Body(_Given(body), len(body), chunked=False),
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
        """Upload an asset, which becomes the first of the list in the order of making."""
        self._upload(release, self._action.name or UPLOADED)
        known = self._repository.assets[release.id]
        newest = max(known)
        self._repository.assets[release.id] = {newest: known.pop(newest), **known}
        return True

    def _upload(self, release: Release, name: str) -> None:
        call = self._call("POST", (self._action.text or TEXT).encode(), release_id=release.id)
        call.request.query = urlencode({"name": name})
        assets.upload_asset(call)

    def _asset(self, release: Release) -> Asset | None:
        """Return the asset with the action's name; without a name the first."""
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
        """Delete an asset and upload other bytes under its name."""
        asset = self._asset(release)
        if asset is not None:
            assets.delete_asset(self._call("DELETE", b"", asset_id=asset.id))
            self._upload(release, asset.name)
        return asset is not None

    def create_draft(self) -> list[int]:
        """Make another draft of the tag."""
        action, tag = self._action, self._tag()
        document: dict[str, Any] = {"tag_name": tag, "draft": True, "name": action.name or tag}
        document |= {"body": action.text or TEXT}
        document |= {"target_commitish": action.sha} if action.sha else {}
        before = set(self._repository.releases)
        releases.create_release(self._call("POST", json.dumps(document).encode()))
        return sorted(set(self._repository.releases) - before)

    def create_tag(self) -> list[int]:
        """Make the tag at the default branch or the given commit."""
        head = self._repository.branches[self._repository.default_branch]
        document = {"ref": f"refs/tags/{self._tag()}", "sha": self._action.sha or head.sha}
        repositories.create_reference(self._call("POST", json.dumps(document).encode()))
        return [0]

    def move_tag(self) -> list[int]:
        """Move the tag to the given commit or a new one, as a forced push does."""
        repository, tag = self._repository, self._tag()
        old = repository.tags.get(tag)
        if old is None:
            return []
        release = find_release(repository, tag)
        if release is not None and release.immutable:
            # Source: https://github.com/github/docs/issues/45718
            raise ApiError(422, "Cannot move a tag of an immutable release")
        commit = repository.find_commit(self._action.sha or "") or new_commit(
            f"{repository.full_name} {tag} after {old.sha}", self._world.clock.moment()
        )
        if self._action.sha:
            commit = dataclasses.replace(commit, sha=self._action.sha)
        repository.commits[commit.sha] = repository.tags[tag] = commit
        return [0]

    def delete_tag(self) -> list[int]:
        """Delete the git tag; a public release of it becomes a draft."""
        tag = self._tag()
        if tag not in self._repository.tags:
            return []
        repositories.delete_reference(self._call("DELETE", b"", ref=f"tags/{tag}"))
        return [0]


class _Given:
    """A body that is at hand."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def receive_into(self, view: memoryview) -> int:
        count = min(len(view), len(self._data))
        view[:count] = self._data[:count]
        self._data = self._data[count:]
        return count

    def receive_chunks(self, limit: int) -> bytes:
        raise AssertionError(f"a body at hand is not chunked, whatever its {limit}")

    def write(self, data: bytes | memoryview) -> None:
        raise AssertionError(f"nobody waits for {len(data)} bytes")


_ON_RELEASES: dict[str, Callable[[_Party, Release], bool]] = {
    "edit-body": _Party.edit_body,
    "edit-title": _Party.edit_title,
    "publish": _Party.publish,
    "unpublish": _Party.unpublish,
    "delete-release": _Party.delete_release,
    "upload": _Party.upload,
    "delete-asset": _Party.delete_asset,
    "rename-asset": _Party.rename_asset,
    "replace-asset": _Party.replace_asset,
}
_ON_TAGS: dict[str, Callable[[_Party], list[int]]] = {
    "create-draft": _Party.create_draft,
    "create-tag": _Party.create_tag,
    "move-tag": _Party.move_tag,
    "delete-tag": _Party.delete_tag,
}
