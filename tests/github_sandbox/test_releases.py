import re
from typing import Any

import pytest

from tests.github_sandbox.conftest import RELEASES, Api
from tests.support.sandbox import Sandbox

BY_TAG = f"{RELEASES}/tags"


def test_a_release_has_all_fields_of_github(flavoured: Api) -> None:
    release = flavoured.release("v1", name="One", body="notes")
    sandbox = flavoured.sandbox
    assert release["upload_url"] == (
        f"{sandbox.uploads_url}{RELEASES}/{release['id']}/assets{{?name,label}}"
    )
    assert release["html_url"] == f"{sandbox.server_url}/octo-org/app/releases/tag/v1"
    assert (release["draft"], release["prerelease"]) == (False, False)
    assert release["target_commitish"] == "main"
    assert release["created_at"] != release["published_at"]  # the commit's date
    assert ("immutable" in release) is (sandbox.flavour != "ghes")
    assert flavoured.call("GET", f"{BY_TAG}/v1").json() == release
    assert flavoured.call("GET", release["url"]).json() == release


def test_missing_name_and_body_are_null(api: Api) -> None:
    release = api.release()
    assert (release["name"], release["body"]) == (None, None)


def test_a_draft_is_found_only_by_id_and_in_lists(flavoured: Api) -> None:
    draft = flavoured.release("v1", draft=True)
    assert re.search(r"/releases/tag/untagged-[0-9a-f]{20}$", draft["html_url"])
    assert (draft["published_at"], draft["tarball_url"]) == (None, None)
    assert flavoured.call("GET", f"{BY_TAG}/v1").status_code == 404
    assert [item["id"] for item in flavoured.call("GET", RELEASES).json()] == [draft["id"]]
    reader = Api(flavoured.sandbox, flavoured.sandbox.read_token)
    assert reader.call("GET", RELEASES).json() == []
    assert reader.call("GET", draft["url"]).status_code == 404


def test_a_tag_may_have_several_drafts(api: Api) -> None:
    drafts = [api.release("v1", draft=True), api.release("v1", draft=True), api.release("v1")]
    assert len({item["id"] for item in drafts}) == 3


def test_only_publishing_creates_the_tag(api: Api) -> None:
    reference = "/repos/octo-org/app/git/ref/tags/v2"
    draft = api.release("v2", draft=True)
    assert api.call("GET", reference).status_code == 404
    published = api.call("PATCH", draft["url"], json={"draft": False}).json()
    assert published["tag_name"] == "v2"
    assert published["html_url"].endswith("/releases/tag/v2")
    assert api.call("GET", reference).json()["ref"] == "refs/tags/v2"


def test_a_change_without_tag_name_removes_the_tag_of_a_draft(api: Api) -> None:
    draft = api.release("v1", draft=True)
    changed = api.call("PATCH", draft["url"], json={"body": "x"}).json()
    assert changed["tag_name"].startswith("untagged-")
    published = api.release("v1")
    kept = api.call("PATCH", published["url"], json={"body": "x"}).json()
    assert kept["tag_name"] == "v1"


def test_an_unpublished_release_is_a_draft(api: Api) -> None:
    release = api.release("v1")
    draft = api.call("PATCH", release["url"], json={"draft": True, "tag_name": "v1"}).json()
    assert (draft["draft"], draft["published_at"]) == (True, None)
    assert api.call("GET", f"{BY_TAG}/v1").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({}, 422, [("missing_field", "tag_name")]),
        (
            {"tag_name": "a b"},
            422,
            [("custom", "tag_name"), ("custom", "tag_name"), ("custom", None)],
        ),
        (
            {"tag_name": "v9", "target_commitish": "nowhere"},
            422,
            [("custom", "tag_name"), ("custom", None), ("invalid", "target_commitish")],
        ),
        ({"tag_name": "v1", "name": "x" * 257}, 422, [("custom", "name")]),
        ({"tag_name": "v1", "body": "x" * 125_001}, 422, [("custom", "body")]),
        ({"tag_name": "v1", "draft": "yes"}, 422, []),
        ({"tag_name": "v1", "make_latest": "maybe"}, 422, []),
        ({"tag_name": "v1", "make_latest": True}, 422, []),
        ({"tag_name": "v1", "discussion_category_name": "None such"}, 404, []),
        ({"tag_name": "secret-1"}, 422, [("custom", "pre_receive"), ("custom", None)]),
        ({"tag_name": "burned"}, 422, [("custom", "tag_name")]),
        ({"tag_name": "flow", "target_commitish": "flow"}, 403, []),
    ],
)
def test_an_invalid_release_is_refused(
    api: Api, body: dict[str, Any], status: int, expected: list[tuple[str, str | None]]
) -> None:
    repository = {
        "name": "octo-org/app",
        "protected_tags": ["secret-*"],
        "burned_tags": ["burned"],
        "branches": [{"name": "flow", "changes_workflows": True}],
    }
    api.sandbox.seed({"repositories": [repository]})
    answer = api.create(**body)
    assert answer.status_code == status, answer.text
    errors = answer.json().get("errors", [])
    assert [(error["code"], error.get("field")) for error in errors] == expected
    assert answer.json()["status"] == str(status)
    assert api.sandbox.releases() == []


