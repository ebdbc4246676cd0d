"""The events of a run. Pure.

They are named tuples, because only `match` looks at them, and each dataclass takes time to create.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, Release, Result
from release_assets.plan import Cost, Plan, ReleasePlan


class Started(NamedTuple):
    """The run started, for this tag."""

    tag: str | None


class ReleaseRead(NamedTuple):
    """The release was read."""

    release: Release


class Planned(NamedTuple):
    """The plan was made."""

    plan: Plan
    release_plan: ReleasePlan
    cost: Cost
    digests: Mapping[str, Digest] = MappingProxyType({})  # asset name -> digest of the file
    only: bool = False  # whether the run ends here: a dry run


class Created(NamedTuple):
    """The run created a draft."""

    release: Release


class FileDone(NamedTuple):
    """A step of the plan was performed, or failed."""

    number: int  # of the step
    result: Result


class ListDone(NamedTuple):
    """The list of checksums was uploaded, or failed."""

    result: Result


class Pruned(NamedTuple):
    """An asset was deleted."""

    asset: Asset


class Edited(NamedTuple):
    """Fields of the release were changed."""

    release: Release


class Published(NamedTuple):
    """The run published the release."""

    release: Release


class SetMissing(NamedTuple):
    """The names and patterns of `expect` that are still missing; empty if the set is complete."""

    names: tuple[str, ...]


class AssetsRead(NamedTuple):
    """The assets of the release were read; their addresses may have changed."""

    assets: Sequence[Asset]


class Restarted(NamedTuple):
    """The run restarted with another release, so earlier events are not part of its outcome."""


class WarningGiven(NamedTuple):
    """A warning was reported."""

    text: str


class Failed(NamedTuple):
    """The run failed."""

    errors: tuple[ReleaseAssetsError, ...]


class Ended(NamedTuple):
    """The run ended."""

    seconds: float
    calls: int  # to GitHub, including retries and refused ones


Event = (
    Started
    | ReleaseRead
    | Planned
    | Created
    | FileDone
    | ListDone
    | Pruned
    | Edited
    | Published
    | SetMissing
    | AssetsRead
    | Restarted
    | WarningGiven
    | Failed
    | Ended
)
