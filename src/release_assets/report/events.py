"""The events of a run. Pure."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset, Release, Result
from release_assets.plan import Cost, Plan, ReleasePlan


@dataclass(frozen=True, kw_only=True)
class Started:
    """The run started, for this tag."""

    tag: str | None


@dataclass(frozen=True, kw_only=True)
class ReleaseRead:
    """The release was read."""

    release: Release


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The plan was made."""

    plan: Plan
    release_plan: ReleasePlan
    cost: Cost
    digests: Mapping[str, Digest] = MappingProxyType({})  # asset name -> digest of the file
    only: bool = False  # whether the run ends here: a dry run


@dataclass(frozen=True, kw_only=True)
class Created:
    """The run created a draft."""

    release: Release


@dataclass(frozen=True, kw_only=True)
class FileDone:
    """A step of the plan was performed, or failed."""

    number: int  # of the step
    result: Result


@dataclass(frozen=True, kw_only=True)
class ListDone:
    """The list of checksums was uploaded, or failed."""

    result: Result


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """An asset was deleted."""

    asset: Asset


@dataclass(frozen=True, kw_only=True)
class Edited:
    """Fields of the release were changed."""

    release: Release


@dataclass(frozen=True, kw_only=True)
class Published:
    """The run published the release."""

    release: Release


@dataclass(frozen=True, kw_only=True)
class SetMissing:
    """The names and patterns of `expect` that are still missing; empty if the set is complete."""

    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AssetsRead:
    """The assets of the release were read; their addresses may have changed."""

    assets: Sequence[Asset]


@dataclass(frozen=True, kw_only=True)
class Restarted:
    """The run restarted with another release, so earlier events are not part of its outcome."""


@dataclass(frozen=True, kw_only=True)
class WarningGiven:
    """A warning was reported."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The run failed."""

    errors: tuple[ReleaseAssetsError, ...]


@dataclass(frozen=True, kw_only=True)
class Ended:
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
