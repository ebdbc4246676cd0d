"""A step's surroundings: its inputs and event in, its log out."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from actions_toolkit import core
from actions_toolkit.command import harmless
from actions_toolkit.context import Context
from release_assets.contract import DEFAULTS
from release_assets.foreign import REPLACEMENTS
from release_assets.inputs import Job
from release_assets.paths import mounts, with_slashes
from release_assets.progress import ProgressLines


class RunnerSay:
    """Tells a run in the log of a step."""

    def __init__(self) -> None:
        self._progress = ProgressLines(self.line)

    def line(self, text: str) -> None:
        """Write a line."""
        core.info(harmless(text))

    def warning(self, title: str, text: str) -> None:
        """Write an annotation."""
        core.warning(harmless(text), title=title)

    def debug(self, text: str) -> None:
        """Write a line when step debugging is on: the runner would drop it otherwise."""
        if core.is_debug():
            core.debug(harmless(text))

    def moved(self, name: str, done: int, size: int) -> None:
        """Write a line about a large file, now and then."""
        self._progress.moved(name, done, size)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold the lines until the end of the context."""
        core.start_group(harmless(title, one_line=True))
        try:
            yield
        finally:
            core.end_group()


def read_values() -> dict[str, str]:
    """Return every input as the workflow gives it; the token is masked before anything else.

    Also those that no action knows, in lower case: the runner hands on whatever stands in `with`.
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
    # A container knows slashes alone; a runner of Windows gives `${{ github.workspace }}` without.
    values["files"] = with_slashes(values["files"], windows=sys.platform == "win32")
    return values


def read_job() -> Job:
    """Return where GitHub is, and what the event says of the release."""
    context = Context(os.environ)
    event = context.payload.get("release")
    release = event if isinstance(event, dict) else {}
    event_id, event_tag = release.get("id"), release.get("tag_name")
    return Job(
        api_url=context.api_url,
        workspace=os.environ.get("GITHUB_WORKSPACE") or os.getcwd(),  # noqa: PTH109
        ref=context.ref,
        event_release_id=event_id if isinstance(event_id, int) else None,
        event_tag=event_tag if isinstance(event_tag, str) else None,
        # The workspace is named after the job's own repository, whatever is published to.
        seen=mounts(os.environ, os.environ.get("GITHUB_REPOSITORY", "")),
    )


def explained_at() -> str:
    """Return the address of the page that explains the errors of this version, if it is known.

    On another server than github.com nobody knows whether the action is its own or comes from there.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    (GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF; both empty for an action of the workspace)
    """
    repository = os.environ.get("GITHUB_ACTION_REPOSITORY", "")
    version = os.environ.get("GITHUB_ACTION_REF", "")
    server = os.environ.get("GITHUB_SERVER_URL", "")
    if server != "https://github.com" or not repository or not version:
        return ""
    return f"{server}/{quote(repository)}/blob/{quote(version)}/docs/troubleshooting.md"
