"""Reads GitHub's lists: the releases of a tag, and the assets of a release."""

from collections.abc import Iterable

from release_assets.github import GitHub
from release_assets.limits import MAX_EMBEDDED
from release_assets.models import Asset, Release


def find_listed(release_id: int, tag: str, github: GitHub) -> Release | None:
    """Return the release of a tag with this id from the list; None if the list omits it.

    Raises: GitHubError.
    """
    return next((one for one in list_releases_of_tag(tag, github) if one.id == release_id), None)


def list_releases_of_tag(tag: str, github: GitHub) -> list[Release]:
    """Return the listed releases of a tag: all drafts, or the public release.

    Raises: GitHubError.
    """
    return filter_by_tag(tag, github.list_releases())


def filter_by_tag(tag: str, pages: Iterable[tuple[Release, ...]]) -> list[Release]:
    """Return the releases of a tag, reading no more pages than needed."""
    found: list[Release] = []
    for page in pages:
        same = [release for release in page if release.tag == tag]
        found += same
        # Drafts of one tag have the date of its commit, so the list shows them next to each other.
        if found and not (same and page[-1] in same):
            break
    return found


def assets_of(release: Release, github: GitHub) -> tuple[Asset, ...]:
    """Return the assets of a release that was just read; list them only if there are many."""
    if len(release.assets) < MAX_EMBEDDED:
        return release.assets
    return github.list_assets(release.id)


def may_have_assets(release: Release, count: int, github: GitHub) -> bool:
    """Say whether a release that was just read may have so many assets, with at most one call."""
    embedded = len(release.assets)
    if embedded < MAX_EMBEDDED or embedded >= count:
        return True  # the release shows all of them
    return github.has_asset_at(release.id, count)
