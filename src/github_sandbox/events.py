"""The history of a repository: what its state does not show, such as deletions."""

from github_sandbox.models import Asset, Event, Release, Repository, What


def of_release(
    repository: Repository, old: Release | None, new: Release | None, job: str | None
) -> tuple[Event, ...]:
    """Return the events of a change to a release; None: it does not exist before or after it."""
    release = new or old
    was_public, is_public = (one is not None and not one.draft for one in (old, new))
    if release is None or (new is not None and was_public == is_public):
        return ()
    what: What = "published" if is_public else "unpublished" if new else "release deleted"
    assets = repository.assets_of(release.id)
    complete = sum(asset.state == "uploaded" for asset in assets) if is_public else None
    return (
        Event(what=what, release_id=release.id, name=release.tag_name, complete=complete, job=job),
    )


def of_deleted_asset(asset: Asset, job: str | None) -> Event:
    """Return the event of a deletion."""
    return Event(
        what="asset deleted",
        release_id=asset.release_id,
        name=asset.name,
        state=asset.state,
        job=job,
    )
