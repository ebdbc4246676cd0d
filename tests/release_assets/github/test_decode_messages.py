"""The whole text of each error: what, where and fix."""

import json
from collections.abc import Callable

import pytest

from release_assets.github.decode import NOT_THE_API, items, json_of, notes
from release_assets.github.decode import asset as decode_asset
from release_assets.github.decode import release as decode_release
from release_assets.github.decode_errors import error_of
from release_assets.github.errors import PERMISSION_FIX, UnexpectedAnswerError
from tests.release_assets.github.test_decode import NEW_ASSET, NEW_RELEASE

WHERE = "POST /repos/o/r/releases"
AGAIN = "run the job again; see https://www.githubstatus.com"
READ = "read the message, correct the input and run again"
FIELD = {"resource": "Release", "code": "invalid", "field": "tag_name"}


@pytest.mark.parametrize(
    ("method", "status", "body", "what", "fix"),
    [
        pytest.param(
            *("POST", 429, {"message": "Slow down"}, "GitHub says to slow down: Slow down"),
            "run again later, or with a smaller `concurrency`",
            id="too many requests",
        ),
        pytest.param(
            *("POST", 429, None, "GitHub says to slow down: 429"),
            "run again later, or with a smaller `concurrency`",
            id="too many requests, without a message",
        ),
        pytest.param("GET", 502, None, "GitHub failed with 502", AGAIN, id="HTML"),
        pytest.param("GET", 500, [], "GitHub failed with 500", AGAIN, id="a list"),
        pytest.param(
            "GET",
            500,
            {"message": 1},
            "GitHub failed with 500",
            AGAIN,
            id="a message that is not text",
        ),
        pytest.param(
            "GET",
            503,
            {"message": "Unicorn"},
            "GitHub failed with 503: Unicorn",
            AGAIN,
            id="failed",
        ),
        pytest.param(
            *("GET", 401, None, "GitHub does not accept the token (401)"),
            "leave `token` out to use the job's own, or renew the secret",
            id="a bad token",
        ),
        pytest.param(
            "POST", 403, None, "the token may not do this (403)", PERMISSION_FIX, id="no permission"
        ),
        pytest.param("POST", 400, None, "GitHub refused with 400", READ, id="refused"),
        pytest.param(
            *("POST", 409, {"message": "Conflict"}, "GitHub refused with 409: Conflict", READ),
            id="refused with a message",
        ),
        pytest.param(
            *("GET", 407, None, "the proxy wants a user and a password (407)"),
            "give them to the runner with the proxy's address, `http://USER:PASSWORD@HOST:PORT`",
            id="a proxy",
        ),
        pytest.param(
            *("GET", 404, None, "GitHub finds nothing there (404)"),
            "check the name of the repository, and that the token may read it",
            id="nothing to read",
        ),
        pytest.param(
            *("HEAD", 404, None, "GitHub finds nothing there (404)"),
            "check the name of the repository, and that the token may read it",
            id="nothing to read with HEAD",
        ),
        pytest.param(
            *("POST", 404, None, "it does not exist, or the token may not write it (404)"),
            PERMISSION_FIX,
            id="nothing to write",
        ),
        pytest.param(
            *("POST", 404, {"message": "No such Discussion category"}),
            "GitHub does not accept it: No such Discussion category",
            "correct `discussion-category`: one of the repository's discussions",
            id="no category",
        ),
        pytest.param(
            *("POST", 422, None, "GitHub does not accept it: 422"),
            "correct what the message names, and run again",
            id="invalid, without a message",
        ),
        pytest.param(
            *("POST", 422, {"message": "Failed", "errors": [FIELD, FIELD | {"field": "body"}]}),
            "GitHub does not accept it: Failed (tag_name: invalid, body: invalid)",
            "correct `tag` or `notes`, and run again",
            id="two fields",
        ),
        pytest.param(
            *("POST", 422, {"message": "Failed", "errors": [FIELD | {"field": "pre_receive"}]}),
            "GitHub does not accept it: Failed (pre_receive: invalid)",
            "let the repository's rules allow this tag (Settings > Rules), or push the tag before "
            "this step, as somebody who may",
            id="rules",
        ),
        pytest.param(
            *("POST", 422, {"errors": [{"code": "already_exists", "field": "name"}]}),
            "GitHub says that an asset of this name exists",
            "run the job again: it looks at what is there; to swap it, set `overwrite: true`",
            id="a name that is taken",
        ),
        pytest.param(
            *("POST", 422, {"message": "An immutable release"}, "An immutable release"),
            "publish under a new tag: an immutable release stays as it is, and its tag is never "
            "given again",
            id="immutable",
        ),
    ],
)
def test_a_refusal_has_its_message_place_and_fix(
    method: str, status: int, body: object, what: str, fix: str
) -> None:
    raw = b"<html>" if body is None else json.dumps(body).encode()
    error = error_of(method, WHERE, status, {}, raw)
    assert (error.what, error.where, error.fix) == (what, WHERE, fix)
    assert error.status == status


def test_an_invalid_answer_has_its_message_place_and_fix() -> None:
    messages = []
    reads: tuple[Callable[[], object], ...] = (
        lambda: json_of(b"<html>", WHERE),
        lambda: items({}, WHERE),
        lambda: decode_asset([], WHERE),
        lambda: decode_release({}, WHERE),
        lambda: notes({}, WHERE),
    )
    for read in reads:
        with pytest.raises(UnexpectedAnswerError) as caught:
            read()
        assert (caught.value.where, caught.value.fix) == (WHERE, NOT_THE_API)
        messages.append(caught.value.what)
    assert messages == [
        "the answer is not JSON",
        "the answer is not a list",
        "the answer is not an object",
        "`id` is not a number",
        "`body` is not text",
    ]


def test_an_optional_field_that_is_missing_is_empty() -> None:
    optional = ("content_type", "browser_download_url", "created_at", "updated_at")
    for nothing in (dict.fromkeys(optional), {}):
        given = {key: value for key, value in NEW_ASSET.items() if key not in optional}
        asset = decode_asset(given | nothing, WHERE)
        assert [getattr(asset, name) for name in optional] == ["", "", "", ""]


def test_a_release_without_a_target_has_an_empty_one() -> None:
    assert decode_release(NEW_RELEASE | {"target_commitish": None}, WHERE).target == ""


def test_the_notes_of_a_release_are_its_body_or_empty() -> None:
    assert decode_release(NEW_RELEASE | {"body": "What is new"}, WHERE).body == "What is new"
    assert decode_release(NEW_RELEASE | {"body": None}, WHERE).body == ""
