"""Runs all stages in order: discover, decide, upload, finalize, and read back."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from threading import Semaphore

from release_assets.digest import Digest
from release_assets.errors import CancelledRunError, ReleaseAssetsError, raise_all, single_errors
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.light_dataclasses import replace
from release_assets.models import Release, Result
from release_assets.plan import CreateRelease, DuplicateDraftsError, max_concurrent_swaps
from release_assets.publish.decide import NOTHING_HASHED, Decision, decide
from release_assets.publish.deleted_release import failed_since_deleted
from release_assets.publish.discover import Discovery, discover
from release_assets.publish.drafts import AgreedDraft, DraftCreator
from release_assets.publish.duplicate_drafts import OrphanedDrafts
from release_assets.publish.file_errors import file_errors_of
from release_assets.publish.plan_reporter import PlanReporter
from release_assets.publish.single_flight import SingleFlight
from release_assets.publish.upload import perform_all
from release_assets.publish.upload_context import UploadContext
from release_assets.publish.view import ReleaseView, Superseded
from release_assets.report import (
    Created,
    Ended,
    Failed,
    FileDone,
    Journal,
    ReleaseRead,
    Restarted,
    Started,
    result_line,
)
from release_assets.reporter import Reporter

_MAX_RESTARTS = 2  # with another release, until the run has the one that all jobs use
_FOLD_STEPS = 30  # more steps than this are folded in the log, if the log can do so

OnStart = Callable[[int, Mapping[str, Digest | None]], None]
"""Called before the first write, with the id of the release and the assets that the run uploads.

