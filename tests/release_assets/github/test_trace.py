"""Debug lines about requests, without secrets."""

import pytest

from release_assets.github.http import trace

API = "https://api.github.com"
ASSETS = "https://uploads.github.com/repos/o/r/releases/1/assets"
CANARY = "canary"


@pytest.mark.parametrize(
    ("method", "url", "body", "attempt", "text"),
    [
        ("GET", f"{API}/user", None, 1, f"GET {API}/user"),
        ("GET", f"{API}/user?sig={CANARY}", None, 1, f"GET {API}/user"),
        ("GET", f"{API}/user", None, 3, f"GET {API}/user, attempt 3"),
        ("PATCH", f"{API}/x", b"1234", 1, f"PATCH {API}/x, 4 bytes"),
        ("POST", f"{ASSETS}?name=a%20b.zip&label=x", b"1", 1, f"POST {ASSETS}?name=a b.zip, 1 bytes"),
        ("GET", f"https://storage.example/{CANARY}", None, 1, "GET https://storage.example:443"),
        ("GET", f"https://api.github.com@evil.example/{CANARY}", None, 1, "GET https://evil.example:443"),
    ],
)  # fmt: skip
def test_a_request_is_described_without_secrets(
    method: str, url: str, body: object, attempt: int, text: str
) -> None:
    assert trace.describe_request(method, API, url, body, attempt) == text


HEADERS = {
    "content-length": "12",
    "x-github-request-id": "AB:CD",
    "x-ratelimit-remaining": "0",
    "retry-after": "60",
    "set-cookie": CANARY,
    "location": f"/{CANARY}?sig={CANARY}",
}


@pytest.mark.parametrize(
    ("status", "headers", "text"),
    [
        (200, {}, "GET x -> 200 in 1235 ms"),
        (
            429,
            HEADERS,
            "GET x -> 429 in 1235 ms, 12 bytes back, id AB:CD, 0 requests left, retry after 60",
        ),
        (302, {"location": HEADERS["location"]}, "GET x -> 302 to https://a.example:443 in 1235 ms"),
        (307, {"location": f"//me:{CANARY}@b/"}, "GET x -> 307 to https://b:443 in 1235 ms"),
        (301, {"location": "https://[x"}, "GET x -> 301 to no address in 1235 ms"),
        (301, {"location": ""}, "GET x -> 301 to https://a.example:443 in 1235 ms"),
        (200, {"retry-after": "1\n 2\t" + "x" * 100}, f"GET x -> 200 in 1235 ms, retry after 1 2 {'x' * 76}"),
    ],
)  # fmt: skip
def test_an_answer_line_shows_status_and_headers_without_secrets(
    status: int, headers: dict[str, str], text: str
) -> None:
    url = f"https://a.example/{CANARY}"
    line = trace.answer_line("GET x", status, headers, url=url, seconds=1.2346)
    assert line == text
    assert CANARY not in line


def test_a_failure_line_shows_the_reason_and_time() -> None:
    line = trace.failure_line("GET x", "no answer from h (it hung up)", seconds=0.25)
    assert line == "GET x -> no answer from h (it hung up), after 250 ms"
