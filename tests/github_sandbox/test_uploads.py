import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from tests.github_sandbox.conftest import RELEASES, Api
from tests.github_sandbox.raw_requests import finished_upload, open_upload, raw_upload, states

UPLOADS = {"origin": "uploads", "method": "POST"}


def test_an_upload_is_stored_unchanged(flavoured: Api) -> None:
    release = flavoured.release("v1", draft=True)
    data = bytes(range(256)) * 1000
    answer = flavoured.upload(release, "my app.bin", data, params={"label": "My app"})
    asset = answer.json()
    shown = [asset[key] for key in ("name", "label", "state", "content_type", "size")]
    assert shown == ["my.app.bin", "My app", "uploaded", "application/x-test", len(data)]
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert asset.get("digest", "absent") == (
        "absent" if flavoured.sandbox.flavour == "ghes" else digest
    )
    assert "/releases/download/untagged-" in asset["browser_download_url"]
    assert flavoured.sandbox.content("v1", "my.app.bin") == data
    assert flavoured.call("GET", release["assets_url"]).json() == [asset]


def test_a_label_is_empty_if_none_was_sent(api: Api) -> None:
    assert api.asset(api.release(), "a")["label"] == ""


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "a  txt"])
def test_a_second_upload_of_a_name_is_refused(flavoured: Api, name: str) -> None:
    release = flavoured.release()
    flavoured.asset(release, "a.txt")
    answer = flavoured.upload(release, name)
    assert answer.status_code == 422
    document = answer.json()
    assert set(document) == {"message", "request_id", "documentation_url", "errors"}
    assert document["errors"] == [
        {"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}
    ]


def test_names_may_differ_only_in_case_by_setting(api: Api) -> None:
    api.sandbox.settings(case_sensitive_names=True)
    release = api.release()
    assert [api.upload(release, name).status_code for name in ("a", "A", "a")] == [201, 201, 422]


@pytest.mark.parametrize(
    ("headers", "params", "status", "message"),
    [
        ({"Content-Length": "0"}, {}, 422, "size must be greater than or equal to 1"),
        (
            {"Content-Length": "2147483649"},
            {},
            422,
            "size must be less than or equal to 2147483648",
        ),
        ({}, {"name": ""}, 400, "Invalid name for request"),
        ({}, {"name": "茶"}, 400, "Invalid name for request"),
        ({"Content-Type": ""}, {}, 400, "Content-Type header is required"),
    ],
)
def test_an_invalid_upload_is_refused(
    api: Api, headers: dict[str, str], params: dict[str, str], status: int, message: str
) -> None:
    api.sandbox.settings(drain=False)
    answer = api.upload(api.release(), "a", b"", headers=headers, params=params)
    assert answer.status_code == status
    document = answer.json()
    assert document.get("errors", [document])[0]["message"] == message
    assert api.sandbox.asset_names("v1") == []


def test_an_upload_without_a_length_is_refused(flavoured: Api) -> None:
    release = flavoured.release()
    url = release["upload_url"].partition("{")[0]
    headers = {"Content-Type": "x/y"}
    answer = flavoured.call("POST", f"{url}?name=a", data=iter([b"a", b"b"]), headers=headers)
    assert answer.status_code == 400
    assert set(answer.json()) == {"message", "request_id"}
    assert answer.json()["message"] == "Bad Content-Length: "


def test_the_number_of_assets_of_a_release_is_limited(api: Api) -> None:
    api.sandbox.settings(most_assets=2)
    release = api.release()
    answers = [api.upload(release, name) for name in "abc"]
    assert [answer.status_code for answer in answers] == [201, 201, 422]
    message = "file_count limited to 2 assets per release"
    assert answers[2].json()["errors"][0]["message"] == message


def test_the_api_host_accepts_no_uploads(api: Api) -> None:
    release = api.release()
    path = f"{RELEASES}/{release['id']}/assets?name=a"
    assert api.call("POST", path, data=b"x").status_code == 404


def test_an_upload_to_an_unknown_release_has_the_answer_of_the_uploads_host(api: Api) -> None:
    release = api.release()
    api.call("DELETE", release["url"])
    answer = api.upload(release, "a")
    assert answer.status_code == 404
    assert set(answer.json()) == {"message", "request_id", "documentation_url"}


def test_an_upload_can_be_redirected_to_storage(flavoured: Api) -> None:
    flavoured.sandbox.settings(redirect_uploads=True)
    release = flavoured.release()
    answer = flavoured.upload(release, "a b.txt", b"moved", params={"label": "L"})
    assert [item.status_code for item in answer.history] == [307]
    assert answer.status_code == 201, answer.text
    assert (answer.json()["name"], answer.json()["label"]) == ("a.b.txt", "L")
    assert flavoured.sandbox.content("v1", "a.b.txt") == b"moved"


def test_content_is_discarded_by_setting(api: Api) -> None:
    api.sandbox.settings(keep_bytes=False)
    data = b"x" * 3_000_000
    asset = api.asset(api.release(), "a", data)
    assert asset["digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    octets = {"Accept": "application/octet-stream"}
    assert api.call("GET", asset["url"], headers=octets).status_code == 404


def test_a_large_asset_takes_little_memory(api: Api, tmp_path: Path) -> None:
    size = 1 << 28
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(size)
    release = api.release()
    api.asset(release, "warm", b"x" * 100_000)
    before = peak(api.sandbox.pid)
    with path.open("rb") as file:
        answer = api.upload(release, "large", file)  # type: ignore[arg-type]
    assert answer.json()["size"] == size
    assert peak(api.sandbox.pid) - before < 16 * 1024
    api.call("DELETE", answer.json()["url"])


def peak(pid: int) -> int:
    """Return the peak resident memory of a process in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


@pytest.mark.parametrize(("left", "expected"), [("starter", [("a", "starter")]), (None, [])])
def test_an_interrupted_upload_leaves_the_set_state(
    api: Api, left: str | None, expected: list[Any]
) -> None:
    api.sandbox.settings(abandoned_uploads=left)
    release = api.release()
    raw_upload(api, release, b"x" * 900, wait=False)
    assert finished_upload(api).bytes_in == 900
    assert states(api) == expected


def test_the_name_is_taken_during_the_upload(api: Api) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, do="stall", seconds=0.5, bytes=100)
    with open_upload(api, release, b"x" * 100) as client:
        deadline = time.monotonic() + 5
        while states(api) != [("a", "starter")] and time.monotonic() < deadline:
            time.sleep(0.01)
        assert api.upload(release, "a").status_code == 422
        client.sendall(b"x" * 900)
        assert client.recv(65536).startswith(b"HTTP/1.1 201 ")
    assert states(api) == [("a", "uploaded")]
