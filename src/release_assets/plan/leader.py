"""Elects the leader: the job that publishes the release once the set is complete. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from release_assets.models import Asset
from release_assets.plan.expected_assets import complete_assets

LAG_SECONDS = 5.0
"""How long GitHub's lists usually lag behind uploads of other jobs.

Source: https://github.com/cli/cli/issues/6599 (seconds)
"""

TAKEOVER_SECONDS = 10.0
"""How long the other jobs wait for the leader before one of them takes over."""

LEADER_TIMEOUT_SECONDS = 120.0
"""How long after the last upload its job may still be running."""

STALE_SWAP_SECONDS = 900.0
"""How long after its last upload an unfinished swap is stale: its job has ended."""

_MAX_RANK = 15
_MIN_RANK_SECONDS, _MAX_RANK_SECONDS = 1.0, 4.0
"""Between the takeover of one job and that of the next in rank."""


def takeover_delay(
    assets: Iterable[Asset],
    ours: Mapping[int, bool],
    *,
    now: float,
    refresh_seconds: float,
    chance: float,
) -> float:
    """Return for how many seconds this job waits for others to publish; 0 for the leader.

    The leader is the job that uploaded the last asset of the complete set. The rank of another job
    is the number of assets that were uploaded after its own. A job with a higher rank waits longer,
    so that the jobs before it have time to refresh the release and to publish it.

    assets: of the release. ours: asset id -> whether this run uploaded it, for each asset of this
    run. now: seconds since the epoch, by GitHub's clock. refresh_seconds: how long the last refresh
    took, with retries. chance: 0 <= x < 1, to spread jobs of the same rank.
    """
    complete = complete_assets(assets)
    last = newest(complete)
    rank = min(uploaded_after(complete, ours), _MAX_RANK)
    if last is not None and not ours.get(last.id):
        rank = max(rank, 1)  # an earlier run uploaded it, or another job with the same file
    if last is None or not rank or is_older(last, LEADER_TIMEOUT_SECONDS, now):
        return 0.0
    rank_seconds = min(max(_MIN_RANK_SECONDS, 3 * refresh_seconds), _MAX_RANK_SECONDS)
    spread = 1.0 if rank < _MAX_RANK else 5.0  # many jobs may share the last rank
    return TAKEOVER_SECONDS + rank * rank_seconds + spread * chance


def newest(assets: Iterable[Asset]) -> Asset | None:
    """Return the asset that was uploaded last; it is the same for all jobs."""
    return max(complete_assets(assets), key=_order, default=None)


def uploaded_after(assets: Iterable[Asset], ours: Container[int]) -> int:
    """Return how many assets were uploaded after the last of ours; all, if none is ours."""
    order: Sequence[Asset] = sorted(complete_assets(assets), key=_order, reverse=True)
    return next((index for index, asset in enumerate(order) if asset.id in ours), len(order))


def is_older(asset: Asset, seconds: float, now: float) -> bool:
    """Say whether the last change of an asset is older than this; False if it is unknown.

    now: seconds since the epoch, by GitHub's clock, which also sets the time of the asset.
    """
    try:
        moment = datetime.fromisoformat(asset.updated_at)
    except ValueError:
        return False
    return now - moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() > seconds


def _order(asset: Asset) -> tuple[str, int]:
    return asset.updated_at, asset.id
