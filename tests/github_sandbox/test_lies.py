from typing import Any

import pytest

from tests.github_sandbox.conftest import RELEASES, Api

PATCH = {"method": "PATCH"}
POST = {"method": "POST"}


def names(api: Api) -> list[str]:
    return [asset["name"] for release in api.sandbox.releases() for asset in release["assets"]]


def test_a_lie_has_its_effect_but_shows_other_values(api: Api) -> None:
    asset = api.asset(api.release(), "a")
    api.sandbox.fault(do="lie", match=PATCH, fields={"name": "c", "uploader.login": "x"})
    answer = api.call("PATCH", asset["url"], json={"name": "b"})
    assert (answer.status_code, answer.json()["name"]) == (200, "c")
    assert answer.json()["uploader"]["login"] == "x"
    assert names(api) == ["b"]


def test_a_lie_without_effect_shows_the_old_object(api: Api) -> None:
    asset = api.asset(api.release(draft=True), "a")
    api.sandbox.fault(do="lie", match=PATCH, effect=False, times=2)
    renamed = api.call("PATCH", asset["url"], json={"name": "b"})
    assert (renamed.status_code, renamed.json()["name"], names(api)) == (200, "a", ["a"])
    release = api.sandbox.releases()[0]
    published = api.call(
        "PATCH", f"{RELEASES}/{release['id']}", json={"draft": False, "tag_name": "v1"}
    )
    assert (published.status_code, published.json()["draft"]) == (200, True)
    assert api.sandbox.releases() == [release]
    assert api.sandbox.history() == []


@pytest.mark.parametrize("effect", [True, False])
def test_a_lie_shows_the_object_as_requested_or_as_before(api: Api, effect: bool) -> None:
    asset = api.asset(api.release(), "a")
    for shown, name in (("asked", "b"), ("old", "a")):
        api.sandbox.fault(do="lie", match=PATCH, effect=effect, object=shown)
        answer = api.call("PATCH", asset["url"], json={"name": "b"})
        assert (answer.json()["name"], names(api)) == (name, ["b" if effect else "a"])
        api.call("PATCH", asset["url"], json={"name": "a"})


def test_a_lie_shows_another_object_of_the_same_kind(api: Api) -> None:
    release = api.release("v1")
    asset, other = api.asset(release, "a"), api.asset(release, "b")
    api.sandbox.fault(do="lie", match=PATCH, object="other")
    assert api.call("PATCH", asset["url"], json={"name": "c"}).json()["id"] == other["id"]
    assert sorted(names(api)) == ["b", "c"]
    second = api.release("v2")
    api.sandbox.fault(do="lie", match={"path": f"{release['id']}$"}, object="other")
    assert api.call("GET", release["url"]).json()["id"] == second["id"]


def test_another_object_is_invented_if_there_is_none(api: Api) -> None:
    release = api.release("v1")
    asset = api.asset(release, "a")
    api.sandbox.fault(do="lie", object="other", times=2)
    shown = api.call("GET", asset["url"]).json()
    assert shown["id"] != asset["id"]
    assert shown["url"] == asset["url"].replace(str(asset["id"]), str(shown["id"]))
    assert shown.keys() == asset.keys()
    shown = api.call("GET", release["url"]).json()
    assert (shown["id"] != release["id"], shown["tag_name"], shown["assets"]) == (True, "other", [])


def test_a_delete_without_effect_is_answered_as_a_success(api: Api) -> None:
    release = api.release(draft=True)
    asset = api.asset(release, "a")
    api.sandbox.fault(do="lie", match={"method": "DELETE"}, effect=False, times=None)
    reference = "/repos/octo-org/app/git/refs/tags/v1"
    for url in (asset["url"], release["url"], reference):
        answer = api.call("DELETE", url)
        assert (answer.status_code, answer.content) == (204, b"")
    assert names(api) == ["a"]
    assert api.call("DELETE", f"{RELEASES}/assets/1").status_code == 404
    assert api.sandbox.history() == []


def test_an_upload_without_effect_is_answered_with_another_asset(api: Api) -> None:
    release = api.release()
    first = api.asset(release, "a")
    api.sandbox.fault(do="lie", match=POST, effect=False)
    answer = api.upload(release, "b", b"x" * 100_000)
    assert (answer.status_code, answer.json()) == (201, first)
    api.sandbox.fault(do="lie", match=POST, effect=False, object="asked", fields={"size": 7})
    answer = api.upload(release, "b")
    assert (answer.status_code, answer.json()["name"], answer.json()["size"]) == (201, "b", 7)
    assert answer.json()["state"] == "uploaded"
    assert names(api) == ["a"]
    assert api.upload(release, "b").status_code == 201


def test_a_release_that_is_not_created_is_answered_with_another(api: Api) -> None:
    api.sandbox.fault(do="lie", match=POST, effect=False)
    made_up = api.create(tag_name="v2")
    assert (made_up.status_code, made_up.json()["tag_name"]) == (201, "other")
    assert (api.sandbox.releases(), api.sandbox.history()) == ([], [])
    assert list(api.sandbox.state()["repositories"]["octo-org/app"]["tags"]) == ["v1"]
    first = api.release("v1")
    api.sandbox.fault(do="lie", match=POST, effect=False)
    assert api.create(tag_name="v2").json()["id"] == first["id"]


def test_a_list_can_be_a_lie(api: Api) -> None:
    release = api.release()
    for name in ("a", "b"):
        api.asset(release, name)
    fields = {"*.label": "L", "0.digest": {"$delete": True}, "1.state": "starter"}
    api.sandbox.fault(do="lie", fields=fields)
    shown = api.call("GET", release["assets_url"]).json()
    assert [item["label"] for item in shown] == ["L", "L"]
    assert ["digest" in item for item in shown] == [False, True]
    assert [item["state"] for item in shown] == ["uploaded", "starter"]


def test_a_lie_about_an_answer_without_json_changes_only_the_status(api: Api) -> None:
    api.asset(api.release(), "a", b"bytes")
    api.sandbox.fault(do="lie", fields={"name": "b"}, status=203, times=2)
    page = f"{api.sandbox.server_url}/octo-org/app/releases"
    assert api.call("GET", page).status_code == 203
    api.sandbox.disarm()
    file = f"{page}/download/v1/a"
    api.sandbox.fault(do="lie", fields={"name": "b"}, match={"origin": "storage"})
    assert api.call("GET", file).content == b"bytes"


@pytest.mark.parametrize("effect", [True, False])
def test_a_refusal_is_never_changed_to_a_lie(api: Api, effect: bool) -> None:
    api.release("v1")
    api.sandbox.fault(do="lie", effect=effect, fields={"message": "OK"})
    answer = api.create(tag_name="v1")
    assert (answer.status_code, answer.json()["message"]) == (422, "Validation Failed")


@pytest.mark.parametrize(
    ("fault", "made"),
    [
        ({"effect": True}, 1),
        ({"effect": False}, 0),
    ],
)
def test_a_success_with_any_body_has_an_effect_or_none(
    api: Api, fault: dict[str, Any], made: int
) -> None:
    page = "<html>Sign in</html>"
    api.sandbox.fault(do="status", status=200, body=page, match=POST, **fault)
    answer = api.create(tag_name="v1")
    assert (answer.status_code, answer.text) == (200, page)
    assert answer.headers["Content-Type"] == "text/html"
    assert len(api.sandbox.releases()) == made
    api.sandbox.fault(do="status", status=202, match={"method": "GET"})
    answer = api.call("GET", RELEASES)
    assert (answer.status_code, answer.content) == (202, b"")
