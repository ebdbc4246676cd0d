"""The type, place and fix of each error."""

import json
from collections.abc import Callable

import pytest

from release_assets.github.decode import NOT_THE_API, items, json_of, notes
from release_assets.github.decode import asset as decode_asset
from release_assets.github.decode import release as decode_release
from release_assets.github.decode_errors import error_of
from release_assets.github.errors import (
    BadCredentialsError,
    GitHubError,
    LockedError,
    NameTakenError,
    NotFoundError,
    NotWritableError,
    PermissionDeniedError,
    RateLimitedError,
    TransientError,
    UnexpectedAnswerError,
    ValidationFailedError,
)
from tests.release_assets.github.test_decode import NEW_ASSET, NEW_RELEASE

WHERE = "POST /repos/o/r/releases"
WRITE = "`permissions: contents: write`"
FIELD = {"resource": "Release", "code": "invalid", "field": "tag_name"}
FIELDS = {"message": "Failed", "errors": [FIELD, FIELD | {"field": "body"}]}
RULES = {"message": "Failed", "errors": [FIELD | {"field": "pre_receive"}]}
TAKEN = {"errors": [{"code": "already_exists", "field": "name"}]}
CATEGORY = {"message": "No such Discussion category"}


@pytest.mark.parametrize(
    ("method", "status", "body", "kind", "what", "fix"),
    [
        ("POST", 429, {"message": "Slow down"}, RateLimitedError, "Slow down", "`concurrency`"),
        ("POST", 429, None, RateLimitedError, "429", "`concurrency`"),
        ("GET", 502, None, TransientError, "502", "https://www.githubstatus.com"),
        ("GET", 500, [], TransientError, "500", "https://www.githubstatus.com"),
        ("GET", 500, {"message": 1}, TransientError, "500", "https://www.githubstatus.com"),
        ("GET", 503, {"message": "Unicorn"}, TransientError, "Unicorn", "githubstatus"),
        ("GET", 401, None, BadCredentialsError, "401", "`token`"),
        ("POST", 403, None, PermissionDeniedError, "403", WRITE),
        ("POST", 400, None, GitHubError, "400", ""),
        ("POST", 409, {"message": "Conflict"}, GitHubError, "Conflict", ""),
        ("GET", 407, None, GitHubError, "407", "http://USER:PASSWORD@HOST:PORT"),
        ("GET", 404, None, NotFoundError, "404", ""),
        ("HEAD", 404, None, NotFoundError, "404", ""),
        ("POST", 404, None, NotWritableError, "404", WRITE),
        ("POST", 404, CATEGORY, ValidationFailedError, "category", "`discussion-category`"),
        ("POST", 422, None, ValidationFailedError, "422", ""),
        ("POST", 422, FIELDS, ValidationFailedError, "(tag_name: invalid, body: invalid)", "`tag`"),
        ("POST", 422, RULES, ValidationFailedError, "(pre_receive: invalid)", "Rules"),
        ("POST", 422, TAKEN, NameTakenError, "", "`overwrite: true`"),
        ("POST", 422, {"message": "An immutable release"}, LockedError, "An immutable release", ""),
    ],
)
def test_a_refusal_has_its_type_status_place_and_fix(
    method: str, status: int, body: object, kind: type[GitHubError], what: str, fix: str
) -> None:
    raw = b"<html>" if body is None else json.dumps(body).encode()
    error = error_of(method, WHERE, status, {}, raw)
    assert (type(error), error.status, error.where) == (kind, status, WHERE)
    assert what in error.what
    assert error.fix
    assert fix in error.fix


@pytest.mark.parametrize(
    "read",
    [
        lambda: json_of(b"<html>", WHERE),
        lambda: items({}, WHERE),
        lambda: decode_asset([], WHERE),
        lambda: decode_release({}, WHERE),
        lambda: notes({}, WHERE),
    ],
)
def test_an_invalid_answer_has_its_place_and_fix(read: Callable[[], object]) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        read()
    assert caught.value.what
    assert (caught.value.where, caught.value.fix) == (WHERE, NOT_THE_API)


