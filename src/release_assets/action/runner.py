"""The runner: inputs, event and job of a step, and the log."""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from actions_toolkit import core
from actions_toolkit.context import Context
from release_assets.escape import harmless
from release_assets.files import MIB, read_text
from release_assets.inputs import (
    DEFAULTS,
    REPLACEMENTS,
    InputFileError,
    Job,
    VariableError,
    find_mounts,
    is_api_address,
    with_slashes,
)
from release_assets.report import ProgressLines
from release_assets.text import is_utf8

_USER = "//[^/]*@"  # may contain a password
_MAX_EVENT_BYTES = 64 * MIB
"""Maximum size of the file with the event; GitHub limits events to 25 MB.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
"""


class RunnerReporter:
    """Writes the log of a step."""

    def __init__(self) -> None:
        self.shows_debug = core.is_debug()  # otherwise the runner would discard the lines
        self._progress = ProgressLines(self.line)

    def line(self, text: str) -> None:
        """Write a line."""
        core.info(harmless(text))

    def warning(self, title: str, text: str) -> None:
        """Write a warning as an annotation."""
        core.warning(harmless(text), title=title)

    def notice(self, title: str, text: str) -> None:
        """Write a notice as an annotation."""
        core.notice(harmless(text), title=title)

    def debug(self, text: str) -> None:
        """Write a line if debug logging is on."""
        if self.shows_debug:
            core.debug(harmless(text))

    def moved(self, name: str, done: int, size: int) -> None:
        """Write the progress of a large file from time to time."""
        self._progress.moved(name, done, size)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold the lines of the context."""
        core.start_group(harmless(title, one_line=True))
        try:
            yield
        finally:
            core.end_group()


def read_values() -> dict[str, str]:
    """Return all inputs of the step, and mask the token first.

    Unknown inputs are included, in lower case: the runner passes all keys of `with`.
    """
    values = {name: core.get_input(name) for name in (*DEFAULTS, *REPLACEMENTS)}
    if values["token"]:
        core.set_secret(values["token"])
    known = {f"INPUT_{name.upper()}" for name in values}
    values |= {
        name[6:].lower(): value
        for name, value in os.environ.items()
        if name.startswith("INPUT_") and name not in known
    }
    # Patterns use slashes, but `${{ github.workspace }}` has backslashes on Windows.
    values["files"] = with_slashes(values["files"], windows=sys.platform == "win32")
    return values


def workspace() -> Path:
    """Return the directory that the paths of inputs start from."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or os.getcwd())  # noqa: PTH109


def read_job(values: Mapping[str, str]) -> Job:
    """Return the context of the run: the API, the workspace, and the release of the event.

    values: the inputs. If they or the pushed tag name the release, an event that cannot be read
    is ignored with a warning.

    Raises: VariableError.
    """
    context = Context(os.environ)
    api_url = _api_url(context)
    event_id, event_tag = _release_of_event(values, context)
    return Job(
        api_url=api_url,
        workspace=str(workspace()),
        ref=context.ref,
        event_release_id=event_id,
        # A re-run has the same id, but its inputs may have been corrected.
        run=f"{context.run_id}-{context.run_attempt}" if context.run_id else "",
        event_tag=event_tag,
        # The workspace is named after the repository of the job, not after `repository`.
        mounts=find_mounts(os.environ, os.environ.get("GITHUB_REPOSITORY", "")),
    )


def _api_url(context: Context) -> str:
    """Return the address of the API. Raises: VariableError."""
    url = context.api_url or "https://api.github.com"
    if not is_api_address(url):
        raise VariableError(
            "GITHUB_API_URL",
            re.sub(_USER, "//***@", url),
            ", which is not the address of an API",
            "set https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise Server",
        )
    return url


def _release_of_event(values: Mapping[str, str], context: Context) -> tuple[int | None, str | None]:
    """Return id and tag of the release in the event, as far as it has them.

    Raises: VariableError when the event cannot be read, and nothing else names the release.
    """
    try:
        release = _read_event().get("release")
    except VariableError as error:
        if not _is_release_named(values, context):
            raise
        RunnerReporter().warning("Event not read", str(error))
        return None, None
    found = release if isinstance(release, dict) else {}
    number, tag = found.get("id"), found.get("tag_name")
    return (
        number if isinstance(number, int) else None,
        tag if isinstance(tag, str) and is_utf8(tag) else None,
    )


def _is_release_named(values: Mapping[str, str], context: Context) -> bool:
    """Say whether the inputs or the pushed tag name the release."""
    is_pushed = context.ref.startswith("refs/tags/") and context.event_name != "release"
    return is_pushed or bool(values["tag"].strip() or values["release-id"].strip())


def _read_event() -> Mapping[str, object]:
    """Return the event that started the workflow; empty if the runner names none.

    Raises: VariableError when it cannot be read.
    """
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        event = json.loads(read_text("GITHUB_EVENT_PATH", Path(path), _MAX_EVENT_BYTES))
    except InputFileError as error:
        raise _event_error(path, f"cannot be read: {error.why}") from error
    except (ValueError, RecursionError) as error:
        raise _event_error(path, "is not JSON") from error
    if not isinstance(event, dict):
        raise _event_error(path, "is not a JSON object")
    return event


def _event_error(path: str, why: str) -> VariableError:
    fix = "leave the variable as the runner sets it, or set `tag`"
    return VariableError("GITHUB_EVENT_PATH", path, f", and that file {why}", fix)


def troubleshooting_url() -> str:
    """Return the URL of the page about errors for this version of the action; empty if unknown.

    On another server than github.com, it is unknown on which server the action's repository is.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    (GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF; both empty for an action of the workspace)
    """
    repository = os.environ.get("GITHUB_ACTION_REPOSITORY", "")
    version = os.environ.get("GITHUB_ACTION_REF", "")
    server = os.environ.get("GITHUB_SERVER_URL", "")
    if server != "https://github.com" or not repository or not version:
        return ""
    return f"{server}/{quote(repository)}/blob/{quote(version)}/docs/troubleshooting.md"
