import hashlib
import json

import pytest

from tests.github_sandbox.conftest import RELEASES, Api
from tests.support.sandbox import Sandbox


def test_a_seed_creates_releases_and_assets(sandbox: Sandbox) -> None:
    assets = [
        {"name": "a.txt", "text": "text", "label": "A"},
        {"name": "b.bin", "base64": "AAEC"},
        {"name": "zeros", "size": 100_000},
        {"name": "old", "text": "x", "digest": None},
        {"name": "torn", "state": "starter", "size": 7},
        {"name": "maybe", "state": "open", "text": "x"},
        {"name": "given", "state": "open", "size": 3, "digest": "sha256:00"},
    ]
    release = {"tag": "v2", "draft": True, "id": 77, "assets": assets}
    sandbox.seed({"repositories": [{"name": "octo-org/other", "releases": [release]}]})
    found = sandbox.releases("octo-org/other")[0]
    assert (found["id"], found["draft"], found["tag_name"]) == (77, True, "v2")
    shown = {item["name"]: item for item in found["assets"]}
    assert shown["b.bin"]["digest"] == f"sha256:{hashlib.sha256(bytes([0, 1, 2])).hexdigest()}"
    assert (shown["zeros"]["size"], shown["old"]["digest"]) == (100_000, None)
    fields = {name: (item["state"], item["size"], item["digest"]) for name, item in shown.items()}
    assert fields["torn"] == ("starter", 7, None)
    assert fields["maybe"] == ("open", 1, None)
    assert fields["given"] == ("open", 3, "sha256:00")
    assert shown["a.txt"]["label"] == "A"


@pytest.mark.parametrize(
    "document",
    [
        {"repos": []},
        {"repositories": [{"name": "no-slash"}]},
        {"repositories": [{"name": "a/b", "tag": []}]},
        {"repositories": [{"name": "a/b", "releases": [{"tag": "v1", "drafts": True}]}]},
        {"settings": {"lags": 1}},
        {"tokens": {"root": "x"}},
    ],
)
def test_an_invalid_seed_is_an_error(sandbox: Sandbox, document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="POST /seed"):
        sandbox.seed(document)


def test_an_invalid_setting_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="no setting 'lagg'"):
        sandbox.settings(lagg=1)
    with pytest.raises(ValueError, match="cannot be"):
        sandbox.settings(drain="yes")
    with pytest.raises(ValueError, match="list_order is one of"):
        sandbox.settings(list_order="size")


def test_a_reset_restores_the_initial_state(api: Api) -> None:
    api.asset(api.release("v1"), "large", b"x" * 200_000)
    api.sandbox.settings(latency=9.0)
    api.sandbox.fault(do="lose", times=None)
    api.sandbox.reset()
    assert (api.sandbox.requests(), api.sandbox.faults(), api.sandbox.releases()) == ([], [], [])
    state = api.sandbox.state()["repositories"]
    assert list(state) == ["octo-org/app"]
    assert list(state["octo-org/app"]["tags"]) == ["v1"]
    assert api.call("GET", RELEASES).elapsed.total_seconds() < 5


def test_faults_count_their_effects(api: Api) -> None:
    api.sandbox.fault(do="status", status=500, skip=1, times=2)
    for _ in range(4):
        api.call("GET", RELEASES)
    fault = api.sandbox.faults()[0]
    assert (fault["skipped"], fault["struck"]) == (1, 2)
    assert [entry.fault for entry in api.sandbox.requests()] == [None, "status", "status", None]


def test_logged_requests_can_be_counted_and_deleted(api: Api) -> None:
    release = api.release("v1")
    api.upload(release, "a", b"12345")
    log = api.sandbox.requests()
    assert [(entry.origin, entry.method, entry.bytes_in) for entry in log][1:] == [
        ("uploads", "POST", 5)
    ]
    assert (api.sandbox.count("POST"), api.sandbox.count("POST", "/assets")) == (2, 1)
    api.sandbox.forget_requests()
    assert api.sandbox.count("POST") == 0


def test_the_history_has_deleted_objects(api: Api) -> None:
    draft = api.release(draft=True)
    asset = api.asset(draft, "a")
    api.call("DELETE", f"{RELEASES}/assets/{asset['id']}")
    api.asset(draft, "b")
    where = f"{RELEASES}/{draft['id']}"
    for change in ({"draft": False}, {"draft": False}, {"draft": True}, {"tag_name": "v1"}):
        api.call("PATCH", where, json={"tag_name": "v1", **change})
    api.call("DELETE", where)
    published = api.release()
    api.call("DELETE", "/repos/octo-org/app/git/refs/tags/v1")
    history = api.sandbox.history()
    assert [(event["what"], event["name"]) for event in history] == [
        ("asset deleted", "a"),
        ("published", "v1"),
        ("unpublished", "v1"),
        ("release deleted", "v1"),
        ("asset deleted", "b"),
        ("published", "v1"),
        ("unpublished", "v1"),
    ]
    ids = [event["release_id"] for event in history]
    assert ids == [draft["id"]] * 5 + [published["id"]] * 2
    assert [event["state"] for event in history if event["state"]] == ["uploaded", "uploaded"]
    assert [event["complete"] for event in history if event["what"] == "published"] == [1, 0]


def test_jobs_have_their_own_tokens_and_share_a_rate_limit(sandbox: Sandbox) -> None:
    sandbox.seed({"jobs": {"one": "ghs_one", "two": "ghs_two"}})
    sandbox.fault(do="status", status=500, match={"job": "two"})
    one, two, other = (Api(sandbox, token) for token in ("ghs_one", "ghs_two", sandbox.token))
    release = one.release(draft=True)
    assert two.call("GET", RELEASES).status_code == 500
    assert two.upload(release, "a").status_code == 201
    used = [api.call("GET", RELEASES).headers["X-RateLimit-Used"] for api in (other, one)]
    assert int(used[1]) == int(used[0]) + 1
    two.call("PATCH", f"{RELEASES}/{release['id']}", json={"draft": False})
    assert [request.job for request in sandbox.requests()] == [
        "one",
        "two",
        "two",
        None,
        "one",
        "two",
    ]
    assert [event["job"] for event in sandbox.history()] == ["two"]
    sandbox.reset()
    assert one.call("GET", RELEASES).status_code == 401


def test_the_log_contains_bodies_by_setting(api: Api) -> None:
    api.release("v1")
    assert all(entry["response_body"] is None for entry in api.sandbox.exchanges())
    api.sandbox.settings(log_bodies=True)
    api.sandbox.forget_requests()
    release = api.release("v2", draft=True)
    api.upload(release, "app.zip", b"bytes")
    created, uploaded = api.sandbox.exchanges()
    assert json.loads(created["request_body"]) == {"tag_name": "v2", "draft": True}
    assert json.loads(created["response_body"]) == release
    assert created["response_headers"]["location"] == release["url"]
    assert uploaded["request_body"] is None
    assert json.loads(uploaded["response_body"])["name"] == "app.zip"
