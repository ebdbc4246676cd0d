"""Releases, assets and errors -> JSON, with the names of fields that gh uses. Pure."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from release_assets.cli.errors import UsageError
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Account, Asset, Release
from release_assets.wording import in_terminal

Document = dict[str, object]


# As in `gh release view --json` of gh 2.103.
_RELEASE: Mapping[str, Callable[[Release], object]] = {
    "tagName": lambda release: release.tag,
    "name": lambda release: release.name or "",
    "url": lambda release: release.html_url,
    "isDraft": lambda release: release.draft,
    "isPrerelease": lambda release: release.prerelease,
    "isImmutable": lambda release: release.immutable,
    "body": lambda release: release.body,
    "author": lambda release: _account_document(release.author),
    "createdAt": lambda release: release.created_at or None,
    "publishedAt": lambda release: release.published_at or None,
    "targetCommitish": lambda release: release.target,
    "databaseId": lambda release: release.id,
    "id": lambda release: release.node_id,
    "apiUrl": lambda release: release.url,
    "uploadUrl": lambda release: release.upload_url,
    "tarballUrl": lambda release: release.tarball_url,
    "zipballUrl": lambda release: release.zipball_url,
}

RELEASE_FIELDS = tuple(_RELEASE)
"""The fields of a release, in every document."""


def release_document(release: Release | None) -> Document:
    """Return the fields of a release; each is None as long as the release is unknown."""
    return {name: get(release) if release else None for name, get in _RELEASE.items()}


def _account_document(account: Account | None) -> Document | None:
    return {"id": account.node_id, "login": account.login} if account else None


def asset_document(asset: Asset) -> Document:
    """Return an asset."""
    return {
        "name": asset.name,
        "label": asset.label or "",
        "state": asset.state,
        "size": asset.size,
        "digest": asset.digest,
        "contentType": asset.content_type,
        "url": asset.browser_download_url,
        "apiUrl": asset.url,
        "id": asset.node_id,
        "databaseId": asset.id,
        "downloadCount": asset.download_count,
        "createdAt": asset.created_at,
        "updatedAt": asset.updated_at,
    }


def error_document(error: ReleaseAssetsError) -> Document:
    """Return an error, in the words of the command line."""
    return {
        "title": error.title,
        "what": in_terminal(error.what),
        "where": error.where,
        "fix": in_terminal(error.fix),
    }


def field_errors(given: str, known: Sequence[str]) -> list[UsageError]:
    """Return an error for each name in a list of fields that the document does not have."""
    return [
        _unknown_field_error(name, known) for name in given.split(",") if name and name not in known
    ]


def _unknown_field_error(name: str, known: Sequence[str]) -> UsageError:
    by_lower = {field.lower(): field for field in known}
    similar = get_close_matches(name.lower(), by_lower, 1)
    fix = f"did you mean `{by_lower[similar[0]]}`? " if similar else ""
    return UsageError(
        f"--json has no field `{name}` here", fix=f"{fix}The fields are {', '.join(sorted(known))}"
    )


def selected(document: Document, fields: str) -> Document:
    """Return only the named fields of a document; all of them if none is named."""
    names = [name for name in fields.split(",") if name]
    return {name: document.get(name) for name in names} if names else document
