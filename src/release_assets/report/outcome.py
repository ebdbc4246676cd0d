"""The events of a run -> its outcome, at any moment. Pure."""

from collections.abc import Iterable, Sequence

from release_assets.errors import NotStartedError, ReleaseAssetsError
from release_assets.light_dataclasses import dataclass, replace
from release_assets.models import Asset, Release, Result
from release_assets.plan import Cost, Keep, Plan, Refuse, ReleasePlan, Skip, Step
from release_assets.report.current_assets import CurrentAssets
from release_assets.report.events import (
    AssetsRead,
    Created,
    Edited,
    Ended,
    Event,
    Failed,
    FileDone,
    ListDone,
    Planned,
    Pruned,
    Published,
    ReleaseRead,
    Restarted,
    SetMissing,
    Started,
    WarningGiven,
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a run, or of its events so far."""

    tag: str | None = None  # as the inputs give it
    release: Release | None = None
    created: bool = False  # whether this run created the release
    plan: Plan | None = None
    release_plan: ReleasePlan | None = None
    cost: Cost | None = None  # of performing the plan
    planned_only: bool = False
    results: tuple[Result, ...] = ()  # one for each file, in order, even if not started
    pruned: tuple[Asset, ...] = ()
    edited: bool = False
    published: bool = False  # by this run
    missing: tuple[str, ...] = ()  # names and patterns of `expect`
    changed: bool = False  # whether this run changed the release
    warnings: tuple[str, ...] = ()
    errors: tuple[ReleaseAssetsError, ...] = ()
    seconds: float = 0.0
    calls: int = 0

    @property
    def skipped(self) -> bool:
        """Whether the run did nothing, because the release exists."""
        return self.release_plan is not None and self.release_plan.skips

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the assets of this run, as planned and as GitHub rewrote them."""
        planned = [step.file.name for step in self.plan.steps] if self.plan else []
        actual = [result.asset.name for result in self.results if result.asset is not None]
        return tuple(dict.fromkeys((*planned, *actual)))


def outcome_of(events: Iterable[Event]) -> Outcome:
    """Return the outcome of a run.

    An error after an upload does not change the result of that upload: what is on the release is
    always reported.
    """
    fold = _Fold()
    for event in events:
        fold.add(event)
    return fold.outcome()


def exit_code(errors: Sequence[ReleaseAssetsError], signal: int | None) -> int:
    """Return 0 without errors, else 1, or 128 plus the number of the signal."""
    if not errors:
        return 0
    return 1 if signal is None else 128 + signal


class _Fold:
    """Computes the outcome from one event after the other."""

    def __init__(self) -> None:
        self._outcome = Outcome()
        self._planned: Planned | None = None
        self._results_by_step: dict[int, Result] = {}
        self._checksum_list: Result | None = None
        self._assets_now = CurrentAssets()
        self._published: set[int] = set()  # ids of releases that this run published
        self._changed_before = False  # whether the run changed anything before a restart

    def add(self, event: Event) -> None:
        match event:
            case FileDone(number=number, result=result):
                self._results_by_step[number] = result
            case ListDone(result=result):
                self._checksum_list = result
            case AssetsRead(assets=assets):
                self._assets_now = CurrentAssets(assets)
            case Restarted():
                self._restart()
            case Published(release=release):
                self._published.add(release.id)
                self._outcome = replace(self._outcome, release=release)
            case Planned():
                self._planned = event
                self._outcome = _with_plan(self._outcome, event)
            case _:
                self._outcome = _after(self._outcome, event)

    def outcome(self) -> Outcome:
        results = tuple(self._results())
        found = replace(
            self._outcome,
            published=self._is_published(self._outcome.release),
            pruned=tuple(a for a in self._outcome.pruned if a not in self._assets_now),
        )
        changed = found.created or found.edited or found.published or bool(found.pruned)
        changed = changed or any(result.changed for result in results)
        return replace(found, results=results, changed=changed or self._changed_before)

    def _is_published(self, release: Release | None) -> bool:
        """Say whether this run published the release, and it is still public."""
        return release is not None and not release.draft and release.id in self._published

    def _restart(self) -> None:
        before = self.outcome()
        self._changed_before = before.changed
        self._planned, self._results_by_step, self._checksum_list = None, {}, None
        self._assets_now = CurrentAssets()
        self._outcome = Outcome(
            tag=before.tag, warnings=before.warnings, errors=before.errors, calls=before.calls
        )

    def _results(self) -> Iterable[Result]:
        steps: Sequence[Step] = self._planned.plan.steps if self._planned else ()
        found = [
            self._results_by_step.get(number) or self._result_without_attempt(step)
            for number, step in enumerate(steps)
        ]
        for result in found:
            yield self._with_asset_now(result, is_checksum_list=False)
        if self._checksum_list:
            yield self._with_asset_now(self._checksum_list, is_checksum_list=True)

    def _with_asset_now(self, result: Result, *, is_checksum_list: bool) -> Result:
        """Return the result with its asset as it was read last."""
        now = self._assets_now.of(result, is_checksum_list=is_checksum_list)
        if now is None or result.asset is None:
            return result
        if now.digest is None and now.id == result.asset.id:  # it may have been read back
            now = replace(now, digest=result.asset.digest)
        return replace(result, asset=now)

    def _result_without_attempt(self, step: Step) -> Result:
        """Return the result of a step that was not performed."""
        planned = self._planned
        digest = planned.digests.get(step.file.name) if planned else None
        if planned and planned.only:
            asset = getattr(step, "asset", None) or getattr(step, "old", None)
            return Result(file=step.file, status="planned", asset=asset, digest=digest)
        if isinstance(step, Keep):
            return Result(file=step.file, status="unchanged", asset=step.asset, digest=digest)
        if isinstance(step, Skip):
            return Result(file=step.file, status="skipped", asset=step.asset, digest=digest)
        error = step.error if isinstance(step, Refuse) else NotStartedError(step.file.shown)
        return Result(file=step.file, status="failed", asset=None, digest=digest, error=error)


def _with_plan(outcome: Outcome, event: Planned) -> Outcome:
    return replace(
        outcome,
        plan=event.plan,
        release_plan=event.release_plan,
        cost=event.cost,
        planned_only=event.only,
    )


def _after(outcome: Outcome, event: Event) -> Outcome:
    """Return the outcome after an event that only replaces fields."""
    match event:
        case Started(tag=tag):
            return replace(outcome, tag=tag)
        case ReleaseRead(release=release):
            return replace(outcome, release=release)
        case Created(release=release):
            return replace(outcome, release=release, created=True)
        case Edited(release=release):
            return replace(outcome, release=release, edited=True)
        case Pruned(asset=asset):
            return replace(outcome, pruned=(*outcome.pruned, asset))
        case SetMissing(names=names):
            return replace(outcome, missing=names)
        case WarningGiven(text=text):
            return replace(outcome, warnings=(*outcome.warnings, text))
        case Failed(errors=errors):
            return replace(outcome, errors=(*outcome.errors, *errors))
        case Ended(seconds=seconds, calls=calls):
            return replace(outcome, seconds=seconds, calls=calls)
        case _:
            raise AssertionError(f"{type(event).__name__} is handled before")
