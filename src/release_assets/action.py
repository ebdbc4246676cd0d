"""Door for GitHub Actions: environment in, runner commands out."""

import os
import sys
import tempfile
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from actions_toolkit import core
from actions_toolkit.command import harmless
from release_assets import inputs as reading
from release_assets import report
from release_assets.checksums import lines
from release_assets.connect import connect
from release_assets.errors import (
    CancelledRunError,
    ReleaseAssetsError,
    RunnerFileError,
    each,
    raise_all,
)
from release_assets.outcome import Outcome, exit_code
from release_assets.publish import publish
from release_assets.redact import redacted
from release_assets.resume import read_note, resume, write_note
from release_assets.runner import RunnerSay, explained_at, read_job, read_values
from release_assets.stop import Stop, run_until_stopped
from release_assets.summary import summary as job_summary

CHECKSUMS_DIRECTORY = ".release-assets"
"""Where `checksums-file` is written, seen from the workspace; git is told to ignore it."""

_SUMMARY = "GITHUB_STEP_SUMMARY"
_NOTE = "note"  # the state that names the file of _Note


def main() -> int:
    """Run once and return the container's exit code: 0 done, 1 failed, 130 or 143 cancelled."""
    return _guarded(_run)


def post() -> int:
    """Run the container after a failed or cancelled job, and return its exit code."""
    return _guarded(_resume)


def _guarded(run: Callable[[], int]) -> int:
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - a bug: told as one, never as a traceback
        trace = "".join(traceback.format_exception(error))
        core.debug(harmless(redacted(trace, [core.get_input("token")])))
        core.error(
            harmless(
                f"this is a bug in publish-release-assets ({type(error).__name__}). "
                "To fix: please report it, with the log of a run with debug logging on"
            ),
            title="Bug",
        )
        return 1


def _run() -> int:
    values = read_values()
    job = read_job()
    outcome = Outcome()
    note = _Note()
    stop = Stop()
    ended = True
    summary = values["summary"] != "false"
    try:
        _check_runner_files(summary=summary)
        asked = reading.parse(values, job)
        github = connect(asked, os.environ, RunnerSay(), stop)
        ended = run_until_stopped(
            lambda: publish(asked, github, RunnerSay(), outcome, note.write), stop
        )
        outcome.calls = github.session.calls
    except ReleaseAssetsError as error:
        outcome.errors = each(error)
    if not ended:
        outcome.errors = (CancelledRunError(),)
    _report(outcome, job.workspace, summary=summary)
    code = exit_code(outcome, stop.signal)
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

    def write(self, release_id: int, wanted: Mapping[str, str | None]) -> None:
        """Note what is about to be done; without a note the next run still finds what is left."""
        try:
            write_note(self._path, release_id, wanted)
        except OSError as error:
            RunnerSay().debug(f"no note for a clean-up: {error}")
        else:
            core.save_state(_NOTE, str(self._path))

    def remove(self) -> None:
        """Take it away: all is done."""
        self._path.unlink(missing_ok=True)


def _resume() -> int:
    """Finish or undo what a killed container left, going by its note."""
    say = RunnerSay()
    path = core.get_state(_NOTE)
    note = read_note(Path(path)) if path and Path(path).is_file() else None
    if note is None:
        say.line("nothing is left half done")
        return 0
    values = read_values()
    try:
        asked = reading.parse(values, read_job())
        count = resume(connect(asked, os.environ, say, Stop()), *note, say)
    except ReleaseAssetsError as error:
        _annotate(each(error))
        return 1
    say.line("what was left half done is mended" if count else "nothing is left half done")
    return 0


def _report(outcome: Outcome, workspace: str, *, summary: bool) -> None:
    """Write outputs, summary, the closing line and the one annotation of all errors."""
    try:
        for name, value in report.outputs(outcome).items():
            core.set_output(name, value)
        core.set_output("checksums-file", _write_checksums(outcome, Path(workspace)))
    except OSError as error:
        _add_unwritten("GITHUB_OUTPUT", error, outcome)
    if summary:
        try:
            core.summary.add_raw(job_summary(outcome, explained_at())).write()
        except OSError as error:
            _add_unwritten(_SUMMARY, error, outcome)
    RunnerSay().line(report.totals(outcome))
    _annotate(outcome.errors)


def _add_unwritten(variable: str, error: OSError, outcome: Outcome) -> None:
    """Add the error of a file of the runner, unless it was told before anything was done."""
    told = {known.variable for known in outcome.errors if isinstance(known, RunnerFileError)}
    if variable not in told:
        outcome.errors += (RunnerFileError(variable, error.strerror or str(error)),)


def _check_runner_files(*, summary: bool) -> None:
    """Return when what is to be told can be told.

    Raises: RunnerFileError, before anything is sent.
    """
    needed = ("GITHUB_OUTPUT", "GITHUB_STATE", *([_SUMMARY] if summary else []))
    paths = ((variable, os.environ.get(variable)) for variable in needed)
    raise_all(
        [
            RunnerFileError(variable, "it is missing, or not this user's to write")
            for variable, path in paths
            if path and not os.access(path, os.W_OK)
        ]
    )


def _annotate(errors: Sequence[ReleaseAssetsError]) -> None:
    """Tell all errors in one annotation; in lines before it, where GitHub would cut it."""
    if not errors:
        return
    if report.is_cut(errors):
        for error in errors:
            RunnerSay().line(f"{error.title}: {error}")
    title, message = report.annotation(errors)
    core.error(harmless(message), title=title)


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
        RunnerSay().warning(
            "Checksums not written",
            f"{path} cannot be written ({error.strerror or error}), and so the output "
            "`checksums-file` is empty. To fix: let this step write into the workspace",
        )
        return ""
    return path.relative_to(workspace).as_posix()
