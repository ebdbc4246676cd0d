"""Endpoints of release assets: one method each, with models in and out."""

from collections.abc import Container, Iterable, Iterator

import requests

from release_assets.github import decode, postconditions
from release_assets.github.api import RepositoryApi, require_confirmed, require_equal
from release_assets.github.errors import GitHubError, UnexpectedAnswerError
from release_assets.github.http import origins
from release_assets.github.http.request import BYTES, Answer, Request
from release_assets.github.http.transport import stream
from release_assets.models import Asset, Release

_DOWNLOAD_BLOCK = 256 * 1024  # bytes; each thread holds a few blocks


class AssetApi(RepositoryApi):
    """The release assets of one repository.

    Source: https://docs.github.com/en/rest/releases/assets
    """

    def list_assets(self, release_id: int) -> tuple[Asset, ...]:
        """Return all assets of a release, including starters."""
        where = f"listing the assets of release {release_id} of {self.repository}"
        url = f"{self._root}/releases/{release_id}/assets"
        request = Request(method="GET", url=url, where=where, retry_not_found=True)
        return self._assets.list_all(request, decode.asset)

    def has_asset_at(self, release_id: int, position: int) -> bool:
        """Say whether a release has an asset or starter at a position of its list, from 1."""
        where = f"listing the assets of release {release_id} of {self.repository}"
        url = f"{self._root}/releases/{release_id}/assets"
        params = {"per_page": "1", "page": str(position)}

        def has_item(answer: Answer) -> bool:
            return bool(decode.items(decode.json_of(answer.body, where), where))

        request = Request(method="GET", url=url, where=where, params=params, retry_not_found=True)
        return self.session.send(request, has_item)

    def get_asset(self, asset_id: int) -> Asset:
        """Return one asset."""
        where = f"reading asset {asset_id} of {self.repository}"

        def check(asset: Asset) -> None:
            require_equal("id", asset_id, asset.id, where)

        url = f"{self._root}/releases/assets/{asset_id}"
        return self._send_for_asset(Request(method="GET", url=url, where=where), check)

    def download_asset(self, asset_id: int, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes of an asset as they arrive, from the offset `start`.

        GitHub answers 302 to its storage, or 200 with the bytes. A faulty server may send more
        bytes than the asset has: the caller has to stop.
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
            if start and not _starts_at(start, response):
                raise UnexpectedAnswerError(
                    "the download cannot be resumed", where=where, fix="download it from the start"
                )
            yield from stream(response, _DOWNLOAD_BLOCK, where, is_file=True)

    def upload_asset(
        self,
        release: Release,
        *,
        name: str,
        label: str | None,
        content_type: str,
        body: Iterable[bytes],
        known_ids: Container[int],
    ) -> Asset:
        """Upload an asset, without a retry: a failed upload may leave it complete or as a starter.

        body: has a length; iterated from its start after a rate limit or redirect. known_ids: of
        the assets that existed before.

        Raises: UnconfirmedError when the answer does not show this name and a new id. The caller
            compares state, size and digest.
        """
        where = f"uploading `{name}` to release `{release.tag}` of {self.repository}"
        params = {"name": name} | ({"label": label} if label else {})

        def check(asset: Asset) -> None:
            require_confirmed(postconditions.upload_mismatches(name, known_ids, asset), where)

        request = Request(
            method="POST",
            url=self._upload_url(release, where),
            where=where,
            params=params,
            headers={"Content-Type": content_type},
            body=body,
            is_idempotent=False,
        )
        return self._send_for_asset(request, check)

    def _upload_url(self, release: Release, where: str) -> str:
        """Return the URL for uploads, without parameters.

        Raises: GitHubError when it does not belong to this GitHub.
        """
        url = release.upload_url.partition("{")[0]
        if not (origins.is_address(url) and origins.may_see_token(self.session.api_url, url)):
            raise GitHubError(
                "GitHub gives an upload URL that is on another host",
                where=f"{origins.origin(url)}, for {where}",
                fix="check `GITHUB_API_URL`; the token is not sent there",
            )
        return url

    def update_asset(
        self, asset: Asset, *, name: str | None = None, label: str | None = None
    ) -> Asset:
        """Rename an asset, or change its label; None leaves it unchanged.

        Raises: UnconfirmedError when the answer does not show the change, or shows another id or
            content.
        """
        where = f"updating asset {asset.id} of {self.repository}"
        fields = {"name": name, "label": label}
        fields = {key: value for key, value in fields.items() if value is not None}

        def check(answer: Asset) -> None:
            require_confirmed(
                postconditions.asset_update_mismatches(asset, name, label, answer), where
            )

        url = f"{self._root}/releases/assets/{asset.id}"
        request = Request(method="PATCH", url=url, where=where, json=fields, retry_not_found=True)
        return self._send_for_asset(request, check)

    def delete_asset(self, asset_id: int) -> bool:
        """Delete an asset, and say whether it existed.

        Raises: UnconfirmedError when the answer does not confirm it.
        """
        where = f"deleting asset {asset_id} of {self.repository}"
        url = f"{self._root}/releases/assets/{asset_id}"
        return self._send_delete(Request(method="DELETE", url=url, where=where))


def _starts_at(start: int, response: requests.Response) -> bool:
    """Say whether an answer is partial content, and starts at the offset `start`.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-14.4
    """
    content_range = response.headers.get("content-range", "").strip().lower()
    is_partial = response.status_code == requests.codes.partial_content
    return is_partial and content_range.startswith(f"bytes {start}-")
