"""Ends a run in a step: outputs, summary and annotation, none at the cost of another."""

import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from actions_toolkit import core
from actions_toolkit.command import harmless
from actions_toolkit.summary import SummaryTooLargeError
from release_assets.action.runner import RunnerReporter, explained_at, workspace
from release_assets.action.workspace_file import write_files
from release_assets.digest import checksum_lines
from release_assets.errors import ReleaseAssetsError, as_errors
from release_assets.redact import redacted
from release_assets.report import (
    Outcome,
    annotation,
    asset_digests,
    is_annotation_cut,
    job_summary,
    step_outputs,
    totals_line,
)

CHECKSUMS_DIRECTORY = ".release-assets"
"""Where `checksums-file` is written, seen from the workspace; git is told to ignore it."""


def report_run(outcome: Outcome, *, summary: bool) -> tuple[ReleaseAssetsError, ...]:
    """Write outputs, summary, the closing line and the one annotation of all errors.

    Return all errors, those of reporting itself too. Never raises: what goes wrong with one part
    leaves the others as they are.
    """
    errors = outcome.errors + _unforeseen(lambda: _write_outputs(outcome))
    if summary:
        whole = replace(outcome, errors=errors)
        errors += _unforeseen(lambda: _write_summary(whole))
    errors += _unforeseen(lambda: RunnerReporter().line(totals_line(outcome)))
    annotate(errors)
    return errors


def errors_of(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the errors to report of an exception; of an unforeseen one, log where it is from."""
    if not isinstance(error, ReleaseAssetsError):
        trace = "".join(traceback.format_exception(error))
        core.debug(harmless(redacted(trace, [core.get_input("token")])))
    return as_errors(error)


def annotate(errors: Sequence[ReleaseAssetsError]) -> None:
    """Report all errors in one annotation; in lines before it, where GitHub would cut it."""
    if not errors:
        return
    if is_annotation_cut(errors):
        for error in errors:
            RunnerReporter().line(f"{error.title}: {error}")
    title, message = annotation(errors)
    core.error(harmless(message), title=title)


def write_for_runner(variable: str, lost: str, write: Callable[[], object]) -> None:
    """Write to the file that a variable of the runner names; warn where that is not possible.

    Such a file is only a report: without it, the release is still what it is.

    lost: what is missing then, as the subject of a sentence.
    """
    if variable not in os.environ:
        # Outside of a step, as with `docker run`, nobody reads it.
        RunnerReporter().debug(f"there is no {variable}, and so {lost} missing")
        return
    if not os.environ[variable]:
        why = f"the variable `{variable}` is empty"
    else:
        try:
            write()
        except (OSError, SummaryTooLargeError) as error:
            reason = getattr(error, "strerror", None) or error
            why = f"the file that `{variable}` names cannot be written ({reason})"
        else:
            return
    RunnerReporter().warning(
        "Runner file not written",
        f"{why}, and so {lost} missing. To fix: let the container run as root, as runners start "
        "it, and see that the runner's disk has room",
    )


def _unforeseen(write: Callable[[], None]) -> tuple[ReleaseAssetsError, ...]:
    """Write a part of the report, and return the error of an unforeseen exception."""
    try:
        write()
    except Exception as error:  # noqa: BLE001 - the other parts of the report must follow
        return errors_of(error)
    return ()


def _write_outputs(outcome: Outcome) -> None:
    outputs = step_outputs(outcome)
    outputs["checksums-file"] = _write_checksums(outcome)

    def write() -> None:
        for name, value in outputs.items():
            core.set_output(name, value)

    write_for_runner("GITHUB_OUTPUT", "outputs of this step are", write)


def _write_summary(outcome: Outcome) -> None:
    page = job_summary(outcome, explained_at())

    def write() -> None:
        core.summary.empty_buffer().add_raw(page).write()

    write_for_runner("GITHUB_STEP_SUMMARY", "the job summary is", write)


def _write_checksums(outcome: Outcome) -> str:
    """Write the SHA-256 of the files that stand, and return the path seen from the workspace.

    Empty when nothing stands. The content is in the name, so that a second use of the action in
    the same job leaves the first one's file alone.
    """
    digests = asset_digests(outcome)
    if not digests:
        return ""
    content = checksum_lines(digests).encode()
    name = f"sha256sums-{sha256(content).hexdigest()[:12]}.txt"
    path = f"{CHECKSUMS_DIRECTORY}/{name}"
    try:
        write_files(workspace(), CHECKSUMS_DIRECTORY, {".gitignore": b"*\n", name: content})
    except OSError as error:
        RunnerReporter().warning(
            "Checksums not written",
            f"{path} cannot be written ({error.strerror or error}), and so the output "
            "`checksums-file` is empty. To fix: let this step write into the workspace, and "
            f"remove what is in the place of `{CHECKSUMS_DIRECTORY}`",
        )
        return ""
    return path
