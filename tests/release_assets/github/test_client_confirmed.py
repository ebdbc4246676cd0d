"""Successful answers that do not match the request are unconfirmed or unexpected."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from release_assets.github.client import GitHub
from release_assets.github.errors import UnconfirmedError, UnexpectedAnswerError
from release_assets.models import Asset, Release
from tests.release_assets.github.test_client import upload
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox

SHA = "0123456789abcdef0123456789abcdef01234567"
Call = Callable[[GitHub, Release, Asset], object]


@pytest.fixture
def github(engine: Engine) -> GitHub:
    return engine.github(max_attempts="2")


@pytest.fixture
def release(github: GitHub) -> Release:
    return github.create_release({"tag_name": "v1", "draft": True, "name": "One"})


@pytest.fixture
def asset(github: GitHub, release: Release) -> Asset:
    return upload(github, release, "a.txt")


def answer_at(sandbox: Sandbox, path: str) -> dict[str, Any]:
    """Return what the sandbox answers at a path of the repository."""
    url = f"{sandbox.api_url}/repos/{sandbox.repository}{path}"
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    answer: dict[str, Any] = requests.get(url, headers=headers, timeout=10).json()
    return answer


NEW_ID = {"id": 99, "upload_url": "https://uploads.github.com/releases/99/assets{?name,label}"}
WRITES: list[Any] = [
    pytest.param(
        lambda github, *_: github.create_release({"tag_name": "v2", "draft": True}),
        "release",
        {"tag_name": "v2", **NEW_ID},
        {"draft": False, "tag_name": "v2", **NEW_ID},
        id="create, answered as public",
    ),
    pytest.param(
        lambda github, *_: github.create_release({"tag_name": "v1", "draft": True}),
        "release",
        NEW_ID,
        {},
        id="create, answered with a known release",
    ),
    pytest.param(
        lambda github, release, _: github.update_release(release.id, "v1", {"draft": False}),
        "release",
        {"draft": False},
        {"draft": True},
        id="publish, answered as a draft",
    ),
    pytest.param(
        lambda github, release, _: github.update_release(release.id, "v1", {}),
        "release",
        {},
        {"tag_name": "v2"},
        id="update, answered with another tag",
    ),
    pytest.param(
        lambda github, release, _: upload(github, release, "b.txt"),
        "asset",
        {"id": 99, "name": "b.txt"},
        {"id": 99, "name": "c.txt"},
        id="upload, answered with another name",
    ),
    pytest.param(
        lambda github, release, asset: upload(github, release, "a.txt", known_ids={asset.id}),
        "asset",
        {"id": 99},
        {},
        id="upload, answered with a known asset",
    ),
    pytest.param(
        lambda github, _, asset: github.update_asset(asset, name="b.txt"),
        "asset",
        {"name": "b.txt"},
        {},
        id="rename, answered with the old name",
    ),
    pytest.param(
        lambda github, _, asset: github.update_asset(asset, label="L"),
        "asset",
        {"label": "L"},
        {"label": "L", "digest": "sha256:" + "0" * 64},
        id="relabel, answered with another digest",
    ),
]


@pytest.mark.parametrize(("call", "kind", "right", "wrong"), WRITES)
def test_a_write_whose_answer_does_not_match_is_unconfirmed(
    call: Call,
    kind: str,
    right: dict[str, Any],
    wrong: dict[str, Any],
    github: GitHub,
    release: Release,
    asset: Asset,
    sandbox: Sandbox,
) -> None:
    path = {"release": f"/releases/{release.id}", "asset": f"/releases/assets/{asset.id}"}[kind]
    answer = answer_at(sandbox, path)
    fault = {"do": "status", "status": 200, "times": 2}
    for method in ("POST", "PATCH"):
        sandbox.fault(match={"method": method}, body=answer | wrong, **fault)
    with pytest.raises(UnconfirmedError):
        call(github, release, asset)
    sandbox.disarm()
    for method in ("POST", "PATCH"):
        sandbox.fault(match={"method": method}, body=answer | right, **fault)
    call(github, release, asset)


@pytest.mark.parametrize("status", [200, 202, 205])
@pytest.mark.parametrize("kind", ["release", "asset"])
def test_a_deletion_without_status_204_is_unconfirmed(
    kind: str, status: int, github: GitHub, release: Release, asset: Asset, sandbox: Sandbox
) -> None:
    def delete() -> bool:
        of_release = kind == "release"
        return github.delete_release(release.id) if of_release else github.delete_asset(asset.id)

    sandbox.fault(match={"method": "DELETE"}, do="status", status=status, times=2)
    with pytest.raises(UnconfirmedError, match=str(status)):
        delete()
    assert sandbox.asset_names("v1") == ["a.txt"]
    assert delete()
    assert not delete()


@pytest.mark.parametrize(
    ("call", "path", "wrong"),
    [
        pytest.param(lambda g, r, _: g.get_release(r.id), "/releases/", {"id": 99}, id="release"),
        pytest.param(
            lambda g, *_: g.find_release_by_tag("v1"), "/releases/", {"tag_name": "v2"}, id="tag"
        ),
        pytest.param(lambda g, _, a: g.get_asset(a.id), "/assets/", {"id": 99}, id="asset"),
        pytest.param(lambda g, *_: g.find_commit("main"), "/commits/", {"sha": "main"}, id="sha"),
    ],
)
def test_an_answer_about_another_object_is_unexpected(
    call: Call,
    path: str,
    wrong: dict[str, Any],
    github: GitHub,
    release: Release,
    asset: Asset,
    sandbox: Sandbox,
) -> None:
    answers = {
        "/releases/": lambda: answer_at(sandbox, f"/releases/{release.id}"),
        "/assets/": lambda: answer_at(sandbox, f"/releases/assets/{asset.id}"),
    }
    answer = answers.get(path, dict)()
    sandbox.fault(match={"path": path}, do="status", status=200, body=answer | wrong, times=2)
    with pytest.raises(UnexpectedAnswerError):
        call(github, release, asset)


@pytest.mark.parametrize(
    ("status", "body", "sha"),
    [
        pytest.param(200, {"sha": SHA}, SHA, id="a commit"),
        pytest.param(404, {"message": "Not Found"}, None, id="no such repository"),
        pytest.param(422, {"message": "No commit found for SHA: a/b"}, None, id="no such commit"),
    ],
)
def test_find_commit_returns_the_full_sha_or_none(
    status: int, body: dict[str, str], sha: str | None, github: GitHub, sandbox: Sandbox
) -> None:
    sandbox.fault(match={"path": "/commits/a%2Fb$"}, do="status", status=status, body=body)
    assert github.find_commit("a/b") == sha


def test_notes_start_at_the_previous_tag(github: GitHub) -> None:
    assert "v1...v2" in github.generate_notes("v2", "main", "v1")
