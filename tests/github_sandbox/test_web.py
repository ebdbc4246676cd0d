import pytest
import requests

from github_sandbox.pages import readable_size
from tests.github_sandbox.conftest import Api

EVIL = "<script>alert(1)</script>\"'&"


def page(api: Api, path: str = "/octo-org/app/releases") -> requests.Response:
    url = path if "://" in path else api.sandbox.server_url + path
    return Api(api.sandbox, None).call("GET", url)


def test_a_release_page_shows_all_fields(flavoured: Api) -> None:
    release = flavoured.release("v1", name="One", body="What is new")
    flavoured.asset(release, "plain.txt", b"x" * 2048)
    flavoured.upload(release, "x.bin", params={"label": "With label"})
    answer = page(flavoured, release["html_url"])
    assert answer.status_code == 200
    for text in ("One", "v1", "What is new", "Latest", "plain.txt", "With label", "2 KB"):
        assert text in answer.text
    assert ("sha256:" in answer.text) is (flavoured.sandbox.flavour != "ghes")
    assert "script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert page(flavoured, "/octo-org/app").status_code == 200


@pytest.mark.parametrize(
    ("options", "badge"),
    [({"draft": True}, "Draft"), ({"prerelease": True}, "Pre-release"), ({}, "Latest")],
)
def test_a_release_page_shows_its_badge(api: Api, options: dict[str, bool], badge: str) -> None:
    release = api.release("v1", **options)
    shown = page(api, release["html_url"]).text
    assert [name for name in ("Draft", "Pre-release", "Latest") if f">{name}<" in shown] == [badge]


@pytest.mark.parametrize(
    ("body", "shown"),
    [("<!-- a\nmark --> New", True), ("New\n\n<!-- mark -->", True), ("<!-- mark -->", False)],
)
def test_a_comment_in_the_notes_is_not_shown(api: Api, body: str, shown: bool) -> None:
    release = api.release("v1", name="One", body=body)
    text = page(api, release["html_url"]).text
    assert "mark" not in text
    assert ("New" in text) is shown
    assert ('class="notes"' in text) is shown


def test_foreign_text_is_escaped(api: Api) -> None:
    asset = {"name": EVIL, "label": EVIL, "text": "x"}
    starter = {"name": f"2{EVIL}", "label": None, "state": "starter"}
    release = {"tag": "v2", "name": EVIL, "body": EVIL, "assets": [asset, starter]}
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "releases": [release]}]})
    for path in ("/octo-org/app/releases", "/octo-org/app/releases/tag/v2"):
        text = page(api, path).text
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_the_page_of_a_draft_is_shown_and_its_links_work(api: Api) -> None:
    draft = api.release("v1", draft=True)
    api.asset(draft, "a.txt", b"content")
    shown = page(api, draft["html_url"]).text
    url = shown.partition('<a href="http://localhost')[2].partition('"')[0].replace("&amp;", "&")
    assert page(api, f"http://localhost{url}").content == b"content"
    api.call("PATCH", draft["url"], json={"draft": False, "tag_name": "v1"})
    assert page(api, draft["html_url"]).status_code == 404


@pytest.mark.parametrize("path", ["/octo-org/none", "/x", "/octo-org/app/releases/tag/none"])
def test_an_unknown_page_is_not_found(api: Api, path: str) -> None:
    assert page(api, path).status_code == 404


def test_old_names_and_latest_are_redirected(api: Api) -> None:
    api.release("v1")
    renamed = {"name": "octo-org/app", "renamed_from": ["octo-org/old"]}
    api.sandbox.seed({"repositories": [renamed]})
    answer = page(api, "/octo-org/old/releases/latest")
    assert answer.url.endswith("/octo-org/app/releases/tag/v1")
    assert [item.status_code for item in answer.history] == [301, 302]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 Bytes"), (1023, "1023 Bytes"), (1024, "1 KB"), (5_500_000, "5.25 MB"), (2**31, "2 GB")],
)
def test_sizes_are_readable(size: int, expected: str) -> None:
    assert readable_size(size) == expected
