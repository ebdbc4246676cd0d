"""A successful answer -> Release, Asset, or other values. Pure."""

import json
import re
from collections.abc import Mapping

from release_assets.digest import Digest
from release_assets.github.errors import UnexpectedAnswerError
from release_assets.models import Account, Asset, Release
from release_assets.text import is_utf8
from release_assets.wording import words

MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of JSON: ten times the size of a release with 1000 assets."""

NOT_THE_API = words(
    "{RUN_AGAIN}; if it happens again, check `GITHUB_API_URL`, and whether a proxy or a login page "
    "answers instead of GitHub"
)


def unexpected(what: str, where: str) -> UnexpectedAnswerError:
    """Return the error for an answer that is not as GitHub's API gives it."""
    return UnexpectedAnswerError(what, where=where, fix=NOT_THE_API)


def json_of(body: bytes, where: str) -> object:
    """Return the value of a JSON answer.

    Raises: UnexpectedAnswerError when it is not JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        is_page = body.lstrip()[:1] == b"<"
        what = "the answer is a web page instead of JSON" if is_page else "the answer is not JSON"
        raise unexpected(what, where) from None


def release(data: object, where: str) -> Release:
    """Return the release that an answer describes.

    Raises: UnexpectedAnswerError when a field is missing or of another type.

    Source: schema `release` of https://github.com/github/rest-api-description
    """
    fields = _Fields(data, where)
    return Release(
        id=fields.integer("id", least=1),
        tag=fields.line("tag_name"),
        target=fields.line_or_empty("target_commitish"),
        has_discussion=fields.line_or_none("discussion_url") is not None,
        name=fields.text_or_none("name"),
        body=fields.text_or_none("body") or "",
        draft=fields.flag("draft"),
        prerelease=fields.flag("prerelease"),
        immutable=fields.flag_or_false("immutable"),
        html_url=fields.line("html_url"),
        upload_url=fields.line("upload_url"),
        assets=tuple(asset(item, where) for item in fields.items("assets")),
        author=_account(fields.value("author"), where),
        node_id=fields.line_or_empty("node_id"),
        url=fields.line_or_empty("url"),
        tarball_url=fields.line_or_empty("tarball_url"),
        zipball_url=fields.line_or_empty("zipball_url"),
        created_at=fields.line_or_empty("created_at"),
        published_at=fields.line_or_empty("published_at"),
    )


def _account(data: object, where: str) -> Account | None:
    """Return the account that an answer describes; None if it has none."""
    if data is None:
        return None
    fields = _Fields(data, where)
    return Account(login=fields.line("login"), node_id=fields.line_or_empty("node_id"))


def consistent(release: Release, where: str) -> Release:
    """Return the release unchanged if its fields do not contradict each other.

    Raises: UnexpectedAnswerError when `upload_url` is of another release, or two assets share an id.
    """
    if f"/releases/{release.id}/" not in release.upload_url:
        raise unexpected("`upload_url` is that of another release", where)
    if len({asset.id for asset in release.assets}) < len(release.assets):
        raise unexpected("two assets have the same id", where)
    return release


def asset(data: object, where: str) -> Asset:
    """Return the asset that an answer describes.

    Raises: UnexpectedAnswerError when a field is missing or of another type.

    Source: schema `release-asset` of https://github.com/github/rest-api-description; `state` is
    also `starter`, https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    fields = _Fields(data, where)
    digest = fields.line_or_none("digest")
    return Asset(
        id=fields.integer("id", least=1),
        name=fields.line("name"),
        label=fields.text_or_none("label"),
        state=fields.line("state"),
        size=fields.integer("size", least=0),
        # A digest of another algorithm is ignored.
        digest=Digest.parse(digest) if digest else None,
        content_type=fields.line_or_empty("content_type"),
        url=fields.line("url"),
        browser_download_url=fields.line_or_empty("browser_download_url"),
        created_at=fields.line_or_empty("created_at"),
        updated_at=fields.line_or_empty("updated_at"),
        node_id=fields.line_or_empty("node_id"),
        download_count=fields.integer_or_zero("download_count"),
    )


def notes(data: object, where: str) -> str:
    """Return the text of generated notes.

    Raises: UnexpectedAnswerError when the answer has no text.
    """
    return _Fields(data, where).text("body")


def commit_sha(data: object, where: str) -> str:
    """Return the SHA of the commit that an answer describes, 40 hex digits.

    Raises: UnexpectedAnswerError when it has another form.
    """
    sha = _Fields(data, where).text("sha")
    if not _SHA.fullmatch(sha):
        raise unexpected("`sha` is not that of a commit", where)
    return sha


def items(data: object, where: str) -> list[object]:
    """Return the items of a list.

    Raises: UnexpectedAnswerError when the answer is not a list.
    """
    if not isinstance(data, list):
        raise unexpected("the answer is not a list", where)
    return data


_SHA = re.compile("[0-9a-f]{40}")
_LINE = re.compile("[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*")


class _Fields:
    """Reads the fields of a JSON object, and checks the type of each."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise unexpected("the answer is not an object", where)
        self._data: Mapping[str, object] = data
        self._where = where

    def integer(self, name: str, *, least: int) -> int:
        value = self._data.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise unexpected(f"`{name}` is not a number", self._where)
        if value < least:
            raise unexpected(f"`{name}` is less than {least}", self._where)
        return value

    def text(self, name: str) -> str:
        value = self._data.get(name)
        if not isinstance(value, str) or not is_utf8(value):
            raise unexpected(f"`{name}` is not text", self._where)
        return value

    def line(self, name: str) -> str:
        """Return a text without line breaks and tabs: a name, a URL, a state."""
        return self._line(name, self._data.get(name))

    def _line(self, name: str, value: object) -> str:
        if isinstance(value, str) and _LINE.fullmatch(value):
            return value
        self.text(name)  # raises if it is no text at all
        raise unexpected(f"`{name}` contains a control character", self._where)

    def value(self, name: str) -> object:
        return self._data.get(name)

    def integer_or_zero(self, name: str) -> int:
        return 0 if self._data.get(name) is None else self.integer(name, least=0)

    def line_or_empty(self, name: str) -> str:
        value = self._data.get(name)
        return "" if value is None else self._line(name, value)

    def line_or_none(self, name: str) -> str | None:
        value = self._data.get(name)
        return None if value is None else self._line(name, value)

    def text_or_none(self, name: str) -> str | None:
        return None if self._data.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        value = self._data.get(name)
        if not isinstance(value, bool):
            raise unexpected(f"`{name}` is not a boolean", self._where)
        return value

    def flag_or_false(self, name: str) -> bool:
        """Return a boolean; False when the field is missing, as on older servers."""
        return self._data.get(name) is not None and self.flag(name)

    def items(self, name: str) -> list[object]:
        value = self._data.get(name)
        return [] if value is None else items(value, self._where)
