"""One command, start to end: read what is asked, connect, do it until told to stop, tell."""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from actions_toolkit.command import harmless, write_line
from release_assets.cli import inputs as asked
from release_assets.cli import repository as place
from release_assets.cli.errors import UsageError
from release_assets.cli.terminal import TerminalReporter, printable, result
from release_assets.cli.wording import reworded, sentence
from release_assets.errors import BugError, CancelledRunError, ReleaseAssetsError, as_errors
from release_assets.github import GitHub, connect_github
from release_assets.inputs import Inputs
from release_assets.models import Asset, Release
from release_assets.plan import ReleaseNotFoundError
from release_assets.publish import assets_of, find_release
from release_assets.redact import redacted
from release_assets.stop import Stop, run_until_stopped

DONE, FAILED, USAGE = 0, 1, 2


@dataclass(slots=True, kw_only=True)
class CommandReport:
    """What a command came to; filled in as it goes, so that it is true whenever it ends."""

    document: dict[str, object] = field(default_factory=dict)  # of --json
    lines: list[str] = field(default_factory=list)  # of standard output without --json
    closing: str = ""  # the last line on standard error
    errors: tuple[ReleaseAssetsError, ...] = ()


Command = Callable[[Inputs, GitHub, TerminalReporter, CommandReport], None]
"""Does the work and fills in what is told. Raises: ReleaseAssetsError."""


def run_command(
    options: argparse.Namespace,
    command: Command,
    resolve: Callable[[CommandReport], None] = lambda _: None,
    reporter_class: type[TerminalReporter] = TerminalReporter,
    wrong_usage: Sequence[UsageError] = (),
) -> int:
    """Run a command, and return the exit code.

    settle: completes what is told once the work has ended, however it did. wrong_usage: what the
    command itself has found, to be told with the rest.
    """
    reporter = _reporter(options, reporter_class)
    stop, command_report = Stop(), CommandReport()
    command_report.errors = tuple(wrong_usage)
    try:
        inputs = asked.read(options, os.environ)
        github = connect_github(inputs, os.environ, reporter, stop)
    except Exception as error:  # noqa: BLE001 - whatever it is, the document follows
        command_report.errors += errors_of(error)
    if command_report.errors:
        _write_report(command_report, options, reporter)
        return FAILED if any(isinstance(one, BugError) for one in command_report.errors) else USAGE

    def work() -> None:
        try:
            command(inputs, github, reporter, command_report)
        except BrokenPipeError:
            raise  # nobody reads what would follow
        except Exception as error:  # noqa: BLE001 - whatever it is, the document follows
            command_report.errors += errors_of(error)

    try:
        ended = run_until_stopped(work, stop)
    finally:
        reporter.close()
    if not ended:
        command_report.errors = (CancelledRunError(),)
    try:
        resolve(command_report)
    except Exception as error:  # noqa: BLE001 - whatever it is, the document follows
        command_report.errors += errors_of(error)
    _write_report(command_report, options, reporter)
    code = _exit_code(command_report, stop.signal)
    if not ended:
        # Threads that still wait for an answer must not hold up the end.
        sys.stdout.flush()
        os._exit(code)
    return code


def errors_of(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the errors to report of an exception; of an unforeseen one, show where it is from.

    That is only shown with RELEASE_ASSETS_DEBUG set.
    """
    if not isinstance(error, ReleaseAssetsError) and os.environ.get("RELEASE_ASSETS_DEBUG"):
        trace = "".join(traceback.format_exception(error))
        shown = harmless(redacted(trace, place.tokens(os.environ)))
        sys.stderr.write(printable(shown, sys.stderr))
    return as_errors(error)


def find(inputs: Inputs, github: GitHub) -> tuple[Release, tuple[Asset, ...]]:
    """Return the release that is named, and its assets.

    Raises: ReleaseNotFoundError, GitHubError.
    """
    release = find_release(inputs, github)
    if release is None:
        raise ReleaseNotFoundError(
            f"there is no release of `{inputs.tag}`",
            where=inputs.repository,
            fix="correct --tag or --repository; a draft shows only to a token that may write",
        )
    return release, assets_of(release, github)


def release_document(release: Release) -> dict[str, object]:
    """Return a release as JSON tells it."""
    return {
        "id": release.id,
        "tag": release.tag,
        "name": release.name,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": release.immutable,
        "html_url": release.html_url,
    }


def asset_document(asset: Asset) -> dict[str, object]:
    """Return an asset as JSON tells it."""
    return {
        "name": asset.name,
        "label": asset.label,
        "id": asset.id,
        "state": asset.state,
        "size": asset.size,
        "digest": asset.digest,
        "content_type": asset.content_type,
        "url": asset.url,
        "browser_download_url": asset.browser_download_url,
        "created_at": asset.created_at,
        "updated_at": asset.updated_at,
    }


def _reporter(
    options: argparse.Namespace, reporter_class: type[TerminalReporter]
) -> TerminalReporter:
    """Return who tells: with bars where somebody watches, and rich is installed."""
    watched = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    if (
        watched
        and reporter_class is TerminalReporter
        and not options.quiet
        and not os.environ.get("CI")
    ):
        try:
            from release_assets.cli.progress_bars import ProgressBarReporter
        except ImportError:
            return TerminalReporter(
                quiet=False, debug=options.debug
            )  # without the extra `progress`
        return ProgressBarReporter(debug=options.debug)
    return reporter_class(quiet=options.quiet, debug=options.debug)


def _write_report(
    command_report: CommandReport, options: argparse.Namespace, reporter: TerminalReporter
) -> None:
    errors = reworded(command_report.errors)
    if options.json:
        keys = ("title", "what", "where", "fix")
        listed = [dict(zip(keys, error, strict=True)) for error in errors]
        document = command_report.document | {"errors": listed}
        # In ASCII, so that nothing in it acts on a terminal, nor in the log of a job.
        write_line(json.dumps(document, indent=2).replace("##[", r"#\u0023["))
    else:
        for line in command_report.lines:
            result(line)
    if command_report.closing:
        reporter.line(command_report.closing)
    for title, what, where, fix in errors:
        reporter.error(title, sentence(what, where, fix))


def _exit_code(command_report: CommandReport, signal: int | None) -> int:
    if not command_report.errors:
        return DONE
    if all(isinstance(error, UsageError) for error in command_report.errors):
        return USAGE
    return FAILED if signal is None else 128 + signal
