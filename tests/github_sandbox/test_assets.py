from tests.github_sandbox.conftest import Api


def test_a_renamed_asset_keeps_its_id_and_content(flavoured: Api) -> None:
    release = flavoured.release()
    asset = flavoured.asset(release, "a.txt", b"content")
    flavoured.asset(release, "b.txt")
    changed = flavoured.call("PATCH", asset["url"], json={"name": "c d.txt", "label": "L"}).json()
    assert (changed["id"], changed["name"], changed["label"]) == (asset["id"], "c.d.txt", "L")
    assert changed["browser_download_url"].endswith("/releases/download/v1/c.d.txt")
    assert flavoured.sandbox.content("v1", "c.d.txt") == b"content"
    taken = flavoured.call("PATCH", asset["url"], json={"name": "b.txt"})
    assert taken.json()["errors"][0]["code"] == "already_exists"


def test_an_asset_can_be_renamed_to_its_own_name(api: Api) -> None:
    api.sandbox.settings(rename_on_patch=False)
    asset = api.asset(api.release(), "a.txt")
    assert api.call("PATCH", asset["url"], json={"name": "c d"}).json()["name"] == "c d"


def test_the_name_of_a_deleted_asset_can_be_used_again(flavoured: Api) -> None:
    release = flavoured.release()
    asset = flavoured.asset(release, "a.txt")
    assert [flavoured.call("DELETE", asset["url"]).status_code for _ in "12"] == [204, 404]
    assert flavoured.asset(release, "a.txt")["id"] != asset["id"]
