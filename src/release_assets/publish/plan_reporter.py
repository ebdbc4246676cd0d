"""Reports the plan of a run and its warnings, in the log and in the journal."""

from collections.abc import Sequence

from release_assets.plan import PlanWarning
from release_assets.publish.decide import Decision
from release_assets.report import (
    Journal,
    Planned,
    WarningGiven,
    cost_line,
    plan_lines,
    plan_total,
)
from release_assets.reporter import Reporter
from release_assets.wording import words


class PlanReporter:
    """Reports each plan of a run, and each warning only once."""

    def __init__(self, journal: Journal, reporter: Reporter, *, dry_run: bool) -> None:
        self._journal = journal
        self._reporter = reporter
        self._dry_run = dry_run
        self._warned: set[PlanWarning] = set()

    def report(self, decision: Decision) -> None:
        """Report a plan, and what the inputs ask for that the run does not do."""
        plan, release_plan = decision.plan, decision.release_plan
        self._journal.append(
            Planned(
                plan=plan,
                release_plan=release_plan,
                cost=decision.cost,
                digests=decision.digests,
                only=self._dry_run,
            )
        )
        self.report_warnings(decision.warnings)
        if release_plan.skips:
            self._report_skipped()
        else:
            self._report_plan(decision)

    def _report_skipped(self) -> None:
        release = self._journal.outcome.release
        text = words(
            "the release `{}` exists, and {if-release-exists} is `skip`",
            release.tag if release else "",
        )
        self._reporter.notice("Skipped", text)

    def _report_plan(self, decision: Decision) -> None:
        plan, release_plan = decision.plan, decision.release_plan
        with self._reporter.group("Plan"):
            for line in plan_lines(plan, release_plan):
                self._reporter.line(line)
        self._reporter.line(plan_total(plan, release_plan))
        if self._dry_run and not decision.refusals:
            self._reporter.line(cost_line(decision.cost))

    def report_warnings(self, warnings: Sequence[PlanWarning]) -> None:
        """Report the warnings that this run has not reported yet."""
        for warning in warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                self._journal.append(WarningGiven(text=warning.text))
                self._reporter.warning(warning.title, warning.text)
