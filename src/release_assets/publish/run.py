"""One run, from the first look to the end: look, decide, perform, finalize, read back."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from threading import Semaphore

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError, each, raise_all
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Release, Result
from release_assets.plan import (
    CreateRelease,
    DuplicateDraftsError,
    PlanWarning,
    free_places,
    is_ours,
)
from release_assets.publish.context import UploadContext
from release_assets.publish.decide import Decision, decide
from release_assets.publish.discover import Found, look
from release_assets.publish.drafts import create_draft, delete_orphans, is_gone
from release_assets.publish.failures import failures_of
from release_assets.publish.finalize import Finalizer
from release_assets.publish.upload import perform_all
from release_assets.publish.view import ReleaseView, Superseded, assets_of
from release_assets.report import (
    Began,
    Created,
    Ended,
    Failed,
    FileDone,
    Journal,
    Outcome,
    Planned,
    ReleaseRead,
    Restarted,
    WarningGiven,
    cost_line,
    plan_lines,
    plan_total,
    result_line,
)
from release_assets.reporter import Reporter

_MAX_RELEASES = 3  # that a run may begin with, until it has the one that all jobs use
_MANY = 30  # lines, which are folded where a door can do so

Begin = Callable[[int, Mapping[str, Digest | None]], None]
"""Called before the first write: the release's id, and the names that the run will bring to it,
with the digests that are known already."""


def publish(
    inputs: Inputs, github: GitHub, reporter: Reporter, journal: Journal, begin: Begin | None = None
) -> None:
    """Bring the files of the inputs to the release, and note in the journal what happens.

    Never raises a ReleaseAssetsError: errors are events too, beside what is on the release.
    """
    _Run(inputs, github, reporter, journal, begin).run()


class _Run:
    """What stays the same while a run may begin anew with another release."""

    def __init__(
        self,
        inputs: Inputs,
        github: GitHub,
        reporter: Reporter,
        journal: Journal,
        begin: Begin | None,
    ) -> None:
        self._inputs = inputs
        self._github = github
        self._reporter = reporter
        self._journal = journal
        self._begin = begin
        self._orphans: set[int] = set()  # ids of drafts that this run created, and no job uses
        self._deleted: set[int] = set()  # ids of assets that it has deleted from these
        self._warned: set[PlanWarning] = set()

    def run(self) -> None:
        """Run to the end, whatever it is."""
        clock = self._github.session.clock
        began = clock.elapsed()
        self._journal.append(Began(tag=self._inputs.tag))
        try:
            try:
                self._until_settled()
            finally:
                tag = self._inputs.tag or ""  # an id alone creates nothing
                delete_orphans(self._orphans, tag, self._deleted, self._github, self._reporter)
        except ReleaseAssetsError as error:
            self._journal.append(Failed(errors=each(error)))
        finally:
            seconds = clock.elapsed() - began
            self._journal.append(Ended(seconds=seconds, calls=self._github.session.calls))

    def _until_settled(self) -> None:
        """Run once, and again where the release turns out to be another one, or to be gone.

        Raises: ReleaseAssetsError.
        """
        for number in range(1, _MAX_RELEASES + 1):
            try:
                superseded = self._once()
            except ReleaseAssetsError as error:
                release = self._outcome.release
                is_last = release is None or number == _MAX_RELEASES
                if is_last or release is None or not is_gone(release, each(error), self._github):
                    raise
                self._reporter.line(
                    f"release {release.id} is gone: looking for {release.tag} again"
                )
            else:
                if superseded is None:
                    return
                self._leave(superseded, is_last=number == _MAX_RELEASES)
            self._journal.append(Restarted())

    def _once(self) -> Superseded | None:
        """Look, decide, perform, finalize; return what supersedes the release, if anything does.

        Raises: ReleaseAssetsError.
        """
        inputs, github = self._inputs, self._github
        found = look(inputs, github, self._reporter)
        if found.release is not None:
            self._journal.append(ReleaseRead(release=found.release))
        elif inputs.names_files and not found.files:
            self._warn_of(found.warnings)
            self._reporter.line("no files, and no release: nothing is created")
            return None
        assets = assets_of(found.release, github) if found.release is not None else ()
        decision = decide(found, found.release, assets, inputs, github)
        self._report(decision)
        raise_all(decision.refusals)
        if inputs.dry_run or decision.release_plan.skips:
            return None
        release, decision = self._make_sure_of_release(found, decision)
        self._orphans.discard(release.id)
        if self._begin is not None and (decision.writes or inputs.checksums):
            self._begin(release.id, decision.wanted(inputs.checksums))
        context = self._context(found, release, decision)
        steps = decision.plan.steps
        with self._reporter.group("Publish") if len(steps) > _MANY else nullcontext():
            perform_all(steps, context, self._note)
        raise_all(failures_of(self._outcome))
        view = ReleaseView(
            release=release, tag=found.desired.tag, by_id=inputs.release_id is not None
        )
        return Finalizer(inputs, found, decision, context, self._journal, view).finalize()

    def _report(self, decision: Decision) -> None:
        """Report the plan, and what the inputs ask for that is not done."""
        is_dry_run = self._inputs.dry_run
        self._journal.append(
            Planned(
                plan=decision.plan,
                release_plan=decision.release_plan,
                cost=decision.cost,
                digests=decision.digests,
                only=is_dry_run,
            )
        )
        self._warn_of(decision.warnings)
        if decision.release_plan.skips:
            text = f"the release `{self._outcome.release.tag if self._outcome.release else ''}` "
            self._reporter.notice("Skipped", f"{text}exists, and `if-release-exists` is `skip`")
            return
        with self._reporter.group("Plan"):
            for line in plan_lines(decision.plan, decision.release_plan):
                self._reporter.line(line)
        self._reporter.line(plan_total(decision.plan, decision.release_plan))
        if is_dry_run and not decision.refusals:
            self._reporter.line(cost_line(decision.cost))

    def _warn_of(self, warnings: Sequence[PlanWarning]) -> None:
        """Warn of each, once in a run."""
        for warning in warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                self._journal.append(WarningGiven(text=warning.text))
                self._reporter.warning(warning.title, warning.text)

    def _make_sure_of_release(self, found: Found, decision: Decision) -> tuple[Release, Decision]:
        """Return the release, and what to do with it; a draft is created where there is none.

        Raises: ReleaseAssetsError.
        """
        step = decision.release_plan.step
        if not isinstance(step, CreateRelease):
            return step.release, decision
        expected = max(len(self._inputs.expect), len(found.files))
        made = create_draft(
            step,
            self._inputs,
            self._github,
            self._reporter,
            expected=expected,
            created=lambda draft: self._journal.append(Created(release=draft)),
        )
        self._orphans |= set(made.orphans)
        if made.created:
            return made.release, decision
        self._reporter.line(f"release {made.release.id} was created by another job, and is used")
        if made.orphans:
            self._journal.append(Restarted())
        self._journal.append(ReleaseRead(release=made.release))
        assets = assets_of(made.release, self._github)
        again = decide(
            found,
            made.release,
            assets,
            self._inputs,
            self._github,
            digests=decision.digests,
        )
        self._report(again)
        raise_all(again.refusals)
        return made.release, again

    def _context(self, found: Found, release: Release, decision: Decision) -> UploadContext:
        return UploadContext(
            github=self._github,
            release=release,
            files=found.files,
            overwrite=self._inputs.overwrite,
            read_back=self._inputs.verify == "download",
            reporter=self._reporter,
            digests=decision.digests,
            known_ids={asset.id for asset in decision.assets},
            swaps=Semaphore(free_places(decision.plan.steps, decision.assets)),
        )

    def _note(self, number: int, result: Result) -> None:
        self._journal.append(FileDone(number=number, result=result))
        self._reporter.line(result_line(result))

    def _leave(self, superseded: Superseded, *, is_last: bool) -> None:
        """Delete from a draft that no job uses what this run has uploaded to it.

        Raises: DuplicateDraftsError when no other release is tried, GitHubError.
        """
        outcome = self._outcome
        for result in outcome.results:
            if result.changed and result.asset is not None:
                self._github.delete_asset(result.asset.id)
                self._deleted.add(result.asset.id)
        if is_ours(superseded.before):
            self._orphans.add(superseded.before.id)
        if is_last:
            raise DuplicateDraftsError(superseded.by.tag, superseded.by.html_url)
        self._reporter.line(
            f"draft {superseded.before.id} is superseded by {superseded.by.id}, which other jobs use"
        )

    @property
    def _outcome(self) -> Outcome:
        return self._journal.outcome
