from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.github_sandbox.conftest import RELEASES, Api
from tests.support.sandbox import Sandbox


def draft_of(sandbox: Sandbox) -> dict[str, Any]:
    return Api(sandbox, sandbox.token).release("v1", draft=True)


@pytest.mark.parametrize(
    ("token", "private", "reading", "writing"),
    [
        ("write", False, 200, 201),
        ("admin", True, 200, 201),
        ("read", False, 200, 403),
        ("read", True, 200, 403),
        ("none", False, 200, 404),
        ("none", True, 404, 404),
        ("wrong", False, 401, 401),
        (None, False, 200, 401),
        (None, True, 404, 404),
    ],
)
def test_a_token_has_its_permissions(
    sandbox: Sandbox, token: str | None, private: bool, reading: int, writing: int
) -> None:
    release = draft_of(sandbox)
    sandbox.seed({"repositories": [{"name": "octo-org/app", "private": private}]})
    tokens = {
        "write": sandbox.token,
        "admin": sandbox.admin_token,
        "read": sandbox.read_token,
        "none": sandbox.no_token,
        "wrong": "ghs_nobody",
    }
    api = Api(sandbox, tokens.get(token or ""))
    assert api.call("GET", RELEASES).status_code == reading
    assert api.create(tag_name="v2", draft=True).status_code == writing
    upload = api.upload(release, "a.txt")
    assert upload.status_code == writing
    if writing != 201:
        assert "request_id" in upload.json()


def test_a_refusal_names_the_missing_permission(sandbox: Sandbox) -> None:
    refused = Api(sandbox, sandbox.read_token).create(tag_name="v1").json()
    assert refused["message"] == "Resource not accessible by integration"
    assert refused["documentation_url"].endswith("/releases/releases#create-a-release")
    assert Api(sandbox, "x").call("GET", RELEASES).json()["message"] == "Bad credentials"


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "Problems parsing JSON"),
        (b'{"tag_name": "v\\udc87"}', 400, "Problems parsing JSON"),
        (b'{"a":' * 100_000, 400, "Problems parsing JSON"),
        (b"[]", 400, "Body should be a JSON object"),
        (b'{"tag_name": 1}', 422, "Invalid request."),
    ],
)
def test_an_invalid_body_is_refused(api: Api, body: bytes, status: int, message: str) -> None:
    answer = api.call("POST", RELEASES, data=body)
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"User-Agent": ""}, 403),
        ({"X-GitHub-Api-Version": "2022-11-28"}, 200),
        ({"X-GitHub-Api-Version": "1999-01-01"}, 400),
        ({"Accept": "application/vnd.github+json"}, 200),
        ({"Accept": "image/png"}, 415),
    ],
)
def test_headers_are_checked(api: Api, headers: dict[str, str], status: int) -> None:
    assert api.call("GET", RELEASES, headers=headers).status_code == status


def test_ghes_has_neither_api_versions_nor_rate_limits(flavoured: Api) -> None:
    answer = flavoured.call("GET", RELEASES, headers={"X-GitHub-Api-Version": "2022-11-28"})
    expected = flavoured.sandbox.flavour != "ghes"
    assert ("X-GitHub-Api-Version-Selected" in answer.headers) is expected
    assert ("X-RateLimit-Remaining" in answer.headers) is expected


def test_an_unknown_path_is_not_found(api: Api) -> None:
    api.release("feature/x+1")
    assert api.call("GET", f"{RELEASES}/tags/feature%2Fx%2B1").status_code == 200
    assert api.call("GET", f"{RELEASES}/tags/feature/x+1").status_code == 200
    assert api.call("GET", f"{RELEASES}/").status_code == 404
    assert api.call("GET", "/repos/OCTO-ORG/App/releases").status_code == 200
    assert api.call("GET", "/repos/octo-org/none/releases").status_code == 404


