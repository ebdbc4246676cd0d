"""One method per endpoint of assets, models in and out."""

from collections.abc import Container, Iterable, Iterator
from urllib.parse import quote, urlencode

import requests

from release_assets.github import decode, postconditions
from release_assets.github.api import Calls, confirm, expect
from release_assets.github.errors import GitHubError, UnexpectedAnswerError
from release_assets.github.http import origins
from release_assets.github.http.request import BYTES, Answer, Request
from release_assets.github.http.transport import stream
from release_assets.models import Asset, Release

_READ = 256 * 1024  # bytes of a download at a time, of which each thread holds a few


class AssetCalls(Calls):
    """The assets of one repository's releases.

    Source: https://docs.github.com/en/rest/releases/assets
    """

    def list_assets(self, release_id: int) -> tuple[Asset, ...]:
        """Return all assets of a release, husks too."""
        where = f"assets of release {release_id} of {self.repository}"
        url = f"{self._root}/releases/{release_id}/assets"
        request = Request(method="GET", url=url, where=where, known=True)
        return self._assets.whole(request, decode.asset)

    def has_asset_at(self, release_id: int, place: int) -> bool:
        """Say whether a release has an asset at a place of its list, from 1, husks counted."""
        where = f"assets of release {release_id} of {self.repository}"
        params = {"per_page": "1", "page": str(place)}
        path = f"/releases/{release_id}/assets"

        def is_there(answer: Answer) -> bool:
            return bool(decode.items(self._json(answer, where), where))

        return self._send("GET", path, where, is_there, params=params, known=True)

    def get_asset(self, asset_id: int) -> Asset:
        """Return one asset."""
        where = f"asset {asset_id} of {self.repository}"

        def check(asset: Asset) -> None:
            expect("id", asset_id, asset.id, where)

        return self._send("GET", f"/releases/assets/{asset_id}", where, self._asset(where, check))

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
        known_ids: Container[int] = (),
    ) -> Asset:
        """Upload an asset. Not repeated: a failure may have left it, whole or as a starter.

        body: iterated from its start for every attempt, with a length. known_ids: of assets that
        were there before, besides those that the release shows.

        Raises: UnconfirmedError when the answer does not show this name and a new id. State, size
            and digest are for the caller to compare.
        """
        where = f"uploading `{name}` to release `{release.tag}` of {self.repository}"
        url = release.upload_url.partition("{")[0]
        if not (origins.is_address(url) and origins.may_see_token(self.session.api_url, url)):
            raise GitHubError(
                "GitHub names an address for uploads that is not its own",
                where=f"{origins.origin(url)}, for {where}",
                fix="check `GITHUB_API_URL`; the token is not sent there",
            )
        params = {"name": name} | ({"label": label} if label else {})
        shown = {asset.id for asset in release.assets}

        def check(asset: Asset) -> None:
            known = shown | ({asset.id} if asset.id in known_ids else set())
            confirm(postconditions.of_uploaded_asset(name, known, asset), where)

        return self.session.send(
            Request(
                method="POST",
                url=f"{url}?{urlencode(params, quote_via=quote)}",
                where=where,
                headers={"Content-Type": content_type},
                body=body,
                repeat=False,
            ),
            self._asset(where, check),
        )

    def update_asset(
        self, asset: Asset, *, name: str | None = None, label: str | None = None
    ) -> Asset:
        """Rename an asset, or change its label.

        Raises: UnconfirmedError when the answer does not show this, for the same id and content.
        """
        where = f"updating asset {asset.id} of {self.repository}"
        fields = {"name": name, "label": label}
        fields = {key: value for key, value in fields.items() if value is not None}

        def check(answer: Asset) -> None:
            confirm(postconditions.of_updated_asset(asset, name, label, answer), where)

        path = f"/releases/assets/{asset.id}"
        parse = self._asset(where, check)
        return self._send("PATCH", path, where, parse, json=fields, known=True)

    def delete_asset(self, asset_id: int) -> bool:
        """Delete an asset, and say whether there was one.

        Raises: UnconfirmedError when the answer does not show it.
        """
        where = f"deleting asset {asset_id} of {self.repository}"
        return self._delete(f"/releases/assets/{asset_id}", where)


def _begins_at(start: int, response: requests.Response) -> bool:
    """Say whether an answer holds a part, and tells that it is the one from a byte on.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-14.4
    """
    told = response.headers.get("content-range", "").strip().lower()
    is_part = response.status_code == requests.codes.partial_content
    return is_part and told.startswith(f"bytes {start}-")
