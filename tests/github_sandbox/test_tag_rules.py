"""Valid targets for a tag that does not exist, for drafts and public releases."""

from typing import Any

import pytest

from tests.github_sandbox.conftest import RELEASES, Api

SHA = "0123abc" + "d" * 33
FLOW = "f" * 40
INVALID = {"resource": "Release", "code": "invalid", "field": "target_commitish"}
NO_TAG = [
    {
        "resource": "Release",
        "code": "custom",
        "field": "tag_name",
        "message": "tag_name is not a valid tag",
    },
    {
        "resource": "Release",
        "code": "custom",
        "message": "Published releases must have a valid tag",
    },
]
BOTH = "contents=write; contents=write,workflows=write"


@pytest.fixture(autouse=True)
def repository(api: Api) -> None:
    seed(
        api,
        commits=[{"name": SHA}, {"name": FLOW, "changes_workflows": True}],
        branches=["topic/x", {"name": "flow", "changes_workflows": True}],
    )


def seed(api: Api, **repository: Any) -> None:
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", **repository}]})


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("target", ["main", "topic/x", SHA])
def test_a_branch_or_a_full_sha_is_a_valid_target(api: Api, target: str, draft: bool) -> None:
    release = api.release("v2", target_commitish=target, draft=draft)
    assert release["target_commitish"] == target


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize(
    "target",
    [
        pytest.param(SHA[:7], id="a short SHA"),
        pytest.param("e" * 40, id="an unknown SHA"),
        pytest.param("v1", id="a tag"),
        pytest.param("refs/tags/v1", id="a reference of a tag"),
        pytest.param("refs/heads/main", id="a reference of a branch"),
        pytest.param("mian", id="an unknown branch"),
    ],
)
def test_any_other_target_of_a_missing_tag_is_refused(api: Api, target: str, draft: bool) -> None:
    refused = api.create(tag_name="v2", target_commitish=target, draft=draft)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [*([] if draft else NO_TAG), INVALID]
    assert api.sandbox.releases() == []
    existing = api.create(tag_name="v1", target_commitish=target, draft=draft)
    assert existing.status_code == 201, "the target is unused when the tag exists"


def test_the_target_is_checked_when_a_draft_is_changed(api: Api) -> None:
    draft = api.release("v2", draft=True)
    for body, errors in (
        ({"tag_name": "v2", "target_commitish": "mian"}, [INVALID]),
        ({"tag_name": "v2", "target_commitish": "mian", "draft": False}, [*NO_TAG, INVALID]),
    ):
        refused = api.call("PATCH", draft["url"], json=body)
        assert (refused.status_code, refused.json()["errors"]) == (422, errors)
    empty = api.call("PATCH", draft["url"], json={"tag_name": "v2", "target_commitish": ""})
    message = "Invalid target_commitish parameter"
    assert (empty.status_code, empty.json()["message"]) == (422, message)
    assert api.sandbox.releases()[0]["target_commitish"] == "main"


def test_the_target_of_an_existing_tag_is_checked_by_setting(api: Api) -> None:
    api.sandbox.settings(target_checked_with_tag=True)
    refused = api.create(tag_name="v1", target_commitish="refs/tags/v1", draft=True)
    assert refused.json()["errors"] == [INVALID]
    assert api.create(tag_name="v1", draft=True).status_code == 201


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("target", ["flow", FLOW])
def test_a_target_that_changes_workflows_requires_the_permission_workflows(
    api: Api, target: str, draft: bool
) -> None:
    refused = api.create(tag_name="v2", target_commitish=target, draft=draft)
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "Resource not accessible by integration",
    )
    assert refused.headers["X-Accepted-GitHub-Permissions"] == BOTH
    draft_of_main = api.release("v2", draft=True)
    body = {"tag_name": "v2", "target_commitish": target, "draft": draft}
    assert api.call("PATCH", draft_of_main["url"], json=body).status_code == 403
    seed(api, tags=["v2"])
    assert api.create(tag_name="v2", target_commitish=target, draft=draft).status_code == 201
    admin = Api(api.sandbox, api.sandbox.admin_token)
    assert admin.create(tag_name="v3", target_commitish=target, draft=draft).status_code == 201


def test_the_refusal_of_workflows_has_its_status_and_time_by_setting(api: Api) -> None:
    api.sandbox.settings(workflow_refusal=404, workflow_refusal_at="publish")
    draft = api.release("v2", target_commitish="flow", draft=True)
    body = {"tag_name": "v2", "draft": False}
    assert api.call("PATCH", draft["url"], json=body).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "permissions"),
    [
        ("POST", RELEASES, BOTH),
        ("PATCH", f"{RELEASES}/{{release}}", BOTH),
        ("POST", "/repos/octo-org/app/git/refs", BOTH),
        ("DELETE", f"{RELEASES}/{{release}}", "contents=write"),
        ("PATCH", f"{RELEASES}/assets/{{asset}}", "contents=write"),
        ("DELETE", f"{RELEASES}/assets/{{asset}}", "contents=write"),
        ("POST", f"{RELEASES}/generate-notes", "contents=write"),
        ("PUT", "/repos/octo-org/app/immutable-releases", "administration=write"),
    ],
)
def test_a_refusal_names_the_permissions_that_the_endpoint_accepts(
    api: Api, method: str, path: str, permissions: str
) -> None:
    release = api.release("v1")
    asset = api.asset(release, "a")
    reader = Api(api.sandbox, api.sandbox.read_token)
    path = path.format(release=release["id"], asset=asset["id"])
    refused = reader.call(method, path, json={"tag_name": "v1"})
    assert refused.status_code == 403
    assert refused.headers["X-Accepted-GitHub-Permissions"] == permissions
    uploaded = reader.upload(release, "b")
    assert uploaded.status_code == 403
    assert uploaded.headers["X-Accepted-GitHub-Permissions"] == "contents=write"


@pytest.mark.parametrize(("keeps", "tag"), [(True, "v2"), (False, "untagged-")])
def test_publishing_without_tag_name_keeps_the_tag_by_setting(
    api: Api, keeps: bool, tag: str
) -> None:
    api.sandbox.settings(publishing_keeps_tag=keeps)
    draft = api.release("v2", draft=True)
    published = api.call("PATCH", draft["url"], json={"draft": False}).json()
    assert published["draft"] is False
    assert published["tag_name"].startswith(tag)
    tags = api.sandbox.state()["repositories"]["octo-org/app"]["tags"]
    assert set(tags) == {"v1", published["tag_name"]}
