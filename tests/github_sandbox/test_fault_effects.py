import time
from typing import Any

import pytest
import requests

from tests.github_sandbox.conftest import RELEASES, Api
from tests.github_sandbox.raw_requests import finished_upload, raw_heads, raw_upload, states

UPLOADS = {"origin": "uploads", "method": "POST"}
LARGE = b"x" * 5_000_000
INTERIM = [103, 100, 103]
LINK = "Link: </style.css>; rel=preload; as=style"


@pytest.mark.parametrize(
    ("leave", "expected"),
    [(None, []), ("starter", [("a", "starter")]), ("uploaded", [("a", "uploaded")])],
)
def test_an_upload_error_leaves_the_set_state(
    api: Api, leave: str | None, expected: list[Any]
) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, do="status", status=502, leave=leave)
    answer = api.upload(release, "a", LARGE)
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert states(api) == expected
    entry = api.sandbox.requests()[-1]
    assert (entry.status, entry.bytes_in, entry.fault) == (502, len(LARGE), "status")


def test_an_error_may_come_before_the_body(api: Api) -> None:
    release = api.release()
    fault: dict[str, Any] = {"status": 500, "when": "before", "leave": "starter", "drain": False}
    api.sandbox.fault(match=UPLOADS, do="status", body={"message": "Error saving asset"}, **fault)
    assert raw_upload(api, release, b"").startswith(b"HTTP/1.1 500 ")
    assert states(api) == [("a", "starter")]


@pytest.mark.parametrize(("effect", "expected"), [(True, 1), (False, 0)])
def test_a_call_that_fails_may_have_its_effect(api: Api, effect: bool, expected: int) -> None:
    match = {"origin": "api", "method": "POST"}
    api.sandbox.fault(match=match, do="status", status=503, effect=effect)
    assert api.create(tag_name="v1").status_code == 503
    assert len(api.sandbox.releases()) == expected


@pytest.mark.parametrize(
    ("fault", "received", "expected"),
    [
        ({"when": "before"}, 0, [("a", "starter")]),
        ({"when": "before", "leave": None}, 0, []),
        ({"when": "during", "bytes": 1_000_000, "leave": None}, 1_000_000, []),
        ({"when": "during", "bytes": 1_000_000}, 1_000_000, [("a", "starter")]),
        ({"when": "after"}, len(LARGE), [("a", "starter")]),
        ({"when": "after", "leave": "uploaded"}, len(LARGE), [("a", "uploaded")]),
    ],
)
def test_a_connection_is_reset_at_the_set_time(
    api: Api, fault: dict[str, Any], received: int, expected: list[tuple[str, str]]
) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, do="reset", **fault)
    with pytest.raises(requests.ConnectionError):
        api.upload(release, "a", LARGE)
    entry = finished_upload(api)
    assert (entry.status, entry.bytes_in) == (None, received)
    assert states(api) == expected


@pytest.mark.parametrize(
    ("when", "received"), [("before", 0), ("during", 1_000_000), ("after", len(LARGE))]
)
def test_a_connection_may_stall_before_it_is_reset(api: Api, when: str, received: int) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, do="reset", when=when, bytes=1_000_000, seconds=0.3)
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        api.upload(release, "a", LARGE)
    assert time.monotonic() - started >= 0.29
    assert finished_upload(api).bytes_in == received
    assert states(api) == [("a", "starter")]


@pytest.mark.parametrize("when", ["during", "after"])
def test_a_reset_change_has_no_effect(api: Api, when: str) -> None:
    asset = api.asset(api.release(), "a")
    api.sandbox.fault(match={"method": "PATCH"}, do="reset", when=when, bytes=3)
    with pytest.raises(requests.ConnectionError):
        api.call("PATCH", asset["url"], json={"name": "b"})
    assert api.sandbox.requests()[-1].status is None
    assert states(api) == [("a", "uploaded")]


def test_a_truncated_answer_may_stall_before_its_end(api: Api) -> None:
    api.sandbox.fault(match={"method": "POST"}, do="truncate", seconds=0.3)
    started = time.monotonic()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.create(tag_name="v1")
    assert time.monotonic() - started >= 0.29
    assert len(api.sandbox.releases()) == 1


def test_a_lost_response_comes_after_the_effect(api: Api) -> None:
    release = api.release()
    api.sandbox.fault(match={"method": "POST"}, do="lose")
    with pytest.raises(requests.ConnectionError):
        api.upload(release, "a")
    assert states(api) == [("a", "uploaded")]


def test_an_early_answer_comes_during_the_body(api: Api) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, do="early", status=422, bytes=10)
    assert raw_upload(api, release, b"x" * 10).startswith(b"HTTP/1.1 422 ")


