"""Door for GitHub Actions: environment in, runner commands out."""

import os
import sys
import tempfile
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from actions_toolkit import core
from release_assets.action.finish import annotate, errors_of, report_run, write_for_runner
from release_assets.action.runner import RunnerReporter, read_job, read_values
from release_assets.digest import Digest
from release_assets.errors import CancelledRunError, ReleaseAssetsError, single_errors
from release_assets.github import connect_github
from release_assets.inputs import parse_inputs
from release_assets.publish import publish, read_note, repair, write_note
from release_assets.report import Failed, Journal, exit_code
from release_assets.stop import Stop, run_until_stopped

_NOTE = "note"  # the state that names the file of _Note


def main() -> int:
    """Run once and return the container's exit code: 0 done, 1 failed, 130 or 143 cancelled."""
    return _guarded(_run)


def post() -> int:
    """Run the container after a failed or cancelled job, and return its exit code."""
    return _guarded(_resume)


def _guarded(run: Callable[[], int]) -> int:
    """Run, and report what not even the report of a run has survived."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - reported as a bug, never as a traceback
        annotate(errors_of(error))
        return 1


def _run() -> int:
    journal, note, stop = Journal(), _Note(), Stop()
    values: Mapping[str, str] = {}
    ended = True
    try:
        values = read_values()
        asked = parse_inputs(values, read_job(values))
        github = connect_github(asked, os.environ, RunnerReporter(), stop)
        ended = run_until_stopped(
            lambda: publish(asked, github, RunnerReporter(), journal, note.write), stop
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, outputs and summary follow
        journal.append(Failed(errors=errors_of(error)))
    outcome = journal.outcome
    if not ended:
        outcome = replace(outcome, errors=(CancelledRunError(),))
    errors = report_run(outcome, summary=values.get("summary") != "false")
    code = exit_code(errors, stop.signal)
    if code == 0:
        note.remove()
    if not ended:
        # Threads that still wait for an answer must not hold up the end.
        sys.stdout.flush()
        os._exit(code)
    return code


class _Note:
    """Word for the container that cleans up, should this one be killed.

    In a file: a variable has no room for the names of a thousand assets.
    """

    def __init__(self) -> None:
        directory = os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()
        self._path = Path(directory, f"release-assets-{uuid.uuid4().hex}.json")

    def write(self, release_id: int, wanted: Mapping[str, Digest | None]) -> None:
        """Note what is about to be done; without a note the next run still finds what is left."""
        try:
            write_note(self._path, release_id, wanted)
        except OSError as error:
            RunnerReporter().debug(f"no note for a clean-up: {error}")
        else:
            write_for_runner(
                "GITHUB_STATE",
                "the note for the clean-up of a killed job is",
                lambda: core.save_state(_NOTE, str(self._path)),
            )

    def remove(self) -> None:
        """Take it away: all is done."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            RunnerReporter().debug(f"the note for a clean-up stays: {error}")


def _resume() -> int:
    """Finish or undo what a killed container left, going by its note."""
    reporter = RunnerReporter()
    path = core.get_state(_NOTE)
    note = read_note(Path(path)) if path and Path(path).is_file() else None
    if note is None:
        reporter.line("nothing is left half done")
        return 0
    values = read_values()
    try:
        asked = parse_inputs(values, read_job(values))
        count = repair(connect_github(asked, os.environ, reporter, Stop()), *note, reporter)
    except ReleaseAssetsError as error:
        annotate(single_errors(error))
        return 1
    reporter.line("what was left half done is mended" if count else "nothing is left half done")
    return 0
