"""Release notes as GitHub generates them for a history without pull requests."""

from github_sandbox.models import Repository
from github_sandbox.origins import Origins, escaped
from github_sandbox.store import order_of_list


def generated_notes(
    origins: Origins, repository: Repository, tag: str, previous: str | None
) -> tuple[str, str]:
    """Return title and text.

    Source: https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
    """
    if previous is None:
        published = [
            release
            for release in sorted(repository.releases.values(), key=order_of_list)
            if not release.draft and release.tag_name != tag
        ]
        previous = published[-1].tag_name if published else None
    page = f"{origins.server_url}/{repository.full_name}"
    span = (
        f"compare/{escaped(previous)}...{escaped(tag)}" if previous else f"commits/{escaped(tag)}"
    )
    return tag, f"**Full Changelog**: {page}/{span}"
