"""Each endpoint against the sandbox."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.github.client import GitHub
from release_assets.github.errors import (
    BadCredentialsError,
    GitHubError,
    NameTakenError,
    NotFoundError,
    PermissionDeniedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from release_assets.light_dataclasses import replace
from release_assets.models import Asset, Release
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox


@pytest.fixture
def github(engine: Engine) -> GitHub:
    return engine.github()


@pytest.fixture
def release(github: GitHub) -> Release:
    return github.create_release({"tag_name": "v1", "draft": True})


class Bytes:
    """A body with a length, iterated from its start for each attempt (a list would be a form)."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def __len__(self) -> int:
        return sum(map(len, self.parts))


ABC = Bytes(b"ab", b"c")


def upload(github: GitHub, release: Release, name: str = "a b.txt", **fields: Any) -> Asset:
    given: dict[str, Any] = {"label": "Öl & <b>+?", "content_type": "text/plain", "body": ABC}
    given["known_ids"] = ()
    return github.upload_asset(release, name=name, **(given | fields))


def test_an_asset_is_uploaded_read_renamed_downloaded_and_deleted(
    github: GitHub, release: Release
) -> None:
    asset = upload(github, release)
    assert (asset.name, asset.label, asset.size) == ("a.b.txt", "Öl & <b>+?", 3)
    assert (asset.content_type, asset.state) == ("text/plain", "uploaded")
    assert asset.digest == Digest.of(sha256(b"abc"))
    assert github.get_asset(asset.id) == asset
    assert github.list_assets(release.id) == (asset,)
    renamed = github.update_asset(asset, name="c.txt", label="C")
    assert (renamed.id, renamed.name, renamed.label) == (asset.id, "c.txt", "C")
    assert b"".join(github.download_asset(asset.id)) == b"abc"
    github.delete_asset(asset.id)
    assert github.list_assets(release.id) == ()
    with pytest.raises(NotFoundError):
        github.get_asset(asset.id)


def test_deleting_a_deleted_asset_succeeds(github: GitHub, release: Release) -> None:
    asset = upload(github, release)
    github.delete_asset(asset.id)
    github.delete_asset(asset.id)


def test_a_second_upload_of_a_name_raises_name_taken(github: GitHub, release: Release) -> None:
    upload(github, release)
    with pytest.raises(NameTakenError):
        upload(github, release)


def test_a_download_follows_a_redirect_without_the_token(
    github: GitHub, release: Release, sandbox: Sandbox
) -> None:
    asset = upload(github, release)
    sandbox.forget_requests()
    assert b"".join(github.download_asset(asset.id)) == b"abc"
    asked = [(request.origin, request.authorized) for request in sandbox.requests()]
    assert asked == [("api", True), ("storage", False)]


def test_a_download_accepts_an_answer_with_the_bytes(engine: Engine, sandbox: Sandbox) -> None:
    github = engine.github()
    release = github.create_release({"tag_name": "v1", "draft": True})
    asset = upload(github, release)
    match = {"method": "GET", "path": "/releases/assets/"}
    sandbox.fault(match=match, do="status", status=200, body="abc")
    assert b"".join(github.download_asset(asset.id)) == b"abc"


