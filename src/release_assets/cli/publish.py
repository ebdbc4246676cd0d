"""`publish` and `plan`: publish files to a release, or show the plan."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from release_assets.cli.documents import RELEASE_FIELDS, Document, release_document
from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import name_files, read_inputs
from release_assets.cli.options import (
    add_access,
    add_arguments,
    add_inputs,
    add_output,
    add_release,
)
from release_assets.cli.run import CommandReport, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.digest import Digest
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Result
from release_assets.plan import has_upload
from release_assets.publish import publish
from release_assets.report import Journal, Outcome, plan_document, plan_lines, totals_line
from release_assets.wording import in_terminal

TITLE = "upload files to a release"
PLAN_TITLE = "show what publish would do, and change nothing"

EXAMPLES = """\
examples:
  # Create the release of an existing tag, with two kinds of files and a list of checksums
  release-assets publish v1.2.0 'dist/*.whl' 'dist/*.tar.gz' --checksums SHA256SUMS

  # Replace changed files; each old asset stays until the new one is verified
  release-assets publish nightly 'build/*.zip' --overwrite

  # Label a file, rename another one, and exclude test builds
  release-assets publish v1.2.0 'dist/app.zip#For Linux' 'app => app-x86_64' '!dist/test-*'

  # Create a draft with release notes from another program
  ./changelog v1.2.0 | release-assets publish v1.2.0 'dist/*' --draft --notes-file -

  # Show what would happen
  release-assets plan v1.2.0 'dist/*'

The tag is the argument that cannot be a file: no file has this name, and it is not a pattern.
Quote patterns, so that the program expands them and not the shell. `**`, `{a,b}` and `!` then
mean the same in every shell. In a pipe, standard output gets the download URLs, one per line."""

PLAN_EXAMPLES = """\
examples:
  release-assets plan v1.2.0 'dist/*'
  release-assets plan v1.2.0 'dist/*' --json plan | jq -r '.plan.steps[] | .action + " " + .name'

Exit code 1 means that publish would fail. The errors say why."""

FIELDS = (
    *RELEASE_FIELDS,
    *("published", "changed", "missing", "files", "urls", "plan", "warnings", "errors"),
)

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
    name_files(options)
    errors = tuple(_usage_errors(options))
    publication = _Publication(is_plan=is_plan, is_quiet=options.quiet)
    reporter_class = PlanReporter if is_plan else TerminalReporter
    return run_command(
        options, read_inputs, publication.perform, publication.finish, reporter_class, errors
    )


def _usage_errors(options: argparse.Namespace) -> Iterator[UsageError]:
    if options.verify_tag and options.target:
        yield UsageError(
            "--verify-tag refuses a tag that does not exist, and --target creates it",
            fix="leave one of them out",
        )


class _Publication:
    """A run of `publish` or `plan`, and its journal."""

    def __init__(self, *, is_plan: bool, is_quiet: bool) -> None:
        self._is_plan = is_plan
        self._is_quiet = is_quiet
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
        totals = (totals_line(outcome),) if outcome.plan or not report.errors else ()
        report.closing = totals
        if report.errors or outcome.release is None:
            return
        # The last line of the log has the address of a release that was just published.
        address = [outcome.release.html_url] if self._is_quiet or not outcome.published else []
        if sys.stdout.isatty():
            # The log above shows the files. A list of URLs would scroll the end away.
            report.lines = address
        else:
            report.lines = urls(outcome)
            report.closing = (*address, *totals)


def urls(outcome: Outcome) -> list[str]:
    """Return the download URLs of the assets of this run."""
    assets = [result.asset for result in outcome.results if result.asset is not None]
    return [asset.browser_download_url for asset in assets]


def document(outcome: Outcome) -> Document:
    """Return what the action has in its outputs, with the types of JSON."""
    return release_document(outcome.release) | {
        "published": outcome.published,
        "changed": outcome.changed,
        "missing": list(outcome.missing),
        "files": [_file_document(result) for result in outcome.results],
        "urls": urls(outcome),
        "plan": plan_document(outcome),
        "warnings": [in_terminal(warning) for warning in outcome.warnings],
    }


def _file_document(result: Result) -> Document:
    """Return a file, and its asset if it has one."""
    asset, file = result.asset, result.file
    return {
        "name": asset.name if asset else file.name,
        "path": file.shown,
        "requestedName": file.requested_name,
        "result": result.status,
        "label": asset.label if asset else file.label,
        "size": asset.size if asset else file.size,
        # None unless GitHub reports it, or the asset was read back.
        "digest": asset.digest if asset else None,
        "contentType": asset.content_type if asset else file.content_type,
        "databaseId": asset.id if asset else None,
        "url": asset.browser_download_url if asset else None,
        "apiUrl": asset.url if asset else None,
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
    add_arguments(
        parser,
        "The tag of the release, and the files to publish: `dist/*.zip`, `**`, `{a,b}`; "
        "`!pattern` excludes, `FILE#LABEL` sets a label, `pattern => name` renames a single match",
    )
    add_release(parser)
    groups = {title: parser.add_argument_group(title) for title in _GROUPS}
    for title, names in _GROUPS.items():
        add_inputs(groups[title], names)
    _add_flags_of_gh(groups)
    add_access(parser)
    add_output(parser, FIELDS)


def _add_flags_of_gh(groups: Mapping[str, argparse._ArgumentGroup]) -> None:
    """Add the flags of gh that have another name here."""
    groups["existing assets"].add_argument(
        "--clobber",
        action="store_const",
        dest="overwrite",
        const="true",
        help="The same as --overwrite true, as in gh.",
    )
    groups["release settings"].add_argument(
        "--verify-tag",
        action="store_true",
        help="Fail if the git tag does not exist, as without --target; as in gh.",
    )
    groups["publishing"].add_argument(
        *("-d", "--draft"),
        action="store_const",
        dest="publish",
        const="never",
        help="The same as --publish never: leave a draft; as in gh.",
    )