def test_an_optional_field_that_is_missing_is_empty() -> None:
    optional = ("content_type", "browser_download_url", "created_at", "updated_at")
    for nothing in (dict.fromkeys(optional), {}):
        given = {key: value for key, value in NEW_ASSET.items() if key not in optional}
        asset = decode_asset(given | nothing, WHERE)
        assert [getattr(asset, name) for name in optional] == ["", "", "", ""]


def test_the_notes_of_a_release_are_its_body_or_empty() -> None:
    assert decode_release(NEW_RELEASE | {"body": "What is new"}, WHERE).body == "What is new"
    assert decode_release(NEW_RELEASE | {"body": None}, WHERE).body == ""


@pytest.mark.parametrize(
    ("message", "what", "fix"),
    [
        ("Repository was ARCHIVED so is read-only.", "archived", "unarchive"),
        ("Resource protected by organization saml enforcement.", "single sign-on", "Configure SSO"),
        ("the org has an IP allow list enabled", "IP addresses", "IP allow list"),
        ("Resource not accessible by integration", "token may not do this", "contents: write"),
    ],
)
def test_a_denial_has_the_fix_for_its_reason(message: str, what: str, fix: str) -> None:
    error = error_of("POST", "here", 403, {}, json.dumps({"message": message}).encode())
    assert isinstance(error, PermissionDeniedError)
    assert what in error.what
    assert error.what.endswith(f" [{message}]")
    assert fix in error.fix


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 401), ("GET", 403), ("GET", 404), ("POST", 404), ("POST", 422)]
)
def test_a_refusal_without_a_message_shows_its_status(method: str, status: int) -> None:
    assert error_of(method, "here", status, {}, b"").what.endswith(f" [{status}]")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"\n<html>Log in</html>", "the answer is a web page instead of JSON"),
        (b"Log in <here>", "the answer is not JSON"),
        (b"", "the answer is not JSON"),
        (b"[" * 100_000, "the answer is not JSON"),
    ],
)
def test_an_answer_that_is_not_json_says_what_came(body: bytes, what: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        json_of(body, "here")
    assert (caught.value.what, caught.value.where) == (what, "here")


@pytest.mark.parametrize(
    ("method", "status", "body", "what"),
    [
        ("GET", 401, {}, "token"),
        ("GET", 404, {}, "read it"),
        ("POST", 404, {}, "write it"),
        ("POST", 404, CATEGORY, "discussion category"),
        ("POST", 422, {"message": "Failed"}, "rejected the request"),
        ("POST", 422, RULES, "a rule of the repository"),
        ("POST", 422, {"message": "An immutable release"}, "is immutable"),
        ("POST", 429, {}, "limits the rate"),
    ],
)
def test_a_refusal_begins_with_a_sentence_of_this_program(
    method: str, status: int, body: object, what: str
) -> None:
    shown = error_of(method, "here", status, {}, json.dumps(body).encode()).what
    assert what in shown.partition(" [")[0]
    assert "XX" not in shown


def test_a_failure_without_a_message_has_no_brackets() -> None:
    assert "[" not in error_of("GET", "here", 502, {}, b"").what


@pytest.mark.parametrize(
    ("message", "token"), [("Invalid previous_tag parameter", "`previous-tag`"), ("No", "message")]
)
def test_only_a_message_about_the_previous_tag_names_its_input(message: str, token: str) -> None:
    error = error_of("POST", "here", 400, {}, json.dumps({"message": message}).encode())
    assert token in error.fix
    assert ("previous-tag" in error.fix) is ("previous" in message)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'"text"', b'{"message": 1}'])
def test_an_answer_without_a_message_adds_nothing_to_the_error(body: bytes) -> None:
    assert error_of("POST", "here", 400, {}, body).what == (
        "GitHub rejected the request with status 400"
    )
