"""An answer of failure -> the error that it means. Pure."""

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
from release_assets.github.retry import classify_failure

_MOST_TOLD = 500  # characters of what a server says

_LOCKED_FIX = (
    "publish under a new tag: an immutable release stays as it is, and its tag is never given again"
)
_RULES_FIX = (
    "let the repository's rules allow this tag (Settings > Rules), or push the tag before this "
    "step, as somebody who may"
)


def error_of(
    method: str, where: str, status: int, headers: Mapping[str, str], body: bytes
) -> GitHubError:
    """Return the error that an answer means; where says which call it was, for the user.

    headers: names in lower case.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    message, errors = _told(body)
    kind = classify_failure(status, headers, message)
    if kind == "limited":
        return RateLimitedError(
            f"GitHub says to slow down: {message or status}",
            where=where,
            fix="run again later, or with a smaller `concurrency`",
            status=status,
            headers=headers,
        )
    if kind == "failed":
        return TransientError(
            f"GitHub failed with {status}" + (f": {message}" if message else ""),
            where=where,
            fix="run the job again; see https://www.githubstatus.com",
            status=status,
            headers=headers,
        )
    if status == 401:
        return BadCredentialsError(
            f"GitHub does not accept the token ({message or status})",
            where=where,
            fix="leave `token` out to use the job's own, or renew the secret",
            status=status,
        )
    if status == 403:
        return PermissionDeniedError(
            f"the token may not do this ({message or status})",
            where=where,
            fix=PERMISSION_FIX,
            status=status,
        )
    if status == 404:
        return _not_found(method, where, message)
    if status == 422:
        return _invalid(where, message, errors)
    if status == PROXY_STATUS:
        return proxy_refusal(where)
    return GitHubError(
        f"GitHub refused with {status}" + (f": {message}" if message else ""),
        where=where,
        fix=fix_of((), message) if "previous_tag" in message else _READ_FIX,
        status=status,
    )


PROXY_STATUS = 407  # https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8: no GitHub says it


def proxy_refusal(where: str) -> GitHubError:
    """Return the error for a proxy that wants to know who asks."""
    return GitHubError(
        f"the proxy wants a user and a password ({PROXY_STATUS})",
        where=where,
        fix="give them to the runner with the proxy's address, `http://USER:PASSWORD@HOST:PORT`",
        status=PROXY_STATUS,
    )


_READ_FIX = "read the message, correct the input and run again"


def _not_found(method: str, where: str, message: str) -> GitHubError:
    if method in {"GET", "HEAD"}:
        return NotFoundError(
            f"GitHub finds nothing there ({message or '404'})",
            where=where,
            fix="check the name of the repository, and that the token may read it",
            status=404,
        )
    if "discussion" in message.lower():
        # The rights are there: it is the category that is not.
        return ValidationFailedError(
            f"GitHub does not accept it: {message}",
            where=where,
            fix="correct `discussion-category`: one of the repository's discussions",
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
    shown = "; ".join(map(_one_line, texts))[:_MOST_TOLD] or message or "422"
    if any(
        error.get("code") == "already_exists" and error.get("field") == "name" for error in errors
    ):
        return NameTakenError(
            "GitHub says that an asset of this name exists",
            where=where,
            fix="run the job again: it looks what stands there; to swap it, set `overwrite: true`",
            status=422,
        )
    if "immutable release" in " ".join([message, *texts]).lower():
        return LockedError(shown, where=where, fix=_LOCKED_FIX, status=422)
    fields = {str(one.get("field")) for one in errors if one.get("resource") != "ReleaseAsset"}
    codes = [
        f"{error.get('field')}: {error.get('code')}"
        for error in errors
        if error.get("field") and not error.get("message")
    ]
    if codes:
        shown = f"{shown} ({_one_line(', '.join(codes))[:_MOST_TOLD]})"
    return ValidationFailedError(
        f"GitHub does not accept it: {shown}",
        where=where,
        fix=_RULES_FIX if "pre_receive" in fields else fix_of(fields, shown),
        status=422,
    )


def _one_line(text: str) -> str:
    """Return what can be printed of a text, in one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _told(body: bytes) -> tuple[str, list[dict[str, object]]]:
    """Return the message and the list of errors; an HTML page or nothing tells neither."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return "", []
    if not isinstance(data, dict):
        return "", []
    message = data.get("message")
    errors = data.get("errors")
    return (
        _one_line(message)[:_MOST_TOLD] if isinstance(message, str) else "",
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else [],
    )
