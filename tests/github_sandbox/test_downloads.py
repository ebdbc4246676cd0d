import time
from urllib.parse import urlsplit

import pytest

from tests.github_sandbox.conftest import Api

OCTETS = {"Accept": "application/octet-stream"}
DATA = bytes(range(256)) * 1000


def link(api: Api, name: str = "a.bin") -> str:
    asset = api.asset(api.release("v1"), name, DATA)
    answer = api.call("GET", asset["url"], headers=OCTETS, allow_redirects=False)
    assert (answer.status_code, answer.content) == (302, b"")
    return answer.headers["Location"]


def test_downloads_come_from_storage_without_the_token(flavoured: Api) -> None:
    url = link(flavoured)
    assert url.startswith(flavoured.sandbox.storage_url)
    anonymous = Api(flavoured.sandbox, None)
    answer = anonymous.call("GET", url)
    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.bin"
    refused = flavoured.call("GET", url)
    # GHES has one host for everything, which therefore also gets the token.
    assert refused.status_code == (200 if flavoured.sandbox.flavour == "ghes" else 400)


def test_storage_is_another_host(api: Api) -> None:
    assert urlsplit(link(api)).hostname != urlsplit(api.sandbox.api_url).hostname


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=100-", 206, 100, len(DATA)),
        ("bytes=-5", 206, len(DATA) - 5, len(DATA)),
        ("bytes=10-999999999", 206, 10, len(DATA)),
        ("lines=1-2", 200, 0, len(DATA)),
    ],
)
def test_a_range_is_answered_with_its_bytes(
    api: Api, asked: str, status: int, start: int, end: int
) -> None:
    anonymous = Api(api.sandbox, None)
    answer = anonymous.call("GET", link(api), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, DATA[start:end])
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(DATA)}"


def test_a_range_beyond_the_end_is_refused(api: Api) -> None:
    answer = Api(api.sandbox, None).call("GET", link(api), headers={"Range": "bytes=999999999-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(DATA)}")


def test_links_are_signed_and_expire(api: Api) -> None:
    api.sandbox.settings(download_seconds=0.0)
    url, anonymous = link(api), Api(api.sandbox, None)
    forged = url.replace("sig=", "sig=0")
    assert anonymous.call("GET", forged).status_code == 403
    assert anonymous.call("GET", url.partition("?")[0]).status_code == 403
    time.sleep(1.1)
    assert anonymous.call("GET", url).status_code == 403


def test_a_public_asset_can_be_downloaded_by_name(api: Api) -> None:
    published, draft = api.release("v1"), api.release("v2", draft=True)
    urls = [api.asset(item, "a b.bin", DATA)["browser_download_url"] for item in (published, draft)]
    anonymous = Api(api.sandbox, None)
    assert anonymous.call("GET", urls[0]).content == DATA
    latest = f"{api.sandbox.server_url}/octo-org/app/releases/latest/download/a.b.bin"
    assert anonymous.call("GET", latest).content == DATA
    assert anonymous.call("GET", urls[1]).status_code == 404
    assert [asset["download_count"] for asset in api.sandbox.assets("v1")] == [2]
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "private": True}]})
    assert api.call("GET", urls[0]).status_code == 404


def test_a_starter_cannot_be_downloaded(api: Api) -> None:
    starter = {"name": "starter", "state": "starter"}
    release = {"tag": "v1", "assets": [starter]}
    api.sandbox.seed({"repositories": [{"name": "octo-org/app", "releases": [release]}]})
    asset = api.sandbox.assets("v1")[0]
    assert (asset["state"], asset["digest"]) == ("starter", None)
    assert api.call("GET", asset["url"], headers=OCTETS).status_code == 404
