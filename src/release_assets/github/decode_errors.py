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

_STATUS_FIX = words("{RUN_AGAIN}; see https://www.githubstatus.com")
_READ_FIX = "read the message, correct the input and run again"
_TOKEN_FIX = Wording(
    "leave `token` out to use the job's own, or renew the secret",
    "renew the token, and set GH_TOKEN or give --token-file PATH",
)
_LOCKED_FIX = (
    "publish under a new tag: an immutable release stays as it is, and its tag is never given again"
)
_RULES_FIX = words(
    "let the repository's rules allow this tag (Settings > Rules), or push the tag {BEFORE}, as "
    "somebody who may"
)
# Status -> error, its message, and its fix.
_TOKEN_ERRORS: Mapping[int, tuple[type[GitHubError], str, str]] = {
    401: (
        BadCredentialsError,
        "GitHub does not accept the token ({})",
        _TOKEN_FIX,
    ),
    403: (PermissionDeniedError, "the token may not do this ({})", PERMISSION_FIX),
}


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
    if status in _TOKEN_ERRORS:
        error, what, fix = _TOKEN_ERRORS[status]
        return error(what.format(message or status), where=where, fix=fix, status=status)
    if status == 404:
        return _not_found(method, where, message)
    if status == 422:
        return _invalid(where, message, errors)
    if status == PROXY_STATUS:
        return proxy_refusal(where)
    return GitHubError(
        _with_message(f"GitHub refused with {status}", message),
        where=where,
        fix=fix_of((), message) if "previous_tag" in message else _READ_FIX,
        status=status,
    )


def proxy_refusal(where: str) -> GitHubError:
    """Return the error of a proxy that requires authentication."""
    return GitHubError(
        f"the proxy wants a user and a password ({PROXY_STATUS})",
        where=where,
        fix="give them to the runner with the proxy's address, `http://USER:PASSWORD@HOST:PORT`",
        status=PROXY_STATUS,
    )


def _retryable(
    kind: FailureKind, where: str, status: int, headers: Mapping[str, str], message: str
) -> GitHubError:
    if kind == "limited":
        return RateLimitedError(
            f"GitHub says to slow down: {message or status}",
            where=where,
            fix=words("run again later, or with a smaller {concurrency}"),
            status=status,
            headers=headers,
        )
    return TransientError(
        _with_message(f"GitHub failed with {status}", message),
        where=where,
        fix=_STATUS_FIX,
        status=status,
        headers=headers,
    )


def _not_found(method: str, where: str, message: str) -> GitHubError:
    if method in {"GET", "HEAD"}:
        return NotFoundError(
            f"GitHub finds nothing there ({message or '404'})",
            where=where,
            fix="check the name of the repository, and that the token may read it",
            status=404,
        )
    if "discussion" in message.lower():
        # The permission is there; the category does not exist.
        return ValidationFailedError(
            f"GitHub does not accept it: {message}",
            where=where,
            fix=words("correct {discussion-category}: one of the repository's discussions"),
            status=404,
        )
    return NotWritableError(
        f"it does not exist, or the token may not write it ({message or '404'})",
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
            "GitHub says that an asset of this name exists",
            where=where,
            fix=words("{RUN_AGAIN}: it looks at what is there; to swap it, set {overwrite: true}"),
            status=422,
        )
    if "immutable release" in " ".join([message, *texts]).lower():
        return LockedError(shown, where=where, fix=_LOCKED_FIX, status=422)
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
    return ValidationFailedError(
        f"GitHub does not accept it: {shown}",
        where=where,
        fix=_RULES_FIX if "pre_receive" in fields else fix_of(fields, shown),
        status=422,
    )


def _with_message(what: str, message: str) -> str:
    return f"{what}: {message}" if message else what


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
