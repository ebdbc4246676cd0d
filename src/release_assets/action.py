"""Door for GitHub Actions: environment in, runner commands out."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from actions_toolkit import core
from actions_toolkit.command import harmless
from actions_toolkit.context import Context
from release_assets import inputs as reading
from release_assets import report
from release_assets.checksums import lines
from release_assets.connect import connect
from release_assets.contract import DEFAULTS
from release_assets.errors import CancelledRunError, ReleaseAssetsError, each
from release_assets.foreign import REPLACEMENTS
from release_assets.outcome import Outcome, exit_code
from release_assets.paths import mounts
from release_assets.publish import publish
from release_assets.stop import Stop, run_until_stopped

CHECKSUMS_DIRECTORY = ".release-assets"
"""Where `checksums-file` is written, seen from the workspace; git is told to ignore it."""


class RunnerSay:
    """Tells a run in the log of a step."""

    def line(self, text: str) -> None:
        """Write a line."""
        core.info(harmless(text))

    def warning(self, title: str, text: str) -> None:
        """Write an annotation."""
        core.warning(harmless(text), title=title)

    def debug(self, text: str) -> None:
        """Write a line that shows when step debugging is on."""
        core.debug(harmless(text))

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold the lines until the end of the context."""
        core.start_group(harmless(title, one_line=True))
        try:
            yield
        finally:
            core.end_group()


def main() -> int:
    """Run once and return the exit code of the container: 0 done, 1 failed, 130 or 143 cancelled."""
    try:
        return _run()
    except Exception as error:  # noqa: BLE001 - a bug: told as one, never as a traceback
        core.debug(harmless("".join(traceback.format_exception(error))))
        core.error(
            harmless(
                f"this is a bug in publish-release-assets ({type(error).__name__}). "
                "To fix: please report it, with the log of a run with debug logging on"
            ),
            title="Bug",
        )
        return 1


def _run() -> int:
    values = {name: core.get_input(name) for name in (*DEFAULTS, *REPLACEMENTS)}
    if values["token"]:
        core.set_secret(values["token"])
    job = _job()
    outcome = Outcome()
    stop = Stop()
    ended = True
    try:
        asked = reading.parse(values, job)
        github = connect(asked, os.environ, RunnerSay(), stop)
        ended = run_until_stopped(lambda: publish(asked, github, RunnerSay(), outcome), stop)
    except ReleaseAssetsError as error:
        outcome.errors = each(error)
    if not ended:
        outcome.errors = (CancelledRunError(),)
    _report(outcome, job.workspace, summary=values["summary"] != "false")
    code = exit_code(outcome, stop.signal)
    if not ended:
        # Threads that still wait for an answer must not hold up the end.
        sys.stdout.flush()
        os._exit(code)
    return code


def _report(outcome: Outcome, workspace: str, *, summary: bool) -> None:
    """Write outputs, summary, the closing line and the one annotation of all errors."""
    for name, value in report.outputs(outcome).items():
        core.set_output(name, value)
    core.set_output("checksums-file", _write_checksums(outcome, Path(workspace)))
    if summary:
        core.summary.add_raw(report.summary(outcome)).write()
    RunnerSay().line(report.totals(outcome))
    if outcome.errors:
        title, message = report.annotation(outcome.errors)
        core.error(harmless(message), title=title)


def _job() -> reading.Job:
    context = Context(os.environ)
    event = context.payload.get("release")
    release = event if isinstance(event, dict) else {}
    event_id, event_tag = release.get("id"), release.get("tag_name")
    return reading.Job(
        api_url=context.api_url,
        workspace=os.environ.get("GITHUB_WORKSPACE") or os.getcwd(),  # noqa: PTH109
        ref=context.ref,
        event_release_id=event_id if isinstance(event_id, int) else None,
        event_tag=event_tag if isinstance(event_tag, str) else None,
        # The workspace is named after the job's own repository, whatever is published to.
        seen=mounts(os.environ, os.environ.get("GITHUB_REPOSITORY", "")),
    )


def _write_checksums(outcome: Outcome, workspace: Path) -> str:
    """Write the SHA-256 of the files that stand, and return the path seen from the workspace.

    Empty when nothing stands. The content is in the name, so that a second use of the action in
    the same job leaves the first one's file alone.
    """
    digests = report.digests(outcome)
    if not digests:
        return ""
    content = lines(digests).encode()
    directory = workspace / CHECKSUMS_DIRECTORY
    path = directory / f"sha256sums-{sha256(content).hexdigest()[:12]}.txt"
    try:
        directory.mkdir(exist_ok=True)
        (directory / ".gitignore").write_text("*\n", encoding="utf-8")
        path.write_bytes(content)
    except OSError as error:
        RunnerSay().warning("Checksums not written", f"{path}: {error.strerror}")
        return ""
    return path.relative_to(workspace).as_posix()
