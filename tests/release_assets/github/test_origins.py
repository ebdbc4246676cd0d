"""The URLs that may receive the token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.github.http.origins import (
    is_address,
    is_enterprise_server,
    may_see_token,
    origin,
)

DOTCOM = "https://api.github.com"
GHE = "https://api.octo.ghe.com"
SERVER = "https://ghes.example/api/v3"
LOCAL = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("api_url", "url"),
    [
        (DOTCOM, "https://api.github.com/repos/o/r"),
        (DOTCOM, "https://API.GitHub.com:443/repos/o/r"),
        (DOTCOM, "https://uploads.github.com/repos/o/r/releases/1/assets"),
        (GHE, "https://uploads.octo.ghe.com/x"),
        (SERVER, "https://ghes.example/api/uploads/repos/o/r"),
        (SERVER, "https://uploads.ghes.example/x"),
        (SERVER, "https://ghes.example/storage/releases/1/files"),
        (LOCAL, "http://127.0.0.1:8081/uploads"),
        ("http://ghes.example/api/v3", "https://ghes.example/api/v3"),
        ("https://[::1]:8080", "https://[::1]:9090/x"),
    ],
)
def test_a_url_of_the_same_github_may_see_the_token(api_url: str, url: str) -> None:
    assert may_see_token(api_url, url)


@pytest.mark.parametrize(
    ("api_url", "url"),
    [
        pytest.param(DOTCOM, "http://api.github.com/x", id="http"),
        pytest.param(DOTCOM, "ftp://api.github.com/x", id="another protocol"),
        pytest.param(DOTCOM, "https://objects.githubusercontent.com/x", id="storage"),
        pytest.param(DOTCOM, "https://github.com/o/r", id="the web"),
        pytest.param(DOTCOM, "https://api.github.com.evil.example/x", id="a longer name"),
        pytest.param(DOTCOM, "https://evil-api.github.com/x", id="another name"),
        pytest.param(DOTCOM, "https://api.github.com@evil.example/x", id="a user"),
        pytest.param(DOTCOM, "https://evil@api.github.com/x", id="a user of the API"),
        pytest.param(DOTCOM, "https://@api.github.com/x", id="an empty user"),
        pytest.param(DOTCOM, "https://evil.example\\@api.github.com/x", id="a backslash"),
        pytest.param(DOTCOM, "https://api.github.com\\.evil.example/x", id="another backslash"),
        pytest.param(DOTCOM, "https://evil.example#@api.github.com/", id="a fragment"),
        pytest.param(DOTCOM, "https://evil.example?api.github.com", id="a query"),
        pytest.param(DOTCOM, "//api.github.com/x", id="no protocol"),
        pytest.param(DOTCOM, "/repos/o/r", id="no host"),
        pytest.param(DOTCOM, "", id="nothing"),
        pytest.param(DOTCOM, "https:///x", id="an empty host"),
        pytest.param(DOTCOM, "https://[api.github.com", id="not an address"),
        pytest.param(DOTCOM, "https://api.githüb.com/", id="another script"),
        pytest.param(SERVER, "https://storage.example/x", id="a server's object store"),
        pytest.param(SERVER, "https://api.ghes.example/x", id="a subdomain"),
        pytest.param(SERVER, "http://ghes.example/x", id="a server over http"),
        pytest.param("https://api.example/api/v3", "https://uploads.example/x", id="its domain"),
        pytest.param(DOTCOM, "https://uploads.api.github.com/x", id="no uploads of the cloud"),
        pytest.param(LOCAL, "http://localhost:8080/x", id="another name of this machine"),
        pytest.param("", "https:///x", id="no API"),
    ],
)
def test_a_url_of_another_host_may_not_see_the_token(api_url: str, url: str) -> None:
    assert not may_see_token(api_url, url)


@given(st.text())
def test_any_text_is_accepted_as_a_url(text: str) -> None:
    for url in (text, f"https://{text}", f"https://api.github.com{text}"):
        may_see_token(DOTCOM, url)
        origin(url)


@given(st.from_regex(r"[a-z0-9.@:#?\\/-]{0,12}", fullmatch=True))
def test_no_text_before_a_foreign_host_makes_it_trusted(text: str) -> None:
    assert not may_see_token(DOTCOM, f"https://{text}evil.example/api.github.com")
    assert not may_see_token(DOTCOM, f"https://{text}.evil.example")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.github.com/x?y", "https://api.github.com:443"),
        ("HTTPS://API.github.com:443", "https://api.github.com:443"),
        ("http://h", "http://h:80"),
        ("http://h:8080/", "http://h:8080"),
        ("https://h:80/", "https://h:80"),
    ],
)
def test_an_origin_is_canonical(url: str, expected: str) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize("url", ["https://h:port/", "https://h:99999/", "https://[x"])
def test_an_invalid_url_does_not_share_the_origin_of_a_valid_one(url: str) -> None:
    assert origin(url) not in {origin("https://h"), origin("https://x")}


@pytest.mark.parametrize(
    ("api_url", "expected"),
    [
        (DOTCOM, False),
        (GHE, False),
        (SERVER, True),
        (f"{SERVER}/", True),
        ("https://ghes.example/api/v30", False),
        ("http://127.0.0.1:8080/api/v3", True),
    ],
)
def test_an_api_url_with_the_path_api_v3_is_an_enterprise_server(
    api_url: str, expected: bool
) -> None:
    assert is_enterprise_server(api_url) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/x", True),
        ("http://127.0.0.1:8080", True),
        ("https://github.com./x", True),
        (f"https://{'a' * 63}.example", True),
        (f"https://{'a' * 64}.example", False),
        (f"https://{'a.' * 130}example", False),
        ("https://github.com/a b", False),
        ("https://github.com/\n", False),
        ("https://github.com/\x7f", False),
        ("https://github.com/\x9f", False),
        ("https://user@github.com/", False),
        ("https://github.com:x/", False),
        ("https://[v1.x]/", False),
        ("https://[", False),
        ("ftp://github.com/", False),
        ("https:///x", False),
        ("", False),
    ],
)
def test_a_request_goes_only_to_a_plain_http_address(url: str, expected: bool) -> None:
    assert is_address(url) is expected
