"""Any error answer becomes an error that fits its status, whatever its body holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.github.decode_errors import error_of
from release_assets.github.errors import (
    GitHubError,
    NotWritableError,
    PermissionDeniedError,
    RateLimitedError,
    RetryableError,
    TransientError,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, PermissionDeniedError),
        (404, NotWritableError),
    ],
)
def test_a_missing_permission_is_named_in_the_fix(status: int, kind: type[GitHubError]) -> None:
    error = error_of("POST", "here", status, {}, b"")
    assert type(error) is kind
    assert "`permissions: contents: write`" in error.fix


def test_a_missing_discussion_category_does_not_blame_the_permissions() -> None:
    body = {"message": "Discussion could not be created. Make sure you passed a valid category."}
    error = error_of("PATCH", "here", 404, {}, json.dumps(body).encode())
    assert "`discussion-category`" in error.fix
    assert "permissions" not in error.fix


@pytest.mark.parametrize("status", [400, 422])
def test_a_previous_tag_that_the_message_names_is_in_the_fix(status: int) -> None:
    body = json.dumps({"message": "Invalid previous_tag parameter"}).encode()
    assert "`previous-tag`" in error_of("POST", "here", status, {}, body).fix


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimitedError), (503, TransientError)])
def test_an_error_that_may_pass_has_the_headers(status: int, kind: type[RetryableError]) -> None:
    headers = {"retry-after": "60"}
    error = error_of("GET", "here", status, headers, b"{}")
    assert isinstance(error, kind)
    assert error.headers == headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [(502, TransientError), (504, TransientError), (500, TransientError), (400, GitHubError)],
)
def test_an_html_page_is_not_shown(status: int, kind: type[GitHubError]) -> None:
    error = error_of("POST", "here", status, {}, b"<html><body>Unicorn!</body></html>")
    assert type(error) is kind
    assert str(status) in error.what
    assert "<" not in str(error)


@pytest.mark.parametrize(
    "headers",
    [{"retry-after": "60"}, {"x-ratelimit-remaining": "0"}],
    ids=["retry-after", "none left"],
)
def test_a_403_with_rate_limit_headers_is_a_rate_limit(headers: dict[str, str]) -> None:
    assert isinstance(error_of("GET", "here", 403, headers, b"{}"), RateLimitedError)


def test_a_long_message_is_cut() -> None:
    errors = [{"message": "x" * 10_000}, {"field": "y" * 10_000, "code": "z"}]
    body = {"message": "m" * 10_000, "errors": errors}
    for status in (400, 403, 404, 422, 500):
        shown = str(error_of("GET", "here", status, {}, json.dumps(body).encode()))
        assert len(shown) < 1500


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "errors", "code", "field", "resource"]) | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    st.integers(300, 599),
    JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=50),
)
def test_any_status_and_body_become_an_error_with_a_fix(
    method: str, status: int, body: bytes
) -> None:
    error = error_of(method, "here", status, {}, body)
    assert error.status == status
    assert error.fix
    assert error.where == "here"
