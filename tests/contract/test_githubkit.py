"""githubkit, whose models come from GitHub's OpenAPI description, with sandbox and action."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from githubkit import GitHub
from githubkit.exception import RequestFailed

from tests.support.job import Job
from tests.support.openapi import Described
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

OWNER, NAME = "octo-org", "app"
HERE: dict[str, Any] = {"owner": OWNER, "repo": NAME}


@pytest.fixture
def client(flavoured_sandbox: Sandbox) -> Iterator[Any]:
    """A client for each flavour; all its requests and answers are checked by the description."""
    flavoured_sandbox.settings(log_bodies=True)
    options: dict[str, Any] = {"trust_env": False, "http_cache": False, "auto_retry": False}
    with GitHub(flavoured_sandbox.token, base_url=flavoured_sandbox.api_url, **options) as github:
        yield github
    assert Described(flavoured_sandbox).check(flavoured_sandbox.exchanges())


def read(answer: Any) -> Any:
    """Return the parsed answer, checked by the models if they are those of such a server.

    They want a digest, which Enterprise Server has from 3.17 on.
    """
    if "/api/v3/" in str(answer.url):
        return json.loads(answer.text, object_hook=lambda found: SimpleNamespace(**found))
    return answer.parsed_data


def upload(client: Any, release: Any, name: str, data: bytes, **query: str) -> Any:
    """Upload an asset: the client's own method sends uploads to the host of the API."""
    return client.request(
        "POST",
        release.upload_url.partition("{")[0],
        params={"name": name, **query},
        content=data,
        headers={"Content-Type": "text/plain"},
    ).json()


def test_githubkit_creates_publishes_and_deletes_a_release(client: Any) -> None:
    repos = client.rest.repos
    with pytest.raises(RequestFailed) as none:
        repos.get_latest_release(**HERE)
    assert none.value.response.status_code == 404
    draft = read(
        repos.create_release(
            **HERE, tag_name="v1", name="One", body="N", draft=True, target_commitish="main"
        )
    )
    assert (draft.draft, draft.published_at, draft.tarball_url) == (True, None, None)
    uploaded = upload(client, draft, "my app.txt", b"content", label="My app")
    assert (uploaded["name"], uploaded["label"], uploaded["state"]) == (
        *("my.app.txt", "My app"),
        "uploaded",
    )
    with pytest.raises(RequestFailed) as unseen:
        repos.get_release_by_tag(**HERE, tag="v1")
    assert unseen.value.response.status_code == 404
    renamed = read(
        repos.update_release_asset(**HERE, asset_id=uploaded["id"], name="app.txt", label="App")
    )
    assert (renamed.id, renamed.name, renamed.label) == (uploaded["id"], "app.txt", "App")
    public = read(
        repos.update_release(
            **HERE, release_id=draft.id, tag_name="v1", draft=False, make_latest="true"
        )
    )
    assert public.html_url.endswith("/releases/tag/v1")
    assert read(repos.get_latest_release(**HERE)).id == draft.id
    assert read(repos.get_release_by_tag(**HERE, tag="v1")).assets[0].name == "app.txt"
    assert [one.id for one in read(repos.list_releases(**HERE, per_page=100))] == [draft.id]
    found = read(repos.get_release_asset(**HERE, asset_id=uploaded["id"]))
    digest = f"sha256:{hashlib.sha256(b'content').hexdigest()}"
    assert getattr(found, "digest", digest) == digest
    repos.delete_release_asset(**HERE, asset_id=uploaded["id"])
    assert read(repos.list_release_assets(**HERE, release_id=draft.id)) == []
    repos.delete_release(**HERE, release_id=draft.id)
    with pytest.raises(RequestFailed) as gone:
        repos.get_release(**HERE, release_id=draft.id)
    assert gone.value.response.status_code == 404


def test_githubkit_lists_assets_of_all_pages(client: Any) -> None:
    release = read(client.rest.repos.create_release(**HERE, tag_name="v1"))
    for number in range(5):
        upload(client, release, f"{number}.txt", b"x")
    found = client.rest.paginate(
        client.rest.repos.list_release_assets,
        **HERE,
        release_id=release.id,
        per_page=2,
        map_func=read,
    )
    assert sorted(asset.name for asset in found) == [f"{number}.txt" for number in range(5)]


def test_githubkit_gets_an_error_for_a_taken_name(client: Any) -> None:
    release = read(client.rest.repos.create_release(**HERE, tag_name="v1"))
    upload(client, release, "app.txt", b"one")
    with pytest.raises(RequestFailed) as taken:
        upload(client, release, "app.txt", b"two")
    answer = taken.value.response
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}
    ]


def test_githubkit_generates_notes(client: Any) -> None:
    notes = read(client.rest.repos.generate_release_notes(**HERE, tag_name="v1"))
    assert "Full Changelog" in notes.body


def test_githubkit_publishes_immutable_releases(client: Any, flavoured_sandbox: Sandbox) -> None:
    admin = client.with_auth(flavoured_sandbox.admin_token)  # must live as long as `repos`
    repos = admin.rest.repos
    if flavoured_sandbox.flavour == "ghes":
        with pytest.raises(RequestFailed):
            repos.check_immutable_releases(**HERE)
        return
    repos.enable_immutable_releases(**HERE)
    assert read(repos.check_immutable_releases(**HERE)).enabled
    release = read(client.rest.repos.create_release(**HERE, tag_name="v1"))
    assert release.immutable
    with pytest.raises(RequestFailed) as locked:
        upload(client, release, "late.txt", b"late")
    assert locked.value.response.status_code == 422
    repos.disable_immutable_releases(**HERE)
    with pytest.raises(RequestFailed):
        repos.check_immutable_releases(**HERE)


def test_githubkit_reads_what_the_action_published(
    client: Any, flavoured_sandbox: Sandbox, tmp_path: Path
) -> None:
    job = Job.at(tmp_path, flavoured_sandbox)
    job.write({"dist/app.zip": b"app", "dist/größe (1).txt": b"text"})
    step = job.run_program({"files": "dist/*", "notes": "What is new"})
    assert step.exit_code == 0, step.log
    release = read(client.rest.repos.get_release_by_tag(**HERE, tag="v1"))
    assert (release.draft, release.body) == (False, "What is new")
    content = {}
    for asset in release.assets:
        answer = client.rest.repos.get_release_asset(
            **HERE, asset_id=asset.id, headers={"Accept": "application/octet-stream"}
        )
        content[asset.name, asset.label] = answer.content
    assert content == {
        ("app.zip", ""): b"app",
        ("grosse.1.txt", "größe (1).txt"): b"text",
    }
