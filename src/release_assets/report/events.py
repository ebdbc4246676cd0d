"""What can happen in a run, as events. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, Release, Result
from release_assets.plan import Cost, Plan, ReleasePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A run began, for this tag."""

    tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRead:
    """The release is now known to be this."""

    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """It is decided what to do."""

    plan: Plan
    release_plan: ReleasePlan
    cost: Cost
    digests: Mapping[str, Digest] = field(default_factory=dict)  # asset name -> digest of the file
    only: bool = False  # whether nothing else is to be done: a dry run


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """This run created a draft."""

    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDone:
    """A step of the plan was performed, or failed."""

    number: int  # of the step
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDone:
    """The list of checksums was uploaded, or failed."""

    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """An asset was deleted."""

    asset: Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Fields of the release were changed."""

    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """This run published the release."""

    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMissing:
    """`expect` still waits for these; nothing when the set is complete."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsRead:
    """The assets of the release are now known to be these: they may have other addresses."""

    assets: Sequence[Asset]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted:
    """Another release is the one now: what was done before counts no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningGiven:
    """The user was warned."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Something went wrong."""

    errors: tuple[ReleaseAssetsError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The run ended."""

    seconds: float
    calls: int  # to GitHub, repeated and refused ones too


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
