"""Runs all stages in order: discover, decide, upload, finalize, and read back."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from threading import Semaphore

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Release, Result
from release_assets.plan import CreateRelease, DuplicateDraftsError, is_ours, max_concurrent_swaps
from release_assets.publish.decide import Decision, decide
from release_assets.publish.discover import Discovery, discover
from release_assets.publish.drafts import create_draft
from release_assets.publish.duplicate_drafts import delete_orphans
from release_assets.publish.file_errors import file_errors_of
from release_assets.publish.finalize import Finalizer
from release_assets.publish.plan_reporter import PlanReporter
from release_assets.publish.release_lookup import failed_since_deleted
from release_assets.publish.upload import perform_all
from release_assets.publish.upload_context import UploadContext
from release_assets.publish.view import ReleaseView, Superseded, assets_of
from release_assets.report import (
    Created,
    Ended,
    Failed,
    FileDone,
    Journal,
    Outcome,
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
        self._orphans: set[int] = set()  # ids of drafts that this run created and no job uses
        self._deleted: set[int] = set()  # ids of assets that this run deleted from these drafts

    def run(self) -> None:
        """Run to the end, and report orphaned drafts and errors."""
        clock = self._github.session.clock
        started = clock.elapsed()
        self._journal.append(Started(tag=self._inputs.release_ref.tag))
        try:
            try:
                self._run_until_settled()
            finally:
                tag = (
                    self._inputs.release_ref.tag or ""
                )  # with an id alone the run creates no draft
                delete_orphans(self._orphans, tag, self._deleted, self._github, self._reporter)
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
                release = self._outcome.release
                if release is None or is_last:
                    raise
                if not failed_since_deleted(single_errors(error), release, self._github):
                    raise
                self._reporter.line(
                    f"release {release.id} is gone: looking for {release.tag} again"
                )
            else:
                if superseded is None:
                    return
                self._abandon(superseded, is_last=is_last)
            self._journal.append(Restarted())

    def _run_once(self) -> Superseded | None:
        """Perform all stages, and return what supersedes the release, if anything does.

        Raises: ReleaseAssetsError.
        """
        inputs, github = self._inputs, self._github
        found = discover(inputs, github, self._reporter)
        if found.release is not None:
            self._journal.append(ReleaseRead(release=found.release))
        elif inputs.names_files and not found.files:
            self._plan_reporter.report_warnings(found.warnings)
            self._reporter.line("no files, and no release: nothing is created")
            return None
        assets = assets_of(found.release, github) if found.release is not None else ()
        decision = decide(found, found.release, assets, inputs, github)
        self._plan_reporter.report(decision)
        raise_all(decision.refusals)
        if inputs.dry_run or decision.release_plan.skips:
            return None
        release, decision = self._get_or_create_release(found, decision)
        self._orphans.discard(release.id)
        if self._on_start is not None and (decision.writes or inputs.checksums):
            self._on_start(release.id, decision.wanted(inputs.checksums))
        context = self._context(found, release, decision)
        steps = decision.plan.steps
        with self._reporter.group("Publish") if len(steps) > _FOLD_STEPS else nullcontext():
            perform_all(steps, context, self._report_result)
        raise_all(file_errors_of(self._outcome))
        view = ReleaseView(
            release=release, tag=found.desired.tag, by_id=inputs.release_ref.id is not None
        )
        return Finalizer(inputs, found, decision, context, self._journal, view).finalize()

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
        agreed = create_draft(
            step,
            self._inputs,
            self._github,
            self._reporter,
            expected=expected,
            created=lambda draft: self._journal.append(Created(release=draft)),
        )
        self._orphans |= set(agreed.orphans)
        release = agreed.release
        if agreed.created:
            return release, decision
        self._reporter.line(f"release {release.id} was created by another job, and is used")
        if agreed.orphans:
            self._journal.append(Restarted())
        self._journal.append(ReleaseRead(release=release))
        return release, self._decide_for(release, found, decision)

    def _decide_for(self, release: Release, found: Discovery, before: Decision) -> Decision:
        """Return the decision for a release that another job created, and report it.

        Raises: ReleaseAssetsError.
        """
        assets = assets_of(release, self._github)
        decision = decide(
            found, release, assets, self._inputs, self._github, digests=before.digests
        )
        self._plan_reporter.report(decision)
        raise_all(decision.refusals)
        return decision

    def _context(self, found: Discovery, release: Release, decision: Decision) -> UploadContext:
        return UploadContext(
            github=self._github,
            release=release,
            files=found.files,
            overwrite=self._inputs.overwrite,
            verify_by_download=self._inputs.verify == "download",
            reporter=self._reporter,
            digests=decision.digests,
            known_ids={asset.id for asset in decision.assets},
            swaps=Semaphore(max_concurrent_swaps(decision.plan.steps, decision.assets)),
        )

    def _report_result(self, number: int, result: Result) -> None:
        self._journal.append(FileDone(number=number, result=result))
        self._reporter.line(result_line(result))

    def _abandon(self, superseded: Superseded, *, is_last: bool) -> None:
        """Delete what this run uploaded to a draft that no job uses.

        Raises: DuplicateDraftsError when no restart is left, GitHubError.
        """
        for result in self._outcome.results:
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