def test_a_draft_may_be_without_a_tag(api: Api) -> None:
    assert api.release("", draft=True)["tag_name"] == ""


def test_a_tag_has_one_published_release(flavoured: Api) -> None:
    flavoured.release("v1")
    second = flavoured.create(tag_name="v1")
    assert second.status_code == 422
    assert second.json()["errors"] == [
        {"resource": "Release", "code": "already_exists", "field": "tag_name"}
    ]
    draft = flavoured.release("v1", draft=True)
    publishing = flavoured.call("PATCH", draft["url"], json={"draft": False, "tag_name": "v1"})
    assert publishing.status_code == 422


def test_the_latest_release_changes_as_recorded(api: Api) -> None:
    first = api.release("tag1")
    assert latest(api) == first["id"]
    second = api.release("tag2", make_latest="false")
    assert latest(api) == first["id"]
    api.call("PATCH", second["url"], json={"make_latest": "true"})
    assert latest(api) == second["id"]
    api.release("tag3", prerelease=True)
    api.release("tag4", draft=True)
    assert latest(api) == second["id"]
    api.call("DELETE", second["url"])
    assert latest(api) == first["id"]


@pytest.mark.parametrize("kind", ["draft", "prerelease"])
def test_drafts_and_prereleases_cannot_become_latest(api: Api, kind: str) -> None:
    release = api.release("v1", **{kind: True})
    body = {"tag_name": "v1", "make_latest": "true"}
    refused = api.call("PATCH", release["url"], json=body)
    assert refused.status_code == 422
    message = "Latest release cannot be draft or prerelease."
    assert refused.json()["errors"][0]["message"] == message
    published = api.call("PATCH", release["url"], json=body | {"draft": False, "prerelease": False})
    assert latest(api) == published.json()["id"]


def test_without_releases_there_is_no_latest_one(flavoured: Api) -> None:
    flavoured.release("v1", draft=True)
    assert flavoured.call("GET", f"{RELEASES}/latest").status_code == 404


def test_make_latest_legacy_depends_on_the_date(api: Api) -> None:
    dates = [("new", "2025-02-02"), ("old", "2024-01-01")]
    tags = [{"name": tag, "date": date} for tag, date in dates]
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "tags": tags}]})
    new = api.release("new")
    api.release("old", make_latest="legacy")
    assert latest(api) == new["id"]


def latest(api: Api) -> int:
    return int(api.call("GET", f"{RELEASES}/latest").json()["id"])


def test_the_tag_of_a_deleted_release_stays(api: Api) -> None:
    release = api.release("v2")
    assert api.call("DELETE", release["url"]).status_code == 204
    assert api.call("DELETE", release["url"]).status_code == 404
    assert api.call("GET", "/repos/octo-org/app/git/ref/tags/v2").status_code == 200


def test_the_release_of_a_deleted_tag_becomes_a_draft(api: Api) -> None:
    release = api.release("v1")
    api.call("DELETE", "/repos/octo-org/app/git/refs/tags/v1")
    assert api.call("GET", release["url"]).json()["draft"] is True


def test_immutable_releases_are_locked(api: Api) -> None:
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "immutable_releases": True}]})
    draft = api.release("v1", draft=True)
    asset = api.asset(draft, "a.txt")
    release = api.call("PATCH", draft["url"], json={"draft": False, "tag_name": "v1"}).json()
    assert release["immutable"] is True
    upload = api.upload(release, "b.txt")
    assert upload.status_code == 422
    assert set(upload.json()) == {"message", "request_id", "documentation_url"}
    assert upload.json()["message"] == "Cannot upload assets to an immutable release."
    for method in ("DELETE", "PATCH"):
        refused = api.call(method, asset["url"], json={"name": "c.txt"})
        assert refused.status_code == 422
        assert "immutable release" in refused.json()["errors"][0]["message"]
    assert api.call("PATCH", release["url"], json={"body": "new"}).json()["body"] == "new"
    api.call("DELETE", release["url"])
    again = api.create(tag_name="v1")
    assert again.json()["errors"][0]["message"] == "tag_name was used by an immutable release"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"tag_name": "v2"}, ["tag_name"]),
        ({"target_commitish": "topic"}, ["target_commitish"]),
        ({"draft": True}, ["state", "immutable"]),
        ({"tag_name": "v2", "target_commitish": "topic"}, ["tag_name", "target_commitish"]),
    ],
)
def test_tag_target_and_assets_of_an_immutable_release_cannot_be_changed(
    api: Api, change: dict[str, Any], fields: list[str]
) -> None:
    repository = {
        "name": "octo-org/app",
        "branches": ["topic"],
        "releases": [{"tag": "v1", "immutable": True}],
    }
    api.sandbox.seed({"repositories": [repository]})
    (release,) = api.sandbox.releases()
    refused = api.call("PATCH", release["url"], json=change)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "resource": "Release",
            "code": "custom",
            "field": field,
            "message": f"{field} cannot be changed when release is immutable",
        }
        for field in fields
    ]
    assert api.sandbox.releases() == [release]


