"""An answer -> Release, Asset, or the error it means. Pure."""

import json
import re
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
    UnexpectedAnswerError,
    ValidationFailedError,
    fix_of,
)
from release_assets.github.retry import complaint
from release_assets.models import Asset, Release

MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of JSON that are read at most: ten times what a release with 1000 assets takes."""


NOT_THE_API = "run the job again; if it stays so, check that the address is that of GitHub's API"

_MOST_TOLD = 500  # characters of what a server says


def json_of(body: bytes, where: str) -> object:
    """Return what a JSON answer holds.

    Raises: UnexpectedAnswerError when it is not JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _unexpected("the answer is not JSON", where) from None


def release(data: object, where: str) -> Release:
    """Return the release that an answer describes.

    Raises: UnexpectedAnswerError when a field is missing or of another type.

    Source: schema `release` of https://github.com/github/rest-api-description
    """
    fields = _Fields(data, where)
    return Release(
        id=fields.integer("id"),
        tag=fields.text("tag_name"),
        name=fields.text_or_none("name"),
        body=fields.text_or_none("body") or "",
        draft=fields.flag("draft"),
        prerelease=fields.flag("prerelease"),
        immutable=fields.flag_or_false("immutable"),
        html_url=fields.text("html_url"),
        upload_url=fields.text("upload_url"),
        assets=tuple(asset(item, where) for item in fields.items("assets")),
    )


def asset(data: object, where: str) -> Asset:
    """Return the asset that an answer describes.

    Raises: UnexpectedAnswerError when a field is missing or of another type.

    Source: schema `release-asset` of https://github.com/github/rest-api-description; `state` is
    also `starter`, https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    fields = _Fields(data, where)
    digest = fields.text_or_none("digest")
    return Asset(
        id=fields.integer("id"),
        name=fields.text("name"),
        label=fields.text_or_none("label"),
        state=fields.text("state"),
        size=fields.integer("size"),
        # Another algorithm tells us nothing.
        digest=digest.lower() if digest and digest.lower().startswith("sha256:") else None,
        content_type=fields.text_or_none("content_type") or "",
        url=fields.text("url"),
        browser_download_url=fields.text_or_none("browser_download_url") or "",
        created_at=fields.text_or_none("created_at") or "",
        updated_at=fields.text_or_none("updated_at") or "",
    )


def notes(data: object, where: str) -> str:
    """Return the text of generated notes.

    Raises: UnexpectedAnswerError when there is none.
    """
    return _Fields(data, where).text("body")


def items(data: object, where: str) -> list[object]:
    """Return the items of a list.

    Raises: UnexpectedAnswerError when it is none.
    """
    if not isinstance(data, list):
        raise _unexpected("the answer is not a list", where)
    return data


_SURROGATE = re.compile("[\ud800-\udfff]")


class _Fields:
    """A JSON object, read with suspicion."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise _unexpected("the answer is not an object", where)
        self._data: Mapping[str, object] = data
        self._where = where

    def integer(self, name: str) -> int:
        value = self._data.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _unexpected(f"`{name}` is not a number", self._where)
        return value

    def text(self, name: str) -> str:
        value = self._data.get(name)
        # Half of a surrogate pair is no text that could be written anywhere.
        if not isinstance(value, str) or _SURROGATE.search(value):
            raise _unexpected(f"`{name}` is not text", self._where)
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._data.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        value = self._data.get(name)
        if not isinstance(value, bool):
            raise _unexpected(f"`{name}` is not a boolean", self._where)
        return value

    def flag_or_false(self, name: str) -> bool:
        """Return a boolean; False where an older server has no such field."""
        return self._data.get(name) is not None and self.flag(name)

    def items(self, name: str) -> list[object]:
        value = self._data.get(name)
        return [] if value is None else items(value, self._where)


def _unexpected(what: str, where: str) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(what, where=where, fix=NOT_THE_API)


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
    kind = complaint(status, headers, message)
    if kind == "limited":
        return RateLimitedError(
            f"GitHub says to slow down: {message or status}",
            where=where,
            fix="run again later, or with a smaller `concurrency`",
            status=status,
        )
    if kind == "failed":
        return TransientError(
            f"GitHub failed with {status}" + (f": {message}" if message else ""),
            where=where,
            fix="run the job again; see https://www.githubstatus.com",
            status=status,
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
        fix="read the message, correct the input and run again",
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
    shown = "; ".join(" ".join(text.split()) for text in texts)[:_MOST_TOLD] or message or "422"
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
    fields = {one.get("field") for one in errors if one.get("resource") != "ReleaseAsset"}
    codes = [
        f"{error.get('field')}: {error.get('code')}"
        for error in errors
        if error.get("field") and not error.get("message")
    ]
    if codes:
        shown = f"{shown} ({', '.join(codes)[:_MOST_TOLD]})"
    return ValidationFailedError(
        f"GitHub does not accept it: {shown}",
        where=where,
        fix=_RULES_FIX if "pre_receive" in fields else fix_of(fields),
        status=422,
    )


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
        message[:_MOST_TOLD] if isinstance(message, str) else "",
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else [],
    )
