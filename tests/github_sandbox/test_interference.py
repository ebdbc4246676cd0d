import re
from typing import Any

import pytest

from tests.github_sandbox.conftest import RELEASES, Api

TOUCH = {"path": "/tags/touch$"}  # a request that changes nothing


def interfere(api: Api, *actions: str | dict[str, Any], when: str = "before") -> None:
    """Let another party act at a request."""
    api.sandbox.interfere(*actions, when=when, match=TOUCH)
    assert api.call("GET", f"{RELEASES}/tags/touch").status_code == 404


def interferences(api: Api) -> list[tuple[str, int, str]]:
    return [
        (event["name"], event["release_id"], event["state"])
        for event in api.sandbox.history()
        if event["what"] == "interference"
    ]


def tags(api: Api) -> dict[str, str]:
    known = api.sandbox.state()["repositories"]["octo-org/app"]["tags"]
    return {name: item["sha"] for name, item in known.items()}


@pytest.mark.parametrize("action", ["edit-body", "edit-title"])
def test_an_edit_removes_the_tag_of_a_draft(api: Api, action: str) -> None:
    draft = api.release("v1", draft=True, body="Mine")
    interfere(api, action)
    found = api.sandbox.releases()[0]
    assert re.fullmatch("untagged-[0-9a-f]{20}", found["tag_name"])
    assert (found["body"] == "Mine") is (action == "edit-title")
    assert interferences(api) == [(action, draft["id"], "done")]


def test_an_edit_may_keep_the_tag_of_a_draft(api: Api) -> None:
    api.release("v1", draft=True)
    interfere(api, {"do": "edit-body", "keep_tag": True, "text": "Theirs"})
    found = api.sandbox.releases()[0]
    assert (found["tag_name"], found["body"]) == ("v1", "Theirs")


def test_another_party_publishes_unpublishes_and_deletes_releases(api: Api) -> None:
    draft = api.release("v2", draft=True)
    interfere(api, "publish")
    assert api.sandbox.releases()[0]["draft"] is False
    assert "v2" in tags(api)
    interfere(api, "unpublish", "unpublish")
    assert api.sandbox.releases()[0]["draft"] is True
    interfere(api, "delete-release")
    assert api.sandbox.releases() == []
    assert [(event["what"], event["job"]) for event in api.sandbox.history()] == [
        ("published", "another party"),
        ("interference", "another party"),
        ("unpublished", "another party"),
        ("interference", "another party"),
        ("interference", "another party"),
        ("release deleted", "another party"),
        ("interference", "another party"),
    ]
    done = [(name, state) for name, _, state in interferences(api)]
    assert done[1:3] == [("unpublish", "done"), ("unpublish", "nothing to do")]
    assert draft["id"] == interferences(api)[0][1]


def test_another_party_adds_deletes_renames_and_replaces_assets(api: Api) -> None:
    release = api.release("v1")
    for name in ("a", "b", "c"):
        api.asset(release, name, b"mine")
    interfere(
        api,
        "upload",
        {"do": "delete-asset", "name": "a"},
        {"do": "rename-asset", "name": "b", "new_name": "d"},
        {"do": "replace-asset", "name": "c", "text": "theirs"},
    )
    shown = api.call("GET", release["assets_url"]).json()
    assert [item["name"] for item in shown] == ["0-of-another-party.bin", "d", "c"]
    assert api.sandbox.content("v1", "c") == b"theirs"
    assert {state for *_, state in interferences(api)} == {"done"}


def test_an_upload_at_the_front_shifts_later_pages(api: Api) -> None:
    release = api.release("v1")
    for name in ("a", "b", "c"):
        api.asset(release, name)
    api.sandbox.interfere("upload", when="after", match={"method": "GET"})
    first = api.call("GET", f"{release['assets_url']}?per_page=2")
    second = api.call("GET", first.links["next"]["url"])
    assert [item["name"] for item in first.json()] == ["a", "b"]
    assert [item["name"] for item in second.json()] == ["b", "c"]


def test_another_party_creates_moves_and_deletes_tags(api: Api) -> None:
    release = api.release("v1")
    before = tags(api)["v1"]
    interfere(api, {"do": "create-tag", "tag": "v2"}, {"do": "move-tag", "tag": "v1"})
    assert tags(api)["v1"] != before
    assert "v2" in tags(api)
    interfere(api, {"do": "move-tag", "sha": "a" * 40})
    assert tags(api)["v1"] == "a" * 40
    interfere(api, {"do": "delete-tag", "tag": "v1"})
    assert "v1" not in tags(api)
    assert api.call("GET", release["url"]).json()["draft"] is True


def test_another_party_creates_a_duplicate_draft(api: Api) -> None:
    first = api.release("v2", draft=True)
    interfere(api, {"do": "create-draft", "tag": "v2", "name": "Theirs"})
    second = api.sandbox.releases()[1]
    assert (second["tag_name"], second["name"], second["draft"]) == ("v2", "Theirs", True)
    assert interferences(api) == [("create-draft", second["id"], "done")]
    assert first["id"] != second["id"]


def test_an_action_applies_to_every_release_of_the_tag(api: Api) -> None:
    for tag in ("v1", "v2", "v2"):
        api.release(tag, draft=True)
    interfere(api, {"do": "edit-body", "tag": "v2", "text": "x", "keep_tag": True})
    assert [item["body"] for item in api.sandbox.releases()] == [None, "x", "x"]


@pytest.mark.parametrize(("when", "expected"), [("before", "mine"), ("after", "theirs")])
def test_the_other_party_acts_before_or_after_the_request(
    api: Api, when: str, expected: str
) -> None:
    release = api.release("v1", body="initial")
    action = {"do": "edit-body", "text": "theirs"}
    api.sandbox.interfere(action, when=when, match={"method": "PATCH"})
    answer = api.call("PATCH", release["url"], json={"body": "mine"})
    assert answer.json()["body"] == "mine"
    assert api.sandbox.releases()[0]["body"] == expected


def test_a_refused_action_is_in_the_history(api: Api) -> None:
    api.release("v1")
    interfere(api, {"do": "create-tag", "tag": "v1"}, {"do": "delete-asset", "name": "none"})
    states = [state for *_, state in interferences(api)]
    assert states == ["refused: Reference already exists", "nothing to do"]


def test_the_other_party_may_act_after_an_upload(api: Api) -> None:
    draft = api.release("v1", draft=True)
    api.sandbox.interfere("edit-body", when="after", match={"origin": "uploads"})
    assert api.upload(draft, "a", b"x" * 100_000).status_code == 201
    found = api.sandbox.releases()[0]
    assert found["tag_name"].startswith("untagged-")
    assert [item["name"] for item in found["assets"]] == ["a"]