def test_title_and_notes_of_an_immutable_release_can_be_changed(api: Api) -> None:
    release = {"tag": "v1", "immutable": True, "prerelease": True}
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "releases": [release]}]})
    (before,) = api.sandbox.releases()
    body = {"name": "N", "body": "B", "prerelease": False, "make_latest": "true"}
    same = {"tag_name": "v1", "target_commitish": "main", "draft": False}
    changed = api.call("PATCH", before["url"], json=body | same)
    assert changed.status_code == 200
    shown = changed.json()
    assert (shown["name"], shown["body"], shown["prerelease"]) == ("N", "B", False)
    assert (shown["immutable"], latest(api)) == (True, before["id"])


def test_the_tag_of_a_deleted_immutable_release_cannot_be_used_again(api: Api) -> None:
    release = {"tag": "v1", "immutable": True}
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "releases": [release]}]})
    references = "/repos/octo-org/app/git/refs"
    tag = f"{references}/tags/v1"
    assert api.call("DELETE", tag).status_code == 422, "it is locked"
    sha = api.call("GET", "/repos/octo-org/app/commits/v1").json()["sha"]
    assert api.call("DELETE", api.sandbox.releases()[0]["url"]).status_code == 204
    assert api.call("DELETE", tag).status_code == 204
    for draft in (True, False):
        again = api.create(tag_name="v1", draft=draft)
        assert again.status_code == 422
        assert again.json()["errors"][0]["message"] == "tag_name was used by an immutable release"
    refused = api.call("POST", references, json={"ref": "refs/tags/v1", "sha": sha})
    assert (refused.status_code, "rule violations" in refused.json()["message"]) == (422, True)


@pytest.mark.parametrize(
    ("order", "expected"),
    [("made", "bca"), ("id", "cab"), ("id-desc", "bac"), ("name", "abc")],
)
def test_lists_of_releases_have_the_set_order(api: Api, order: str, expected: str) -> None:
    dates = [("c", "2025-02-02"), ("a", "2024-01-01"), ("b", "2025-03-03")]
    tags = [{"name": tag, "date": date} for tag, date in dates]
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "tags": tags}]})
    for tag, _ in dates:
        api.release(tag)
    api.sandbox.settings(list_order=order)
    listed = [item["tag_name"] for item in api.call("GET", RELEASES).json()]
    pages = [api.call("GET", f"{RELEASES}?per_page=1&page={page}").json() for page in (1, 2, 3)]
    assert "".join(listed) == expected
    assert [item["tag_name"] for page in pages for item in page] == listed


@pytest.mark.parametrize(
    ("order", "expected"),
    [("made", "cab"), ("id", "cab"), ("id-desc", "bac"), ("name", "abc")],
)
def test_lists_of_assets_have_the_set_order(api: Api, order: str, expected: str) -> None:
    release = api.release()
    for name in "cab":
        api.asset(release, name)
    api.sandbox.settings(list_order=order)
    listed = api.call("GET", release["assets_url"]).json()
    assert "".join(item["name"] for item in listed) == expected
    assert api.call("GET", release["url"]).json()["assets"] == listed


@pytest.mark.parametrize(("settings", "status"), [({}, 400), ({"unknown_previous_tag": 422}, 422)])
def test_notes_since_an_unknown_tag_are_refused(
    api: Api, settings: dict[str, int], status: int
) -> None:
    api.sandbox.settings(**settings)
    body = {"tag_name": "v2", "previous_tag_name": "v0"}
    refused = api.call("POST", f"{RELEASES}/generate-notes", json=body)
    message = "Invalid previous_tag parameter"
    assert (refused.status_code, refused.json()["message"]) == (status, message)
    body["previous_tag_name"] = "v1"
    notes = api.call("POST", f"{RELEASES}/generate-notes", json=body).json()["body"]
    assert notes.endswith("/compare/v1...v2")


def test_notes_are_generated(api: Api) -> None:
    api.release("v1")
    answer = api.call("POST", f"{RELEASES}/generate-notes", json={"tag_name": "v2"})
    assert answer.json()["name"] == "v2"
    assert answer.json()["body"].endswith("/octo-org/app/compare/v1...v2")
    release = api.release("v3", body="Mine", generate_release_notes=True)
    assert re.fullmatch(r"Mine\n\n\*\*Full Changelog\*\*: \S+", release["body"])


def test_notes_for_an_invalid_tag_are_refused(api: Api) -> None:
    for wrong in ({}, {"tag_name": 2}, {"tag_name": "v2", "previous_tag_name": ["v1"]}):
        assert api.call("POST", f"{RELEASES}/generate-notes", json=wrong).status_code == 422


def test_a_new_release_may_be_missing_from_the_first_requests(api: Api, sandbox: Sandbox) -> None:
    sandbox.settings(lag_requests=1)
    release = api.release("v1")
    assert api.call("GET", release["url"]).status_code == 200
    assert [api.call("GET", f"{BY_TAG}/v1").status_code for _ in range(2)] == [404, 200]