def test_a_download_resumes_at_an_offset(github: GitHub, release: Release) -> None:
    asset = upload(github, release, body=Bytes(b"abcdef"))
    assert b"".join(github.download_asset(asset.id, start=4)) == b"ef"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Range": "bytes 0-5/6"}, {"Content-Range": "bytes 40-45/46"}],
    ids=["no range", "the start", "a later offset"],
)
def test_a_download_resumed_at_another_offset_is_refused(
    github: GitHub, release: Release, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    asset = upload(github, release, body=Bytes(b"abcdef"))
    match = {"origin": "storage"}
    sandbox.fault(match=match, do="status", status=206, body="abcdef", headers=headers)
    with pytest.raises(UnexpectedAnswerError):
        list(github.download_asset(asset.id, start=4))


def test_a_truncated_download_raises_unreachable(
    github: GitHub, release: Release, sandbox: Sandbox
) -> None:
    asset = upload(github, release, body=Bytes(b"abc" * 100_000))
    sandbox.fault(match={"origin": "storage"}, do="truncate")
    with pytest.raises(UnreachableError):
        list(github.download_asset(asset.id))


def test_a_list_holds_the_items_of_all_pages(github: GitHub, sandbox: Sandbox) -> None:
    assets = [{"name": f"{number}.txt", "size": 1} for number in range(205)]
    release = {"tag": "v9", "assets": assets}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    found = github.find_release_by_tag("v9")
    assert found is not None
    sandbox.forget_requests()
    assert len(github.list_assets(found.id)) == 205
    assert len(sandbox.requests()) == 3


def test_a_release_is_found_by_id_by_tag_and_in_the_list(github: GitHub, release: Release) -> None:
    assert github.get_release(release.id) == release
    assert github.find_release_by_tag("v1") is None, "a draft is not found by its tag"
    assert [one for page in github.list_releases() for one in page] == [release]
    public = github.update_release(release.id, "v1", {"draft": False})
    assert github.find_release_by_tag("v1") == public
    github.delete_release(release.id)
    with pytest.raises(NotFoundError):
        github.get_release(release.id)


def test_a_tag_may_hold_slashes(github: GitHub) -> None:
    github.create_release({"tag_name": "pkg/v1+b", "target_commitish": "main"})
    found = github.find_release_by_tag("pkg/v1+b")
    assert found is not None
    assert found.tag == "pkg/v1+b"
    assert github.find_commit("tags/pkg/v1+b") is not None


def test_find_commit_finds_tags_and_notes_are_generated(github: GitHub) -> None:
    assert github.find_commit("tags/v1") is not None
    assert github.find_commit("tags/v") is None
    assert "v1" in github.generate_notes("v1")


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_every_method_follows_the_redirect_of_a_renamed_repository(
    method: str, engine: Engine, sandbox: Sandbox
) -> None:
    document = {"name": "octo-org/new", "renamed_from": ["octo-org/old"], "tags": ["v1"]}
    sandbox.seed({"repositories": [document]})
    github = engine.github(repository="octo-org/old")
    release = github.create_release({"tag_name": "v1", "draft": True, "body": "x"})
    if method == "GET":
        assert github.get_release(release.id).id == release.id
    elif method == "PATCH":
        github.update_release(release.id, "v1", {"name": "Renamed"})
        assert sandbox.releases("octo-org/new")[0]["name"] == "Renamed"
    elif method == "DELETE":
        github.delete_release(release.id)
        assert sandbox.releases("octo-org/new") == []
    redirects = [request for request in sandbox.requests() if request.status in {301, 307}]
    assert redirects
    assert all(request.authorized for request in sandbox.requests())


def test_a_redirected_upload_is_sent_again_from_its_start(
    github: GitHub, release: Release, sandbox: Sandbox
) -> None:
    sandbox.settings(redirect_uploads=True)
    asset = upload(github, release)
    assert asset.digest == Digest.of(sha256(b"abc"))
    asked = [(r.origin, r.authorized) for r in sandbox.requests() if r.method == "POST"]
    assert asked[-1] == ("storage", False)


@pytest.mark.parametrize(
    ("token", "error"),
    [("read_token", PermissionDeniedError), ("wrong", BadCredentialsError)],
)
def test_a_token_without_permission_raises_an_error_with_a_fix(
    token: str, error: type[GitHubError], engine: Engine, sandbox: Sandbox
) -> None:
    github = engine.github(token=getattr(sandbox, token, token))
    with pytest.raises(error) as caught:
        github.create_release({"tag_name": "v1", "draft": True})
    assert "To fix: " in str(caught.value)


def test_the_token_is_not_sent_to_an_upload_url_of_another_host(
    github: GitHub, release: Release
) -> None:
    forged = replace(release, upload_url="http://evil.example/upload{?name,label}")
    with pytest.raises(GitHubError):
        upload(github, forged)


def test_a_next_page_on_another_host_is_refused(
    github: GitHub, release: Release, sandbox: Sandbox
) -> None:
    link = '<http://evil.example/page2>; rel="next"'
    sandbox.fault(
        match={"method": "GET", "path": "/assets$"},
        do="status",
        status=200,
        body=[],
        headers={"Link": link},
    )
    with pytest.raises(UnexpectedAnswerError):
        github.list_assets(release.id)


def test_a_refused_connection_is_retried_and_raises_unreachable(
    engine: Engine, sandbox: Sandbox
) -> None:
    github = engine.github(max_attempts="2")
    github.session.exchange.api_url = "http://127.0.0.1:1"
    unreachable = GitHub(github.session, sandbox.repository)
    with pytest.raises(UnreachableError):
        unreachable.get_release(1)
    assert len(engine.time.waits) == 1
