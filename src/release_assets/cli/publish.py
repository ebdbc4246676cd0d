"""`publish` and `plan`: publish files to a release, or show the plan."""

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from release_assets.cli.inputs import read_inputs
from release_assets.cli.options import add_access, add_inputs, add_output, add_release
from release_assets.cli.run import CommandReport, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.digest import Digest
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.plan import has_upload
from release_assets.publish import publish
from release_assets.report import Journal, Outcome, plan_lines, step_outputs, totals_line
from release_assets.wording import in_terminal

TITLE = "upload files to a release"
PLAN_TITLE = "show what publish would do, and change nothing"

EXAMPLES = """\
examples:
  # Create the release of an existing tag, with two kinds of files and a list of checksums
  release-assets publish --tag v1.2.0 --checksums SHA256SUMS 'dist/*.whl' 'dist/*.tar.gz'

  # Replace changed files; each old asset stays until the new one is verified
  release-assets publish --tag nightly --overwrite true 'build/*.zip'

  # Rename a file, and exclude test builds
  release-assets publish --tag v1.2.0 'app => app-linux-x86_64' 'dist/**' '!dist/test-*'

  # Show what would happen
  release-assets plan --tag v1.2.0 'dist/*'

Quote patterns, so that the program expands them and not the shell. `**`, `{a,b}` and `!` then
mean the same in every shell. Standard output gets the download URLs, one per line."""

PLAN_EXAMPLES = """\
examples:
  release-assets plan --tag v1.2.0 'dist/*'
  release-assets plan --tag v1.2.0 'dist/*' --json | jq -r '.plan.steps[] | .action + " " + .name'

Exit code 1 means that publish would fail. The errors say why."""

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "files": ("manifest", "working-directory", "if-no-files-found"),
    "existing assets": ("overwrite", "prune", "checksums"),
    "release settings": (
        *("create", "if-release-exists", "title", "notes", "notes-file", "generate-notes"),
        *("previous-tag", "prerelease", "target", "make-latest", "discussion-category"),
    ),
    "publishing": ("publish", "expect"),
    "uploads": ("verify", "concurrency"),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of publish."""
    _add_options(parser)
    parser.add_argument("--dry-run", action="store_true", help="The same as the command `plan`.")
    parser.set_defaults(run=run)


def add_plan_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of plan, which are those of publish."""
    _add_options(parser)
    parser.set_defaults(run=run, dry_run=True)


def run(options: argparse.Namespace) -> int:
    """Publish or plan, and return the exit code."""
    is_plan = options.dry_run
    options.dry_run = "true" if is_plan else "false"
    publication = _Publication(is_plan=is_plan)
    reporter_class = PlanReporter if is_plan else TerminalReporter
    return run_command(
        options, read_inputs, publication.perform, publication.finish, reporter_class
    )


class _Publication:
    """A run of `publish` or `plan`, and its journal."""

    def __init__(self, *, is_plan: bool) -> None:
        self._is_plan = is_plan
        self._journal = Journal()

    def perform(
        self, inputs: Inputs, github: GitHub, reporter: TerminalReporter, _report: CommandReport
    ) -> None:
        """Publish or plan; errors are in the journal."""

        def start_progress(_release: int, _files: Mapping[str, Digest | None]) -> None:
            plan = self._journal.outcome.plan
            sizes = [step.file.size for step in plan.steps if has_upload(step)] if plan else []
            reporter.start_progress(len(sizes), sum(sizes))

        publish(inputs, github, reporter, self._journal, start_progress)

    def finish(self, report: CommandReport) -> None:
        """Fill in the report from the journal."""
        outcome = self._journal.outcome
        report.errors = report.errors or outcome.errors
        report.document = document(outcome)
        if self._is_plan:
            lines = plan_lines(outcome.plan, outcome.release_plan) if outcome.plan else ()
            report.lines = list(lines)
            return
        report.closing = totals_line(outcome) if outcome.plan or not report.errors else ""
        if not report.errors and outcome.results:
            report.lines = step_outputs(outcome)["urls"].split("\n")


def document(outcome: Outcome) -> dict[str, object]:
    """Return the outputs of the action, with the types of JSON."""
    outputs = step_outputs(outcome)
    return {
        **outputs,
        "release-id": outcome.release.id if outcome.release else None,
        "published": outcome.published,
        "changed": outcome.changed,
        "draft": outcome.release.draft if outcome.release else None,
        "immutable": outcome.release is not None and outcome.release.immutable,
        "missing": list(outcome.missing),
        "urls": outputs["urls"].split("\n") if outputs["urls"] else [],
        **{name: json.loads(outputs[name]) for name in ("assets", "asset-urls", "plan")},
        "warnings": [in_terminal(warning) for warning in outcome.warnings],
    }


class PlanReporter(TerminalReporter):
    """Does not print the plan, because the result on standard output is the plan."""

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Print the lines of a group, unless the group is the plan."""
        before = self._quiet
        self._quiet = before or title == "Plan"
        try:
            yield
        finally:
            self._quiet = before


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        metavar="PATTERN",
        help="Files to publish: `dist/*.zip`, `**`, `{a,b}`; `!pattern` excludes, "
        "`pattern => name` renames a single match",
    )
    add_release(parser)
    for title, names in _GROUPS.items():
        add_inputs(parser.add_argument_group(title), names)
    add_access(parser)
    add_output(parser)
