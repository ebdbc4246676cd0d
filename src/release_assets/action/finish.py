"""Reports a run in a step: outputs, job summary, annotation; each even if another fails."""

import os
import traceback
from collections.abc import Callable, Sequence
from hashlib import sha256

from actions_toolkit import core
from actions_toolkit.summary import SummaryTooLargeError
from release_assets.action.runner import RunnerReporter, troubleshooting_url, workspace
from release_assets.action.workspace_file import write_files
from release_assets.digest import checksum_lines
from release_assets.errors import ReleaseAssetsError, as_errors
from release_assets.escape import harmless
from release_assets.light_dataclasses import replace
from release_assets.redact import redacted
from release_assets.report import (
    Outcome,
    annotation,
    asset_digests,
    is_annotation_cut,
    step_outputs,
    totals_line,
)

CHECKSUMS_DIRECTORY = ".release-assets"
"""Where `checksums-file` is written, relative to the workspace; git ignores this directory."""


def report_run(outcome: Outcome, *, summary: bool) -> tuple[ReleaseAssetsError, ...]:
    """Write the outputs, the job summary, the last line and one annotation for all errors.

    Return all errors, including those of reporting. Never raises: an error in one part does not
    affect the other parts.
    """
    errors = outcome.errors + _catch_errors(lambda: _write_outputs(outcome))
    if summary:
        with_errors = replace(outcome, errors=errors)
        errors += _catch_errors(lambda: _write_summary(with_errors))
    errors += _catch_errors(lambda: RunnerReporter().line(totals_line(outcome)))
    annotate(errors)
    return errors


def errors_of(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the errors to report for an exception; log the traceback of an unexpected one."""
    if not isinstance(error, ReleaseAssetsError):
        trace = "".join(traceback.format_exception(error))
        core.debug(harmless(redacted(trace, [core.get_input("token")])))
    return as_errors(error)


def annotate(errors: Sequence[ReleaseAssetsError]) -> None:
    """Write one annotation for all errors, and first a line for each if GitHub would cut it."""
    if not errors:
        return
    if is_annotation_cut(errors):
        for error in errors:
            RunnerReporter().line(f"{error.title}: {error}")
    title, message = annotation(errors)
    core.error(harmless(message), title=title)


def write_for_runner(variable: str, lost: str, write: Callable[[], object]) -> None:
    """Write to the file that a variable of the runner names; warn if that is impossible.

    A failure is only a warning, because the release itself is not affected.

    lost: what is missing without the file, as the subject of a sentence.
    """
    if variable not in os.environ:
        # This is not a step, for example with `docker run`: no runner reads the file.
        RunnerReporter().debug(f"there is no {variable}, and so {lost} missing")
    elif why := _failure_to_write(variable, write):
        RunnerReporter().warning(
            "Runner file not written",
            f"{why}, and so {lost} missing. To fix: run the container as root, as GitHub's "
            "runners do, and check that the runner's disk is not full",
        )


def _failure_to_write(variable: str, write: Callable[[], object]) -> str:
    """Write to the file that a variable names, and return why it failed; empty if it did not."""
    if not os.environ[variable]:
        return f"the variable `{variable}` is empty"
    try:
        write()
    except (OSError, SummaryTooLargeError) as error:
        reason = getattr(error, "strerror", None) or error
        return f"the file that `{variable}` names cannot be written ({reason})"
    return ""


def _catch_errors(write: Callable[[], None]) -> tuple[ReleaseAssetsError, ...]:
    """Write a part of the report, and return the errors of an unexpected exception."""
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
    from release_assets.summary import job_summary  # here, so that the uploads start sooner

    page = job_summary(outcome, troubleshooting_url())

    def write() -> None:
        core.summary.empty_buffer().add_raw(page).write()

    write_for_runner("GITHUB_STEP_SUMMARY", "the job summary is", write)


def _write_checksums(outcome: Outcome) -> str:
    """Write the SHA-256 of the published files, and return the path relative to the workspace.

    The path is empty without such files. The file name depends on the content, so that a second
    step with the action does not overwrite the file of the first one.
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
        _warn_of_missing_checksums(path, error)
        return ""
    return path


def _warn_of_missing_checksums(path: str, error: OSError) -> None:
    RunnerReporter().warning(
        "Checksums not written",
        f"{path} cannot be written ({error.strerror or error}), and so the output "
        "`checksums-file` is empty. To fix: let this step write to the workspace, and remove any "
        f"file or link called `{CHECKSUMS_DIRECTORY}`",
    )
