"""Runs a command: reads the inputs, connects to GitHub, performs the command, reports."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from release_assets.cli.documents import Document, error_document
from release_assets.cli.errors import UsageError
from release_assets.cli.json_output import json_output
from release_assets.cli.repository import all_tokens
from release_assets.cli.terminal import (
    TerminalReporter,
    print_result,
    printable,
)
from release_assets.errors import BugError, CancelledRunError, ReleaseAssetsError, as_errors
from release_assets.escape import harmless
from release_assets.github import GitHub, connect_github
from release_assets.inputs import Access, Inputs, ReleaseRef
from release_assets.light_dataclasses import dataclass, field
from release_assets.models import Asset, Release
from release_assets.plan import ReleaseNotFoundError
from release_assets.publish import assets_of, find_release
from release_assets.redact import redacted
from release_assets.stop import Stop, exit_at_once, run_until_stopped

DONE, FAILED, USAGE = 0, 1, 2


@dataclass(kw_only=True)
class CommandReport:
    """The result of a command; filled in step by step, so that it is accurate after any error."""

    document: Document = field(default_factory=dict)  # for --json; other fields are null
    lines: list[str] = field(default_factory=list)  # for standard output without --json
    closing: tuple[str, ...] = ()  # the last lines on standard error
    errors: tuple[ReleaseAssetsError, ...] = ()


Subject = TypeVar("Subject", Inputs, ReleaseRef)
Command = Callable[[Subject, GitHub, TerminalReporter, CommandReport], None]
"""Does the work of a command, and fills in the report. Raises: ReleaseAssetsError."""
Read = Callable[[argparse.Namespace, Mapping[str, str]], tuple[Access, Subject]]
"""Reads what a command is about from the options and the environment. Raises: ReleaseAssetsError."""


def run_command(
    options: argparse.Namespace,
    read: Read[Subject],
    command: Command[Subject],
    finish: Callable[[CommandReport], None] = lambda _: None,
    reporter_class: type[TerminalReporter] = TerminalReporter,
    usage_errors: Sequence[UsageError] = (),
) -> int:
    """Run a command, and return the exit code.

    finish: completes the report after the command, even if it has failed. usage_errors: errors
    that the command has found in its options, to be reported with all others.

    Raises: UsageError or MultipleErrors for a wrong --json or --jq.
    """
    run = _CommandRun(options, reporter_class, usage_errors)
    connected = run.connect(read)
    if connected is None:
        return run.end_unconnected()
    run.perform(command, *connected)
    return run.end(finish)


class _CommandRun:
    """A run of a command: its report, and how it is cancelled."""

    def __init__(
        self,
        options: argparse.Namespace,
        reporter_class: type[TerminalReporter],
        usage_errors: Sequence[UsageError],
    ) -> None:
        self._options = options
        self._reporter = _create_reporter(options, reporter_class)
        self._stop = Stop()
        self._json = json_output(options)
        self._report = CommandReport(errors=tuple(usage_errors))
        self._is_complete = True  # False: threads still wait for a response

    def connect(self, read: Read[Subject]) -> tuple[Subject, GitHub] | None:
        """Return what the command is about, and GitHub; None if there are errors."""
        connected = None
        with self._reporting_errors():
            access, subject = read(self._options, os.environ)
            github = connect_github(access, os.environ, self._reporter, self._stop)
            connected = subject, github
        return None if self._report.errors else connected

    def end_unconnected(self) -> int:
        """Write the report without a run of the command, and return the exit code."""
        self._write_report()
        has_bug = any(isinstance(error, BugError) for error in self._report.errors)
        return FAILED if has_bug else USAGE

    def perform(self, command: Command[Subject], subject: Subject, github: GitHub) -> None:
        """Run the command until it ends or the run is cancelled."""

        def work() -> None:
            with self._reporting_errors():
                command(subject, github, self._reporter, self._report)

        try:
            self._is_complete = run_until_stopped(work, self._stop)
        finally:
            self._reporter.close()
        if not self._is_complete:
            self._report.errors = (CancelledRunError(),)

    def end(self, finish: Callable[[CommandReport], None]) -> int:
        """Finish and write the report, and return the exit code."""
        with self._reporting_errors():
            finish(self._report)
        self._write_report()
        code = _exit_code(self._report, self._stop.signal)
        if not self._is_complete:
            exit_at_once(code)
        return code

    def _write_report(self) -> None:
        """Write results to standard output, then totals and errors to standard error."""
        with self._reporting_errors():
            if self._json is not None:
                errors = [error_document(error) for error in self._report.errors]
                self._json.write(self._report.document | {"errors": errors})
            else:
                for line in self._report.lines:
                    print_result(line)
        for line in self._report.closing:
            self._reporter.line(line)
        for error in self._report.errors:
            self._reporter.error(error)

    @contextmanager
    def _reporting_errors(self) -> Iterator[None]:
        """Add what the context raises to the report, which is written after any error."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the report must be written after any error
            self._report.errors += errors_of(error)


def errors_of(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the errors to report for an exception.

    For an unexpected exception, print the traceback if RELEASE_ASSETS_DEBUG is set.
    """
    if not isinstance(error, ReleaseAssetsError) and os.environ.get("RELEASE_ASSETS_DEBUG"):
        trace = "".join(traceback.format_exception(error))
        shown = harmless(redacted(trace, all_tokens(os.environ)))
        sys.stderr.write(printable(shown, sys.stderr))
    return as_errors(error)


def get_release(ref: ReleaseRef, github: GitHub) -> tuple[Release, tuple[Asset, ...]]:
    """Return the release that is meant, and its assets.

    Raises: ReleaseNotFoundError, GitHubError.
    """
    if ref.tag is None and ref.id is None:
        release = github.find_latest_release()
        what = "there is no latest release"
        fix = "name a release by its tag: a draft or a prerelease is never the latest one"
    else:
        release = find_release(ref, github)
        what = f"there is no release `{ref.tag}`"
        fix = (
            "correct the tag, which is the first argument, or --repo; only a token that may write "
            "shows drafts"
        )
    if release is None:
        raise ReleaseNotFoundError(what, where=github.repository, fix=fix)
    return release, assets_of(release, github)


def _create_reporter(
    options: argparse.Namespace, reporter_class: type[TerminalReporter]
) -> TerminalReporter:
    """Return a reporter: with progress bars on a terminal, if rich is installed."""
    has_terminal = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    if (
        has_terminal
        and reporter_class is TerminalReporter
        and not options.quiet
        and not os.environ.get("CI")
    ):
        try:
            from release_assets.cli.progress_bars import ProgressBarReporter
        except ImportError:
            # The extra `progress` is not installed.
            return TerminalReporter(quiet=False, debug=options.debug)
        return ProgressBarReporter(debug=options.debug)
    return reporter_class(quiet=options.quiet, debug=options.debug)


def _exit_code(report: CommandReport, signal: int | None) -> int:
    if not report.errors:
        return DONE
    if all(error.is_usage for error in report.errors) and not report.document.get("changed"):
        return USAGE
    return FAILED if signal is None else 128 + signal
