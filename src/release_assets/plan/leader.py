"""Many jobs, one release: elects the job that publishes it once the set is complete. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from release_assets.models import Asset
from release_assets.plan.expected_assets import complete_assets

LAG_SECONDS = 5.0
"""After which GitHub's lists show what other jobs have uploaded, mostly.

Source: https://github.com/cli/cli/issues/6599 (seconds)
"""

TAKEOVER_SECONDS = 10.0
"""For the leader to publish the release, before another job does it."""

LEADER_TIMEOUT_SECONDS = 120.0
"""After which the job that uploaded the last asset is no longer at work."""

STALE_SWAP_SECONDS = 900.0
"""After which a swap that nobody finished is stale: its job is gone."""

_MOST_PLACES = 15
_PLACE_SECONDS = 1.0, 4.0  # least and most between the takeover of a job and of the next


def takeover_delay(
    assets: Iterable[Asset],
    ours: Mapping[int, bool],
    *,
    now: float,
    refresh_seconds: float,
    chance: float,
) -> float:
    """Return for how many seconds this job leaves publishing to a job that is more likely to do it.

    The leader is the job that uploaded the last asset of the complete set: 0 for it. The others
    follow one after the other, the later the more assets came after their own; each waits as long
    as refreshing and publishing may take.

    assets: of the release. ours: asset id -> whether this run uploaded it, for each asset of this
    run. now: seconds since the epoch, by GitHub's clock. refresh_seconds: how long reading the
    release took last, with retries. chance: 0 <= x < 1, so that no two jobs act at once.
    """
    complete = complete_assets(assets)
    last = newest(complete)
    place = min(uploaded_after(complete, ours), _MOST_PLACES)
    if last is not None and not ours.get(last.id):
        place = max(place, 1)  # an earlier run brought it, or another job that has the same file
    if last is None or not place or is_older(last, LEADER_TIMEOUT_SECONDS, now):
        return 0.0
    least, most = _PLACE_SECONDS
    each = min(max(least, 3 * refresh_seconds), most)
    spread = 1.0 if place < _MOST_PLACES else 5.0  # at the last place there are many
    return TAKEOVER_SECONDS + place * each + spread * chance


def newest(assets: Iterable[Asset]) -> Asset | None:
    """Return the asset that was uploaded last; all jobs agree on it."""
    return max(complete_assets(assets), key=_order, default=None)


def uploaded_after(assets: Iterable[Asset], ours: Container[int]) -> int:
    """Return how many assets were uploaded after the last of ours; all of them, where none is."""
    order: Sequence[Asset] = sorted(complete_assets(assets), key=_order, reverse=True)
    return next((place for place, asset in enumerate(order) if asset.id in ours), len(order))


def is_older(asset: Asset, seconds: float, now: float) -> bool:
    """Say whether an asset was last changed longer ago than that; not, where nobody knows.

    now: seconds since the epoch, by GitHub's clock: the asset's time is by that clock too.
    """
    try:
        moment = datetime.fromisoformat(asset.updated_at)
    except ValueError:
        return False
    return now - moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() > seconds


def _order(asset: Asset) -> tuple[str, int]:
    return asset.updated_at, asset.id
