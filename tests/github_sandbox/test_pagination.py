from typing import Any

import pytest

from tests.github_sandbox.conftest import Api

NAMES = list("abcdef")


def release_with_assets(api: Api) -> dict[str, Any]:
    release = api.release()
    for name in NAMES:
        api.asset(release, name)
    return release


def pages(api: Api, release: dict[str, Any], query: str = "per_page=2") -> list[str]:
    """Return the names on each page, following the Link headers."""
    answer = api.call("GET", f"{release['assets_url']}?{query}")
    found = ["".join(item["name"] for item in answer.json())]
    while "next" in answer.links:
        answer = api.call("GET", answer.links["next"]["url"])
        found.append("".join(item["name"] for item in answer.json()))
    return found


@pytest.mark.parametrize(
    ("page", "change", "expected"),
    [
        (1, "shift", ["ab", "bc", "de", "f"]),
        (2, "shift", ["ab", "bc", "de", "f"]),
        (3, "shift", ["ab", "cd", "de", "f"]),
        (1, "shrink", ["bc", "de", "f"]),
        (2, "shrink", ["ab", "de", "f"]),
        (3, "shrink", ["ab", "cd", "f"]),
        (2, "repeat", ["ab", "cdc", "ef"]),
        (2, "reverse", ["ab", "dc", "ef"]),
        (2, "empty", ["ab", "", "ef"]),
    ],
)
def test_a_fault_changes_the_pages_of_a_list(
    api: Api, page: int, change: str, expected: list[str]
) -> None:
    release = release_with_assets(api)
    match = {"method": "GET", "path": "assets$"}
    api.sandbox.fault(do="list", change=change, match=match, skip=page - 1)
    assert pages(api, release) == expected
    assert pages(api, release) == ["ab", "cd", "ef"]


def test_a_fault_of_a_list_applies_to_one_token(api: Api) -> None:
    release = release_with_assets(api)
    admin = Api(api.sandbox, api.sandbox.admin_token)
    api.sandbox.fault(do="list", change="shift", match={"method": "GET"})
    first = api.call("GET", f"{release['assets_url']}?per_page=2")
    assert pages(admin, release) == ["ab", "cd", "ef"]
    second = api.call("GET", first.links["next"]["url"])
    assert [item["name"] for item in second.json()] == ["b", "c"]


def test_the_page_size_can_be_limited(api: Api) -> None:
    release = release_with_assets(api)
    api.sandbox.settings(most_per_page=4)
    assert pages(api, release, "per_page=100") == ["abcd", "ef"]
    assert pages(api, release, "") == ["abcd", "ef"]
