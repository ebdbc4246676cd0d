"""A failed answer -> the error to report. Pure."""

import json
from collections.abc import Mapping

from release_assets.github.errors import (
    PERMISSION_FIX,
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
    fix_of,
)
from release_assets.github.retry import FailureKind, classify_failure
from release_assets.wording import Wording, words

_MAX_MESSAGE = 500  # characters of a message from GitHub

PROXY_STATUS = 407
"""Only proxies answer with it.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8
"""

_STATUS_FIX = words("{RUN_AGAIN}; https://www.githubstatus.com shows whether GitHub has problems")
_TOKEN_FIX = Wording(
    "remove `token` to use the job's own token, or renew the secret that holds it; a token of a "
    "GitHub App expires after an hour",
    "renew the token, and set GH_TOKEN or give --token-file PATH",
)
_LOCKED_FIX = (
    "publish under a new tag: an immutable release cannot change, and its tag can never be used "
    "again"
)
_RULES_FIX = words(
    "allow the tag in the repository's Settings > Rules > Rulesets, or push the tag {BEFORE} with "
    "an account that may create it"
)
# Part of a message with 403 -> what it means, and the fix; the first that matches.
# Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api, and
# recorded answers.
_DENIALS = (
    (
        "archived",
        "the repository is archived, so it is read-only",
        "unarchive the repository, or publish to another one",
    ),
    (
        "SAML",
        "the organization accepts only tokens that are authorized for single sign-on",
        words("authorize the token for the organization (Configure SSO), or use {OWN_TOKEN}"),
    ),
    (
        "IP allow list",
        "the organization accepts only listed IP addresses, and this one is not listed",
        "add the runner's address to the organization's IP allow list, or use a runner that is listed",
    ),
    ("", "the token may not do this", PERMISSION_FIX),
)


def error_of(
    method: str, where: str, status: int, headers: Mapping[str, str], body: bytes
) -> GitHubError:
    """Return the error that an answer means.

    where: names the call, for the user. headers: names in lower case.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    message, errors = _parse_body(body)
    kind = classify_failure(status, headers, message)
    if kind != "refused":
        return _retryable(kind, where, status, headers, message)
    if status == 401:
        what = _with_message("GitHub rejected the token", message or "401")
        return BadCredentialsError(what, where=where, fix=_TOKEN_FIX, status=401)
    if status == 403:
        return _denied(where, message)
    if status == 404:
        return _not_found(method, where, message)
    if status == 422:
        return _invalid(where, message, errors)
    if status == PROXY_STATUS:
        return proxy_refusal(where)
    return GitHubError(
        _with_message(f"GitHub rejected the request with status {status}", message),
        where=where,
        fix=fix_of((), message),
        status=status,
    )


def proxy_refusal(where: str) -> GitHubError:
    """Return the error of a proxy that requires authentication."""
    return GitHubError(
        f"the proxy requires a user and a password ({PROXY_STATUS})",
        where=where,
        fix="add them to the proxy's address, such as `https_proxy=http://USER:PASSWORD@HOST:PORT`",
        status=PROXY_STATUS,
    )


def _retryable(
    kind: FailureKind, where: str, status: int, headers: Mapping[str, str], message: str
) -> GitHubError:
    if kind == "limited":
        return RateLimitedError(
            _with_message("GitHub limits the rate of requests", message or str(status)),
            where=where,
            fix=words("run again later, with fewer jobs at once or a smaller {concurrency}"),
            status=status,
            headers=headers,
        )
    return TransientError(
        _with_message(f"GitHub failed with status {status}", message),
        where=where,
        fix=_STATUS_FIX,
        status=status,
        headers=headers,
    )


def _denied(where: str, message: str) -> GitHubError:
    what, fix = next((what, fix) for part, what, fix in _DENIALS if part.lower() in message.lower())
    what = _with_message(what, message or "403")
    return PermissionDeniedError(what, where=where, fix=fix, status=403)


def _not_found(method: str, where: str, message: str) -> GitHubError:
    if method in {"GET", "HEAD"}:
        return NotFoundError(
            _with_message("it does not exist, or the token may not read it", message or "404"),
            where=where,
            fix=words("correct {repository}, or pass a {token} that may read it"),
            status=404,
        )
    if "discussion" in message.lower():
        # The permission is there; the category does not exist.
        return ValidationFailedError(
            _with_message("the discussion category does not exist", message),
            where=where,
            fix=words(
                "set {discussion-category} to a category of the repository's discussions, and "
                "enable discussions in its settings"
            ),
            status=404,
        )
    return NotWritableError(
        _with_message("it does not exist, or the token may not write it", message or "404"),
        where=where,
        fix=PERMISSION_FIX,
        status=404,
    )


def _invalid(where: str, message: str, errors: list[dict[str, object]]) -> GitHubError:
    texts = [text for error in errors if isinstance(text := error.get("message"), str)]
    shown = "; ".join(map(_one_line, texts))[:_MAX_MESSAGE] or message or "422"
    if any(
        error.get("code") == "already_exists" and error.get("field") == "name" for error in errors
    ):
        return NameTakenError(
            "an asset of this name was uploaded meanwhile",
            where=where,
            fix=words("{RUN_AGAIN}; to replace that asset, set {overwrite: true}"),
            status=422,
        )
    if "immutable release" in " ".join([message, *texts]).lower():
        what = _with_message(
            "the release is immutable, or its tag belongs to an immutable release", shown
        )
        return LockedError(what, where=where, fix=_LOCKED_FIX, status=422)
    fields = {
        str(error.get("field")) for error in errors if error.get("resource") != "ReleaseAsset"
    }
    codes = [
        f"{error.get('field')}: {error.get('code')}"
        for error in errors
        if error.get("field") and not error.get("message")
    ]
    if codes:
        shown = f"{shown} ({_one_line(', '.join(codes))[:_MAX_MESSAGE]})"
    is_rule = "pre_receive" in fields
    what = "a rule of the repository forbids the tag" if is_rule else "GitHub rejected the request"
    return ValidationFailedError(
        _with_message(what, shown),
        where=where,
        fix=_RULES_FIX if is_rule else fix_of(fields, shown),
        status=422,
    )


def _with_message(what: str, message: str) -> str:
    """Return a sentence of this program, with GitHub's own in brackets."""
    return f"{what} [{message}]" if message else what


def _one_line(text: str) -> str:
    """Return the printable characters of a text on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _parse_body(body: bytes) -> tuple[str, list[dict[str, object]]]:
    """Return the message and the list of errors; both are empty for HTML or an empty body."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return "", []
    if not isinstance(data, dict):
        return "", []
    message = data.get("message")
    errors = data.get("errors")
    return (
        _one_line(message)[:_MAX_MESSAGE] if isinstance(message, str) else "",
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else [],
    )
