"""Which release is the latest."""

from github_sandbox.models import Release, Repository
from github_sandbox.store import find_latest, order_of_list


def choose_latest(repository: Repository, release: Release, make_latest: str | None) -> None:
    """Make a release the latest, or not.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release
    """
    if release.draft or release.prerelease:
        return
    if make_latest == "true":
        repository.latest_id = release.id
    elif make_latest == "legacy":
        others = [item for item in (find_latest(repository),) if item is not None]
        newest = max([*others, release], key=lambda item: (item.created_at, item.tag_name))
        repository.latest_id = newest.id
    elif make_latest == "false" and repository.latest_id in {None, release.id}:
        rest = [
            item
            for item in repository.releases.values()
            if not item.draft and not item.prerelease and item.id != release.id
        ]
        newest_other = max(rest, key=order_of_list, default=None)
        repository.latest_id = newest_other.id if newest_other else None
