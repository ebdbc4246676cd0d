"""What can not be told from the state afterwards: what was published, what was deleted. Pure."""

from github_sandbox.models import Asset, Event, Release, What


def of_release(old: Release | None, new: Release | None, job: str | None) -> tuple[Event, ...]:
    """Return what happened to a release, from what it was to what it is; None: it is not there."""
    release = new or old
    if release is None:
        return ()

    def event(what: What) -> tuple[Event, ...]:
        return (Event(what=what, release_id=release.id, name=release.tag_name, job=job),)

    was_public, is_public = (one is not None and not one.draft for one in (old, new))
    if new is None:
        return event("release deleted")
    if was_public == is_public:
        return ()
    return event("published" if is_public else "unpublished")


def of_deleted(asset: Asset, job: str | None) -> Event:
    """Return that an asset is no more."""
    return Event(
        what="asset deleted",
        release_id=asset.release_id,
        name=asset.name,
        state=asset.state,
        job=job,
    )
