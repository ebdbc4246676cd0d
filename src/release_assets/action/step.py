"""Entry points of the action: the run itself, and the clean-up after a killed job."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from actions_toolkit import core
from release_assets.action.finish import annotate, errors_of, report_run, write_for_runner
from release_assets.action.runner import RunnerReporter, read_job, read_values
from release_assets.digest import Digest
from release_assets.errors import CancelledRunError, ReleaseAssetsError, single_errors
from release_assets.github import connect_github
from release_assets.inputs import parse_inputs
from release_assets.light_dataclasses import replace
from release_assets.publish import publish, read_note, repair, write_note
from release_assets.report import Failed, Journal, exit_code
from release_assets.stop import Stop, exit_at_once, run_until_stopped

_NOTE = "note"  # name of the state with the path of the note


def main() -> int:
    """Run the action, and return the exit code: 0 done, 1 failed, 130 or 143 cancelled."""
    return _catch_bugs(_run)


def post() -> int:
    """Clean up after a failed or cancelled job, and return the exit code."""
    return _catch_bugs(_clean_up)


def _catch_bugs(run: Callable[[], int]) -> int:
    """Run, and report an exception that prevented the report of the run."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - reported as a bug, never as a traceback
        annotate(errors_of(error))
        return 1


def _run() -> int:
    journal, note, stop = Journal(), _Note(), Stop()
    values: Mapping[str, str] = {}
    is_complete = True
    try:
        values = read_values()
        inputs = parse_inputs(values, read_job(values))
        github = connect_github(inputs.access, os.environ, RunnerReporter(), stop)
        is_complete = run_until_stopped(
            lambda: publish(inputs, github, RunnerReporter(), journal, note.write), stop
        )
    except Exception as error:  # noqa: BLE001 - outputs and summary must be written after any error
        journal.append(Failed(errors=errors_of(error)))
    outcome = journal.outcome
    if not is_complete:
        outcome = replace(outcome, errors=(CancelledRunError(),))
    errors = report_run(outcome, summary=values.get("summary") != "false")
    code = exit_code(errors, stop.signal)
    if code == 0:
        note.remove()
    if not is_complete:
        exit_at_once(code)
    return code


class _Note:
    """The note for the clean-up, in case this container is killed.

    It is a file, because the names of a thousand assets do not fit into a variable.
    """

    def __init__(self) -> None:
        self._path: Path | None = None  # None until it is written

    def write(self, release_id: int, files: Mapping[str, Digest | None]) -> None:
        """Write the planned changes; a failure is harmless, because the next run finds leftovers too."""
        try:
            path = self._path = self._path or _new_note_path()
            write_note(path, release_id, files)
        except OSError as error:
            RunnerReporter().debug(f"no note for a clean-up: {error}")
        else:
            write_for_runner(
                "GITHUB_STATE",
                "the note for the clean-up of a killed job is",
                lambda: core.save_state(_NOTE, str(path)),
            )

    def remove(self) -> None:
        """Delete the note after a complete run."""
        try:
            if self._path is not None:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            RunnerReporter().debug(f"the note for a clean-up stays: {error}")


def _new_note_path() -> Path:
    """Return the path of a new file. Raises: OSError when there is no directory for it."""
    directory = os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    return Path(directory, f"release-assets-{os.urandom(16).hex()}.json")


def _clean_up() -> int:
    """Finish or roll back the changes of a killed container, using its note."""
    reporter = RunnerReporter()
    path = core.get_state(_NOTE)
    note = read_note(Path(path)) if path and Path(path).is_file() else None
    if note is None:
        reporter.line("there is nothing to repair")
        return 0
    values = read_values()
    try:
        inputs = parse_inputs(values, read_job(values))
        count = repair(connect_github(inputs.access, os.environ, reporter, Stop()), *note, reporter)
    except ReleaseAssetsError as error:
        annotate(single_errors(error))
        return 1
    reporter.line("repaired what the killed run left" if count else "there is nothing to repair")
    return 0