def test_an_unchanged_answer_with_an_etag_is_not_sent_again(api: Api) -> None:
    first = api.call("GET", RELEASES)
    headers = {"If-None-Match": first.headers["ETag"]}
    again = api.call("GET", RELEASES, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    used = [int(answer.headers["X-RateLimit-Used"]) for answer in (first, again)]
    assert used[1] - used[0] <= 1
    assert api.sandbox.requests()[-1].points == 0


def test_pages_have_links(flavoured: Api) -> None:
    for number in range(7):
        flavoured.release(f"r{number}", draft=True)
    seen: list[int] = []
    answer = flavoured.call("GET", f"{RELEASES}?per_page=3")
    seen += [item["id"] for item in answer.json()]
    while "next" in answer.links:
        url = answer.links["next"]["url"]
        assert "/repositories/" in urlsplit(url).path
        answer = flavoured.call("GET", url)
        seen += [item["id"] for item in answer.json()]
    assert len(seen) == len(set(seen)) == 7
    assert set(answer.links) == {"prev", "first"}


def test_only_the_first_thousand_releases_are_listed(api: Api) -> None:
    assert api.call("GET", f"{RELEASES}?per_page=100&page=10").status_code == 200
    answer = api.call("GET", f"{RELEASES}?per_page=100&page=11")
    assert answer.status_code == 422
    assert answer.json()["message"] == "Only the first 1000 results are available."


def test_a_page_of_releases_with_too_many_assets_fails(api: Api) -> None:
    releases = [
        {"tag": f"r{number}", "assets": [{"name": "a", "size": 1}, {"name": "b", "size": 1}]}
        for number in range(4)
    ]
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "releases": releases}]})
    api.sandbox.settings(most_shown=5)
    answer = api.call("GET", RELEASES)
    assert (answer.status_code, answer.json()["message"]) == (502, "Server Error")
    assert len(api.call("GET", f"{RELEASES}?per_page=2").json()) == 2
    api.sandbox.settings(most_shown=8)
    assert len(api.call("GET", RELEASES).json()) == 4


def test_a_renamed_repository_is_found_by_its_old_name(flavoured: Api) -> None:
    renamed = {"name": "octo-org/app", "renamed_from": ["octo-org/old"]}
    flavoured.sandbox.seed({"repositories": [renamed]})
    old = RELEASES.replace("/app/", "/old/")
    listed = flavoured.call("GET", old)
    assert (listed.status_code, listed.history[0].status_code) == (200, 301)
    created = flavoured.call("POST", old, json={"tag_name": "v1"})
    assert (created.status_code, created.history[0].status_code) == (201, 307)
    url = created.json()["upload_url"].partition("{")[0].replace("/app/", "/old/")
    options: dict[str, Any] = {"data": b"x", "headers": {"Content-Type": "x/y"}}
    uploaded = flavoured.call("POST", f"{url}?name=a", **options)
    assert (uploaded.status_code, uploaded.history[0].status_code) == (201, 307)


def test_only_an_admin_can_read_and_set_immutable_releases(sandbox: Sandbox) -> None:
    path = "/repos/octo-org/app/immutable-releases"
    assert Api(sandbox, sandbox.token).call("PUT", path).status_code == 403
    admin = Api(sandbox, sandbox.admin_token)
    calls = ["GET", "PUT", "GET", "DELETE", "GET"]
    assert [admin.call(method, path).status_code for method in calls] == [404, 204, 200, 204, 404]


def test_git_references_can_be_created_and_found(api: Api) -> None:
    refs = "/repos/octo-org/app/git"
    head = api.call("GET", f"{refs}/ref/heads/main").json()["object"]["sha"]
    made = api.call("POST", f"{refs}/refs", json={"ref": "refs/tags/v7", "sha": head})
    assert made.status_code == 201
    assert api.call("GET", f"{refs}/ref/tags/v").status_code == 404
    matching = api.call("GET", f"{refs}/matching-refs/tags/v").json()
    assert [item["ref"] for item in matching] == ["refs/tags/v1", "refs/tags/v7"]
    again = api.call("POST", f"{refs}/refs", json={"ref": "refs/tags/v7", "sha": head})
    assert again.json()["message"] == "Reference already exists"


def test_requests_in_absolute_form_are_routed_by_host(api: Api) -> None:
    proxies = {"http": api.sandbox.api_url}
    url = f"http://api.github.localhost{RELEASES}"
    assert api.call("GET", url, proxies=proxies).json() == []
    page = api.call("GET", "http://github.localhost/octo-org/app/releases", proxies=proxies)
    assert page.headers["Content-Type"].startswith("text/html")
    assert [entry.origin for entry in api.sandbox.requests()] == ["api", "web"]