@pytest.mark.parametrize(
    ("fault", "data"),
    [
        ({"do": "delay", "seconds": 0.3}, b"x"),
        ({"do": "stall", "seconds": 0.3, "bytes": 1000}, b"x" * 5000),
        ({"do": "stall", "seconds": 0.3, "at": "answer"}, b"x"),
        ({"do": "throttle", "bytes_per_second": 1_000_000}, b"x" * 300_000),
    ],
)
def test_slow_uploads_succeed(api: Api, fault: dict[str, Any], data: bytes) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, **fault)
    started = time.monotonic()
    assert api.upload(release, "a", data).status_code == 201
    assert time.monotonic() - started >= 0.29
    assert api.sandbox.content("v1", "a") == data


@pytest.mark.parametrize("size", [100, 3_000_000])
@pytest.mark.parametrize("hidden", [True, False])
def test_stored_bytes_may_be_corrupt(api: Api, size: int, hidden: bool) -> None:
    release = api.release()
    good = api.asset(release, "good", b"x" * size)["digest"]
    api.sandbox.fault(match=UPLOADS, do="corrupt", hidden=hidden)
    asset = api.asset(release, "bad", b"x" * size)
    stored = api.sandbox.content("v1", "bad")
    assert sum(byte != ord("x") for byte in stored) == 1
    assert (asset["digest"] == good) is hidden


def test_downloaded_bytes_may_be_corrupt_or_truncated(api: Api) -> None:
    data = b"x" * 100_000
    asset = api.asset(api.release(), "a", data)
    octets = {"Accept": "application/octet-stream"}
    api.sandbox.fault(match={"origin": "storage"}, do="corrupt")
    corrupt = api.call("GET", asset["url"], headers=octets).content
    assert sum(byte != ord("x") for byte in corrupt) == 1
    api.sandbox.fault(match={"origin": "storage"}, do="truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.call("GET", asset["url"], headers=octets)
    assert api.call("GET", asset["url"], headers=octets).content == data


def test_a_garbage_answer_comes_after_the_effect(api: Api) -> None:
    api.sandbox.fault(match={"method": "POST"}, do="garbage")
    answer = api.create(tag_name="v1")
    assert answer.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(api.sandbox.releases()) == 1


@pytest.mark.parametrize(
    ("fault", "header", "value"),
    [
        ({"do": "primary-limit"}, "X-RateLimit-Remaining", "0"),
        ({"do": "secondary-limit", "status": 429, "retry_after": 3}, "Retry-After", "3"),
        ({"do": "secondary-limit", "retry_after": None}, "Retry-After", None),
    ],
)
def test_a_rate_limit_has_its_headers(
    api: Api, fault: dict[str, Any], header: str, value: str | None
) -> None:
    api.sandbox.fault(**fault)
    answer = api.call("GET", RELEASES)
    assert answer.status_code == fault.get("status", 403)
    assert answer.headers.get(header) == value
    assert "rate limit" in answer.json()["message"]
    assert api.call("GET", RELEASES).status_code == 200


def test_a_new_asset_may_be_missing_from_the_list(api: Api) -> None:
    release = api.release()
    api.sandbox.fault(match=UPLOADS, do="lag", requests=1)
    api.asset(release, "a")
    lists = [len(api.call("GET", release["assets_url"]).json()) for _ in range(2)]
    assert lists == [0, 1]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("how", ["fault", "before", "setting"])
def test_interim_answers_come_before_the_final_one(api: Api, method: str, how: str) -> None:
    asset = api.asset(api.release(), "a")
    if how == "setting":
        api.sandbox.settings(interim=True)
    else:
        when = {"when": "before"} if how == "before" else {}
        api.sandbox.fault(do="interim", match={"method": method}, **when)
    heads = raw_heads(api, method, asset["url"])
    last = 204 if method == "DELETE" else 200
    assert [int(head.split()[1]) for head in heads] == [*INTERIM, last]
    assert LINK in heads[0].splitlines()
    assert states(api) == ([] if method == "DELETE" else [("a", "uploaded")])


def test_interim_answers_come_before_a_refusal_and_after_an_upload(api: Api) -> None:
    release = api.release()
    api.sandbox.settings(interim=True)
    gone = f"{api.sandbox.api_url}{RELEASES}/assets/1"
    statuses = [int(head.split()[1]) for head in raw_heads(api, "DELETE", gone)]
    assert statuses == [*INTERIM, 404]
    assert raw_upload(api, release, b"x" * 1000).startswith(b"HTTP/1.1 103 Early Hints\r\n")


def test_a_fault_may_set_the_interim_answers(api: Api) -> None:
    api.sandbox.fault(do="interim", interim=[{"status": 102, "headers": {"X-Test": "1"}}])
    first, last = raw_heads(api, "GET", f"{api.sandbox.api_url}{RELEASES}")
    assert first == "HTTP/1.1 102 Processing\r\nX-Test: 1"
    assert last.startswith("HTTP/1.1 200 ")