The mapping is asset name -> digest of the file; None where the digest is not known yet.
"""


def publish(
    inputs: Inputs,
    github: GitHub,
    reporter: Reporter,
    journal: Journal,
    on_start: OnStart | None = None,
) -> None:
    """Publish the files of the inputs, and append to the journal what happens.

    Never raises a ReleaseAssetsError: errors are events too, next to what is on the release.
    """
    _Run(inputs, github, reporter, journal, on_start).run()


class _Run:
    """What a run keeps when it restarts with another release."""

    def __init__(
        self,
        inputs: Inputs,
        github: GitHub,
        reporter: Reporter,
        journal: Journal,
        on_start: OnStart | None,
    ) -> None:
        self._inputs = inputs
        self._github = github
        self._reporter = reporter
        self._journal = journal
        self._on_start = on_start
        self._plan_reporter = PlanReporter(journal, reporter, dry_run=inputs.dry_run)
        self._orphans = OrphanedDrafts()

    def run(self) -> None:
        """Run to the end, and report orphaned drafts and errors."""
        clock = self._github.session.clock
        started = clock.elapsed()
        self._journal.append(Started(tag=self._inputs.release_ref.tag))
        try:
            try:
                self._run_until_settled()
            finally:
                # With an id alone, the run creates no draft.
                tag = self._inputs.release_ref.tag or ""
                self._orphans.delete(tag, self._github, self._reporter)
        except ReleaseAssetsError as error:
            self._journal.append(Failed(errors=single_errors(error)))
        finally:
            seconds = clock.elapsed() - started
            self._journal.append(Ended(seconds=seconds, calls=self._github.session.calls))

    def _run_until_settled(self) -> None:
        """Run once, and again if the release was superseded or deleted meanwhile.

        Raises: ReleaseAssetsError.
        """
        for restarts in range(_MAX_RESTARTS + 1):
            is_last = restarts == _MAX_RESTARTS
            try:
                superseded = self._run_once()
            except ReleaseAssetsError as error:
                if is_last or not self._failed_since_deleted(error):
                    raise
            else:
                if superseded is None:
                    return
                self._abandon(superseded, is_last=is_last)
            self._journal.append(Restarted())

    def _failed_since_deleted(self, error: ReleaseAssetsError) -> bool:
        """Say whether an error occurred because the release was deleted, and report that."""
        release = self._journal.outcome.release
        if release is None or not failed_since_deleted(error, release, self._github):
            return False
        self._reporter.line(f"release {release.id} is gone: looking for {release.tag} again")
        return True

    def _run_once(self) -> Superseded | None:
        """Perform all stages, and return what supersedes the release, if anything does.

        Raises: ReleaseAssetsError.
        """
        found = self._discover()
        if found is None:
            return None
        decision = self._decide(found)
        if self._inputs.dry_run or decision.release_plan.skips:
            return None
        release, decision = self._get_or_create_release(found, decision)
        self._orphans.discard(release.id)
        context = self._upload(found, release, decision)
        by_id = self._inputs.release_ref.id is not None
        view = ReleaseView(release=release, tag=found.desired.tag, by_id=by_id)
        from release_assets.publish.finalize import Finalizer  # here: uploads start sooner

        return Finalizer(found, decision, context, self._journal, view).finalize()

    def _discover(self) -> Discovery | None:
        """Return the files and the release; None if there is neither, so that nothing is created.

        Raises: ReleaseAssetsError.
        """
        found = discover(self._inputs, self._github, self._reporter)
        if found.release is not None:
            self._journal.append(ReleaseRead(release=found.release))
        elif self._inputs.names_files and not found.files:
            self._plan_reporter.report_warnings(found.warnings)
            self._reporter.line("no files, and no release: nothing is created")
            return None
        return found

    def _decide(self, found: Discovery, hashed: Mapping[str, Digest] = NOTHING_HASHED) -> Decision:
        """Return the decision for what was found, and report it.

        hashed: asset name -> digest of a file that is hashed already.

        Raises: ReleaseAssetsError.
        """
        decision = decide(found, self._inputs, self._github, hashed)
        self._plan_reporter.report(decision)
        raise_all(decision.refusals)
        return decision

    def _get_or_create_release(
        self, found: Discovery, decision: Decision
    ) -> tuple[Release, Decision]:
        """Return the release, and the decision for it; create a draft if there is no release.

        Raises: ReleaseAssetsError.
        """
        step = decision.release_plan.step
        if not isinstance(step, CreateRelease):
            return step.release, decision
        expected = max(len(self._inputs.expect), len(found.files))
        creator = DraftCreator(step, self._inputs, self._github, self._reporter)
        agreed = creator.create(
            expected, lambda draft: self._journal.append(Created(release=draft))
        )
        self._orphans.add(agreed.orphans)
        if agreed.created:
            return agreed.release, decision
        return agreed.release, self._decide_again(agreed, found, decision)

    def _decide_again(self, agreed: AgreedDraft, found: Discovery, before: Decision) -> Decision:
        """Return the decision for a release that another job created.

        Raises: ReleaseAssetsError.
        """
        release = agreed.release
        self._reporter.line(f"release {release.id} was created by another job, and is used")
        if agreed.orphans:
            self._journal.append(Restarted())
        self._journal.append(ReleaseRead(release=release))
        return self._decide(replace(found, release=release), before.digests)

    def _upload(self, found: Discovery, release: Release, decision: Decision) -> UploadContext:
        """Perform the steps for the files, and return their context.

        Raises: ReleaseAssetsError if any of them failed.
        """
        if self._on_start is not None and (decision.writes or self._inputs.checksums):
            self._on_start(release.id, decision.wanted())
        context = self._context(found, release, decision)
        steps = decision.plan.steps
        with self._reporter.group("Publish") if len(steps) > _FOLD_STEPS else nullcontext():
            perform_all(steps, context, self._report_result)
        raise_all(file_errors_of(self._journal.outcome))
        return context

    def _context(self, found: Discovery, release: Release, decision: Decision) -> UploadContext:
        return UploadContext(
            github=self._github,
            release=release,
            files=found.files,
            overwrite=self._inputs.overwrite,
            verify_by_download=self._inputs.verify == "download",
            listing=SingleFlight(lambda: self._github.list_assets(release.id)),
            reporter=self._reporter,
            digests=decision.digests,
            known_ids={asset.id for asset in (*release.assets, *decision.assets)},
            swaps=Semaphore(max_concurrent_swaps(decision.plan.steps, decision.assets)),
        )

    def _report_result(self, number: int, result: Result) -> None:
        self._journal.append(FileDone(number=number, result=result))
        if not isinstance(result.error, CancelledRunError):  # which is reported once, at the end
            self._reporter.line(result_line(result))

    def _abandon(self, superseded: Superseded, *, is_last: bool) -> None:
        """Delete what this run uploaded to a draft that no job uses.

        Raises: DuplicateDraftsError when no restart is left, GitHubError.
        """
        self._orphans.abandon(superseded.before, self._journal.outcome.results, self._github)
        if is_last:
            raise DuplicateDraftsError(superseded.by.tag, superseded.by.html_url)
        self._reporter.line(
            f"draft {superseded.before.id} is superseded by {superseded.by.id}, which other jobs use"
        )
