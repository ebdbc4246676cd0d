"""What can not be told from the state afterwards: what was published, what was deleted. Pure."""

from github_sandbox.models import Asset, Event, Release, Repository, What


def of_release(
    repository: Repository, old: Release | None, new: Release | None, job: str | None
) -> tuple[Event, ...]:
    """Return what happened to a release, from what it was to what it is; None: it is not there."""
    release = new or old
    if release is None:
        return ()

    def event(what: What, complete: int | None = None) -> tuple[Event, ...]:
        id_, tag = release.id, release.tag_name
        return (Event(what=what, release_id=id_, name=tag, complete=complete, job=job),)

    was_public, is_public = (one is not None and not one.draft for one in (old, new))
    if new is None:
        return event("release deleted")
    if was_public == is_public:
        return ()
    if not is_public:
        return event("unpublished")
    assets = repository.assets_of(release.id)
    return event("published", sum(asset.state == "uploaded" for asset in assets))


def of_deleted(asset: Asset, job: str | None) -> Event:
    """Return that an asset is no more."""
    return Event(
        what="asset deleted",
        release_id=asset.release_id,
        name=asset.name,
        state=asset.state,
        job=job,
    )
