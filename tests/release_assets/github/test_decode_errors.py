"""Known error bodies of GitHub -> the error and its message."""

import json
import re

import pytest

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
    ValidationFailedError,
)

NO_SIZE = {"resource": "ReleaseAsset", "code": "custom", "field": "size"}
TAG = {"resource": "Release", "code": "custom", "field": "tag_name"}
NO_TAG = {
    "resource": "Release",
    "code": "custom",
    "message": "Published releases must have a valid tag",
}
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID 0000:0000:0000."
)


def invalid(*errors: dict[str, str], message: str = "Validation Failed") -> dict[str, object]:
    return {"message": message, "errors": list(errors), "documentation_url": "https://docs"}


def body_of(message: str) -> dict[str, object]:
    return {"message": message, "documentation_url": "https://docs.github.com/rest"}


# Status, body, error, part of its message; the id names where the body was seen.
UPLOADING = [
    pytest.param(
        422,
        invalid({"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}),
        NameTakenError,
        "",
        id="recorded by octokit/fixtures: the name is taken",
    ),
    pytest.param(
        422,
        invalid(NO_SIZE | {"message": "size must be greater than or equal to 1"}),
        ValidationFailedError,
        "size must be greater than or equal to 1",
        id="cli/cli#10182: empty",
    ),
    pytest.param(
        422,
        invalid(NO_SIZE | {"message": "size is not included in the list"}),
        ValidationFailedError,
        "size is not included in the list",
        id="before 2021: empty",
    ),
    pytest.param(
        422,
        invalid(NO_SIZE | {"message": "size must be less than or equal to 2147483648"}),
        ValidationFailedError,
        "size must be less than or equal to 2147483648",
        id="cli/cli#10182: too large",
    ),
    pytest.param(
        422,
        invalid(
            NO_SIZE
            | {"field": "file_count", "message": "file_count limited to 1000 assets per release"}
        ),
        ValidationFailedError,
        "file_count limited to 1000 assets per release",
        id="astral-sh/python-build-standalone#691: too many",
    ),
    pytest.param(
        422,
        body_of("Cannot upload assets to an immutable release."),
        LockedError,
        "Cannot upload assets to an immutable release.",
        id="concourse/github-release-resource#151: immutable",
    ),
    pytest.param(
        400,
        {"message": "Bad Content-Length: ", "request_id": "0000"},
        GitHubError,
        "Bad Content-Length:",
        id="PyGithub/PyGithub#525: no length",
    ),
    pytest.param(
        400,
        {"message": "Invalid name for request", "request_id": "0000"},
        GitHubError,
        "Invalid name for request",
        id="skx/github-action-publish-binaries#18: no name",
    ),
    pytest.param(
        401,
        body_of("Bad credentials"),
        BadCredentialsError,
        "Bad credentials",
        id="hub4j/github-api#1100: no token of GitHub's",
    ),
    pytest.param(
        404,
        body_of("Not Found"),
        NotWritableError,
        "Not Found",
        id="skx/github-action-publish-binaries#11: no release, or no right",
    ),
    pytest.param(
        500,
        {"message": "Error saving asset", "request_id": "0000"},
        TransientError,
        "Error saving asset",
        id="zhangyoufu/macOS#2: storage",
    ),
    pytest.param(
        500,
        {"message": "Error creating asset temp dir", "request_id": "0000"},
        TransientError,
        "Error creating asset temp dir",
        id="damianvtran/local-operator-ui#322: storage",
    ),
    pytest.param(
        403,
        body_of(SECONDARY),
        RateLimitedError,
        "secondary rate limit",
        id="secondary limit",
    ),
    pytest.param(
        429, body_of(SECONDARY), RateLimitedError, "secondary rate limit", id="secondary, 429"
    ),
]
CREATING = [
    pytest.param(
        422,
        invalid({"resource": "Release", "code": "already_exists", "field": "tag_name"}),
        ValidationFailedError,
        "Validation Failed (tag_name: already_exists)",
        id="recorded by hub4j/github-api: a published release has the tag",
    ),
    pytest.param(
        404,
        body_of("Discussion could not be created. Make sure you passed a valid category name."),
        ValidationFailedError,
        "Make sure you passed a valid category name.",
        id="recorded by hub4j/github-api: no such category",
    ),
    pytest.param(
        422,
        invalid({"resource": "Release", "code": "missing_field", "field": "tag_name"}),
        ValidationFailedError,
        "(tag_name: missing_field)",
        id="no tag",
    ),
    pytest.param(
        422,
        invalid(
            TAG | {"message": "tag_name is not a valid tag"},
            TAG | {"message": "tag_name is not well-formed"},
            NO_TAG,
            {"resource": "Release", "code": "invalid", "field": "target_commitish"},
        ),
        ValidationFailedError,
        "tag_name is not a valid tag; tag_name is not well-formed; "
        "Published releases must have a valid tag (target_commitish: invalid)",
        id="a bad tag",
    ),
    pytest.param(
        422,
        invalid(
            TAG
            | {
                "field": "pre_receive",
                "message": "pre_receive Repository rule violations found\n\n"
                "Cannot create ref due to creations being restricted.\n\n",
            },
            NO_TAG,
        ),
        ValidationFailedError,
        "pre_receive Repository rule violations found Cannot create ref due to creations being "
        "restricted.; Published releases must have a valid tag",
        id="github-community-projects/ospo-reusable-workflows#83: a ruleset",
    ),
    pytest.param(
        422,
        invalid(TAG | {"message": "tag_name was used by an immutable release"}),
        LockedError,
        "tag_name was used by an immutable release",
        id="github-community-projects/ospo-reusable-workflows#83: a tag that is used up",
    ),
    pytest.param(
        403,
        body_of("Resource not accessible by integration"),
        PermissionDeniedError,
        "Resource not accessible by integration",
        id="no `contents: write`",
    ),
]
OTHERS = [
    pytest.param(
        "DELETE",
        422,
        invalid(
            {
                "resource": "ReleaseAsset",
                "code": "custom",
                "message": "Cannot delete asset from an immutable release",
            }
        ),
        LockedError,
        "Cannot delete asset from an immutable release",
        id="uutils/coreutils#13839: immutable",
    ),
    pytest.param(
        "GET",
        422,
        body_of("Only the first 1000 results are available."),
        ValidationFailedError,
        "Only the first 1000 results are available.",
        id="too many releases",
    ),
    pytest.param(
        "GET",
        301,
        body_of("Moved Permanently") | {"url": "https://api.github.com/repositories/1"},
        GitHubError,
        "Moved Permanently",
        id="recorded by octokit/fixtures: renamed",
    ),
    pytest.param(
        "GET",
        404,
        body_of("Not Found") | {"status": "404"},
        NotFoundError,
        "Not Found",
        id="recorded: not found",
    ),
    pytest.param(
        "PATCH", 404, body_of("Not Found"), NotWritableError, "Not Found", id="not writable"
    ),
    pytest.param(
        "GET",
        401,
        body_of("Bad credentials") | {"status": "401"},
        BadCredentialsError,
        "Bad credentials",
        id="no token of GitHub's",
    ),
]
ROWS = [
    *(pytest.param("POST", *row.values, id=f"upload: {row.id}") for row in UPLOADING),
    *(pytest.param("POST", *row.values, id=f"create: {row.id}") for row in CREATING),
    *OTHERS,
]


@pytest.mark.parametrize(("method", "status", "body", "kind", "message"), ROWS)
def test_an_error_body_becomes_an_error_with_its_message(
    method: str, status: int, body: dict[str, object], kind: type[GitHubError], message: str
) -> None:
    error = error_of(method, "creating `v1` of o/r", status, {}, json.dumps(body).encode())
    assert type(error) is kind
    assert message in error.what
    assert (error.status, error.where) == (status, "creating `v1` of o/r")
    assert error.fix


@pytest.mark.parametrize(
    ("error", "named"),
    [
        ({"field": "target_commitish"}, {"`target`"}),
        ({"field": "tag_name"}, {"`tag`"}),
        ({"field": "body", "message": "body is too long"}, {"`notes`"}),
        ({"resource": "ReleaseAsset", "field": "name"}, set()),
        ({"field": "of_tomorrow"}, set()),
    ],
)
def test_a_rejected_field_is_reported_by_the_name_of_its_input(
    error: dict[str, str], named: set[str]
) -> None:
    body = json.dumps(invalid({"resource": "Release", "code": "invalid"} | error)).encode()
    assert set(re.findall("`[^`]*`", error_of("POST", "creating", 422, {}, body).fix)) == named
