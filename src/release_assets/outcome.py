"""What a run came to. Pure."""

from dataclasses import dataclass, field, replace

from release_assets.cost import Cost
from release_assets.errors import NotBegunError, ReleaseAssetsError
from release_assets.models import Asset, Release, Result
from release_assets.plan import Keep, Plan, Refuse, Skip, Step


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run came to; filled in as it goes, so that it is true whenever the run ends."""

    tag: str | None = None  # as it was asked for
    release: Release | None = None
    created: bool = False
    strays: tuple[int, ...] = ()  # ids of drafts that this run made, and nobody goes on with
    taken_back: set[int] = field(default_factory=set)  # ids of assets that it deleted from these
    plan: Plan | None = None
    cost: Cost | None = None  # of performing the plan
    planned_only: bool = False
    digests: dict[str, str] = field(default_factory=dict)  # asset name -> `sha256:<hex>` of file
    done: dict[int, Result] = field(default_factory=dict)  # number of the step -> what it came to
    checksums: Result | None = None
    public: dict[int, Asset] = field(default_factory=dict)  # asset id -> as it is since the run
    # made the release public: its URLs are others than the draft's
    pruned: tuple[Asset, ...] = ()
    published: bool = False
    awaited: tuple[str, ...] = ()  # of `expect`: what no asset matches yet
    warnings: list[str] = field(default_factory=list)
    errors: tuple[ReleaseAssetsError, ...] = ()
    seconds: float = 0.0
    calls: int = 0  # to GitHub, those that were repeated or refused too

    @property
    def planned(self) -> tuple[str, ...]:
        """The names of the files of this run."""
        return tuple(step.file.name for step in self.plan.steps) if self.plan else ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the assets that this run brings, as planned and as GitHub made of them."""
        there = (result.asset.name for result in self.results if result.asset is not None)
        return tuple(dict.fromkeys((*self.planned, *there)))

    def has_all_taken_back(self, draft: Release) -> bool:
        """Say whether a draft holds nothing but what this run has put there and deleted since.

        GitHub may not have known yet what was to be deleted.
        """
        return all(asset.id in self.taken_back for asset in draft.assets)

    def begin_anew(self) -> None:
        """Forget what was done, for it was done to a release that is not the one."""
        self.release, self.created, self.checksums = None, False, None
        self.plan, self.cost = None, None
        self.done, self.public, self.pruned, self.awaited = {}, {}, (), ()

    @property
    def results(self) -> tuple[Result, ...]:
        """What became of each file, in the order of the files; also of those not begun."""
        steps = self.plan.steps if self.plan else ()
        done = dict(self.done)  # other threads go on filling it
        found = [done.get(number) or self._not_done(step) for number, step in enumerate(steps)]
        if self.checksums is not None:
            found.append(self.checksums)
        return tuple(
            replace(result, asset=self.public[result.asset.id])
            if result.asset and result.asset.id in self.public
            else result
            for result in found
        )

    @property
    def changed(self) -> bool:
        """Whether this run changed anything on the release."""
        done = any(result.changed for result in self.results)
        return done or self.created or bool(self.strays) or self.published or bool(self.pruned)

    def _not_done(self, step: Step) -> Result:
        """Return what a file is when its step was not done: what stands stands all the same."""
        digest = self.digests.get(step.file.name)
        if self.planned_only:
            asset = getattr(step, "asset", None) or getattr(step, "old", None)
            return Result(file=step.file, name="planned", asset=asset, digest=digest)
        if isinstance(step, Keep):
            return Result(file=step.file, name="unchanged", asset=step.asset, digest=digest)
        if isinstance(step, Skip):
            return Result(file=step.file, name="skipped", asset=step.asset, digest=digest)
        error = step.error if isinstance(step, Refuse) else NotBegunError(step.file.shown)
        return Result(file=step.file, name="failed", asset=None, digest=digest, error=error)


def exit_code(outcome: Outcome, signal: int | None) -> int:
    """Return 0 when all is done, 1 when not, and 128 and more when a signal ended it."""
    if not outcome.errors:
        return 0
    return 1 if signal is None else 128 + signal
