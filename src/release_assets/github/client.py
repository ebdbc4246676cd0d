"""One method per endpoint, models in and out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

import requests

from release_assets.github import decode, origins
from release_assets.github.errors import GitHubError, NotFoundError, UnexpectedAnswerError
from release_assets.github.pages import Lister
from release_assets.github.request import BYTES, Answer, Request
from release_assets.github.session import Session
from release_assets.github.transport import stream
from release_assets.models import Asset, Release

Value = TypeVar("Value")

_READ = 256 * 1024  # bytes of a download at a time, of which each thread holds a few


class GitHub:
    """The releases of one repository.

    Every method raises GitHubError when GitHub refuses, fails or cannot be reached.

    Source: https://docs.github.com/en/rest/releases/releases and
    https://docs.github.com/en/rest/releases/assets
    """

    def __init__(self, session: Session, repository: str) -> None:
        self.session = session
        self.repository = repository
        owner, _, name = repository.partition("/")
        self._root = f"{session.api_url}/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
        self._releases, self._assets = Lister(session), Lister(session)

    # Releases

    def get_release(self, release_id: int, *, known: bool = False) -> Release:
        """Return a release, also a draft. known: whether it was there a moment ago."""
        where = f"release {release_id} of {self.repository}"
        return self._release("GET", f"/releases/{release_id}", where, known=known)

    def find_release_by_tag(self, tag: str) -> Release | None:
        """Return the published release of a tag; drafts are not found so."""
        where = f"release `{tag}` of {self.repository}"
        try:
            return self._release("GET", f"/releases/tags/{quote(tag, safe='')}", where)
        except NotFoundError:
            return None

    def list_releases(self) -> Iterator[tuple[Release, ...]]:
        """Return the releases page by page, newest first; drafts only to who may write.

        GitHub shows the first 1000 only.
        """
        where = f"releases of {self.repository}"
        request = Request(method="GET", url=f"{self._root}/releases", where=where)
        return self._releases.pages(request, decode.release)

    def create_release(self, fields: Mapping[str, object]) -> Release:
        """Create a release. Not repeated: a lost answer may have left one."""
        where = f"creating release `{fields.get('tag_name')}` of {self.repository}"
        return self._release("POST", "/releases", where, json=fields, repeat=False)

    def update_release(self, release_id: int, fields: Mapping[str, object]) -> Release:
        """Change a release.

        Send `tag_name` along: GitHub takes the tag from a draft that is changed without it.
        """
        where = f"updating release {release_id} of {self.repository}"
        return self._release("PATCH", f"/releases/{release_id}", where, json=fields, known=True)

    def delete_release(self, release_id: int) -> None:
        """Delete a release; its git tag stays. One that is gone already counts as deleted."""
        where = f"deleting release {release_id} of {self.repository}"
        try:
            self._send("DELETE", f"/releases/{release_id}", where, _nothing)
        except NotFoundError:
            return  # the answer to a first try was lost

    def generate_notes(self, tag: str, target: str = "") -> str:
        """Return notes that GitHub writes from the pull requests since the last release."""
        where = f"generating notes for `{tag}` of {self.repository}"
        fields = {"tag_name": tag} | ({"target_commitish": target} if target else {})

        def notes(answer: Answer) -> str:
            return decode.notes(decode.json_of(answer.body, where), where)

        return self._send("POST", "/releases/generate-notes", where, notes, json=fields)

    def has_tag(self, tag: str) -> bool:
        """Say whether the git tag exists."""
        where = f"tag `{tag}` of {self.repository}"
        try:
            self._send("GET", f"/git/ref/tags/{quote(tag)}", where, _nothing)
        except NotFoundError:
            return False
        return True

    # Assets

    def list_assets(self, release_id: int) -> tuple[Asset, ...]:
        """Return all assets of a release, husks too."""
        where = f"assets of release {release_id} of {self.repository}"
        url = f"{self._root}/releases/{release_id}/assets"
        request = Request(method="GET", url=url, where=where, known=True)
        pages = self._assets.pages(request, decode.asset)
        return tuple(asset for page in pages for asset in page)

    def has_asset_at(self, release_id: int, place: int) -> bool:
        """Say whether a release has an asset at a place of its list, from 1, husks counted."""
        where = f"assets of release {release_id} of {self.repository}"
        params = {"per_page": "1", "page": str(place)}
        path = f"/releases/{release_id}/assets"

        def is_there(answer: Answer) -> bool:
            return bool(decode.items(decode.json_of(answer.body, where), where))

        return self._send("GET", path, where, is_there, params=params, known=True)

    def get_asset(self, asset_id: int) -> Asset:
        """Return one asset."""
        where = f"asset {asset_id} of {self.repository}"
        return self._send("GET", f"/releases/assets/{asset_id}", where, _asset(where))

    def download_asset(self, asset_id: int, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes of an asset, from a byte on, as they come in.

        GitHub answers 302 to its storage, or 200 with the bytes. There may be more than the asset
        has: the caller stops when it has seen enough.
        """
        where = f"downloading asset {asset_id} of {self.repository}"
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        request = Request(
            method="GET",
            url=f"{self._root}/releases/assets/{asset_id}",
            where=where,
            accept=BYTES,
            headers=headers,
        )
        with self.session.open(request) as response:
            if start and not _begins_at(start, response):
                raise UnexpectedAnswerError(
                    "the download cannot be resumed", where=where, fix="fetch it from its start"
                )
            yield from stream(response, _READ, where, is_file=True)

    def upload_asset(
        self,
        release: Release,
        *,
        name: str,
        label: str | None,
        content_type: str,
        body: Iterable[bytes],
    ) -> Asset:
        """Upload an asset. Not repeated: a failure may have left it, whole or as a husk.

        body: iterated from its start for every try, with a length.
        """
        where = f"uploading `{name}` to release `{release.tag}` of {self.repository}"
        url = release.upload_url.partition("{")[0]
        if not origins.may_see_token(self.session.api_url, url):
            raise GitHubError(
                "GitHub names an address for uploads that is not its own",
                where=f"{origins.origin(url)}, for {where}",
                fix="check `GITHUB_API_URL`; the token is not sent there",
            )
        params = {"name": name} | ({"label": label} if label else {})
        return self.session.send(
            Request(
                method="POST",
                url=f"{url}?{urlencode(params, quote_via=quote)}",
                where=where,
                headers={"Content-Type": content_type},
                body=body,
                repeat=False,
            ),
            _asset(where),
        )

    def update_asset(
        self, asset_id: int, *, name: str | None = None, label: str | None = None
    ) -> Asset:
        """Rename an asset, or change its label."""
        where = f"updating asset {asset_id} of {self.repository}"
        fields = {"name": name, "label": label}
        fields = {key: value for key, value in fields.items() if value is not None}
        return self._send(
            "PATCH", f"/releases/assets/{asset_id}", where, _asset(where), json=fields, known=True
        )

    def delete_asset(self, asset_id: int) -> bool:
        """Delete an asset, and say whether there was one; one that is gone counts as deleted."""
        where = f"deleting asset {asset_id} of {self.repository}"
        try:
            self._send("DELETE", f"/releases/assets/{asset_id}", where, _nothing)
        except NotFoundError:
            return False  # somebody else was faster, or the answer to a first try was lost
        return True

    def _send(
        self,
        method: str,
        path: str,
        where: str,
        understand: Callable[[Answer], Value],
        *,
        json: object = None,
        params: Mapping[str, str] | None = None,
        repeat: bool = True,
        known: bool = False,
    ) -> Value:
        request = Request(
            method=method,
            url=self._root + path,
            where=where,
            json=json,
            params=params,
            repeat=repeat,
            known=known,
        )
        return self.session.send(request, understand)

    def _release(
        self,
        method: str,
        path: str,
        where: str,
        *,
        json: object = None,
        repeat: bool = True,
        known: bool = False,
    ) -> Release:
        def release(answer: Answer) -> Release:
            return decode.release(decode.json_of(answer.body, where), where)

        return self._send(method, path, where, release, json=json, repeat=repeat, known=known)


def _asset(where: str) -> Callable[[Answer], Asset]:
    return lambda answer: decode.asset(decode.json_of(answer.body, where), where)


def _begins_at(start: int, response: requests.Response) -> bool:
    """Say whether an answer holds a part, and tells that it is the one from a byte on.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-14.4
    """
    told = response.headers.get("content-range", "").strip().lower()
    is_part = response.status_code == requests.codes.partial_content
    return is_part and told.startswith(f"bytes {start}-")


def _nothing(answer: Answer) -> None:
    """Take any answer of success: its body says nothing that is asked for."""
