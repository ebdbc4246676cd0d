"""Chooses the latest release of a repository, by `make_latest`."""

from github_sandbox.models import Release, Repository
from github_sandbox.store import find_latest, order_of_list


def choose_latest(repository: Repository, release: Release, make_latest: str | None) -> None:
    """Make a published release the latest, or not, as make_latest says.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release
    """
    if release.draft or release.prerelease:
        return
    if make_latest == "true":
        repository.latest_id = release.id
    elif make_latest == "legacy":
        latest = find_latest(repository) or release
        newest = max(latest, release, key=lambda item: (item.created_at, item.tag_name))
        repository.latest_id = newest.id
    elif make_latest == "false" and repository.latest_id in {None, release.id}:
        newest_other = _newest_other(repository, release)
        repository.latest_id = newest_other.id if newest_other else None


def _newest_other(repository: Repository, release: Release) -> Release | None:
    """Return the newest other release that may be the latest."""
    others = [
        item
        for item in repository.releases.values()
        if not item.draft and not item.prerelease and item.id != release.id
    ]
    return max(others, key=order_of_list, default=None)
