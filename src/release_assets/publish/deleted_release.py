"""Finds out whether a release was deleted."""

from release_assets.errors import ReleaseAssetsError, single_errors
from release_assets.github import GitHub, GitHubError, NotFoundError
from release_assets.models import Release


def is_deleted(release_id: int, github: GitHub) -> bool:
    """Say whether GitHub answers that a release does not exist."""
    try:
        github.get_release(release_id)
    except GitHubError as error:
        return isinstance(error, NotFoundError)
    return False


def failed_since_deleted(error: ReleaseAssetsError, release: Release, github: GitHub) -> bool:
    """Say whether an error, or one that it combines, occurred because the release was deleted."""
    if not any(isinstance(e, GitHubError) and e.status == 404 for e in single_errors(error)):
        return False
    return is_deleted(release.id, github)
