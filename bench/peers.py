"""The publishers that are compared in a matrix: this program, and common release actions."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from bench.in_process_github import REPOSITORY, TAG
from bench.virtual_time import VirtualTime
from release_assets.clock import Clock
from release_assets.github.connect import connect_github
from release_assets.github.http.timeouts import Timeouts
from release_assets.inputs.parse import parse_inputs
from release_assets.inputs.reader import Job
from release_assets.publish.run import publish
from release_assets.report.journal import Journal
from release_assets.stop import Stop

# In real time, which passes while the threads of other jobs run.
LONG_TIMEOUTS = Timeouts(connect_seconds=3600.0, stall_seconds=3600.0)
RETRIES = 3


@dataclass(slots=True, kw_only=True)
class Step:
    """The step of one job that publishes."""

    api_url: str
    token: str
    directory: Path  # which holds its files and nothing else
    expected: Sequence[str]  # names of the assets of all jobs
    time: VirtualTime
    chance: random.Random
    sleeps: list[tuple[float, float]] = field(default_factory=list)  # from, to
    lines: list[str] = field(default_factory=list)  # what it reported
    shows_debug: bool = False

    def sleep(self, seconds: float) -> None:
        """Wait, and note how long."""
        began = self.time.now()
        self.time.sleep(seconds)
        self.sleeps.append((began, self.time.now()))

    # The program's reporter interface.

    def line(self, text: str) -> None:
        self.lines.append(f"{self.time.now():.3f} {text}")

    def warning(self, title: str, text: str) -> None:
        self.line(f"warning: {title}: {text}")

    def notice(self, title: str, text: str) -> None:
        self.line(f"{title}: {text}")

    def debug(self, text: str) -> None:
        del text

    def moved(self, name: str, count: int, size: int) -> None:
        del name, count, size

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        self.line(f"{title}:")
        yield


Peer = Callable[[Step], bool]
"""Runs the step, and returns whether it succeeded."""


def this_program(step: Step) -> bool:
    """Publish as this program does: the release once all expected assets are uploaded."""
    given = {
        "files": "*",
        "tag": TAG,
        "repository": REPOSITORY,
        "token": step.token,
        "expect": "\n".join(step.expected),
        "publish": "auto",
    }
    inputs = parse_inputs(given, Job(api_url=step.api_url, workspace=str(step.directory)))
    now = step.time.now
    clock = Clock(now=now, elapsed=now, sleep=step.sleep, chance=step.chance.random)
    journal = Journal()
    publish(
        inputs,
        connect_github(inputs.access, {}, step, Stop(now), clock, LONG_TIMEOUTS),
        step,
        journal,
    )
    outcome = journal.outcome
    for error in outcome.errors:
        step.line(f"error: {error}")
    return not outcome.errors


def draft_first(step: Step) -> bool:
    """Publish as common actions do: upload to a draft, which each job publishes when it is done."""
    return _Common(step, draft=True).run()


def public_at_once(step: Step) -> bool:
    """Publish as common actions do: upload to a release that is public from the start."""
    return _Common(step, draft=False).run()


class _FailedError(Exception):
    """GitHub refused a request."""


class _Common:
    """Find or create the release of the tag, delete assets of the same names, upload.

    If creating the release fails, another job is assumed to have created it: the release is looked
    up again without a wait, three attempts in all. Server errors are retried up to three attempts.
    A rate limit fails the step.

    Source: https://github.com/softprops/action-gh-release (src/github.ts),
    https://github.com/ncipollo/release-action and
    https://github.com/svenstaro/upload-release-action
    """

    def __init__(self, step: Step, *, draft: bool) -> None:
        self._step = step
        self._draft = draft
        self._root = f"{step.api_url}/repos/{REPOSITORY}/releases"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {step.token}"

    def run(self) -> bool:
        try:
            self._publish()
        except _FailedError as error:
            self._step.line(f"error: {error}")
            return False
        return True

    def _publish(self) -> None:
        release = self._find_or_create()
        there = {asset["name"]: asset for asset in self._pages(f"/{release['id']}/assets")}
        for path in sorted(self._step.directory.iterdir()):
            if path.name in there:
                self._ask("DELETE", f"/assets/{there[path.name]['id']}")
            url = f"{release['upload_url'].partition('{')[0]}?name={path.name}"
            octets = {"Content-Type": "application/octet-stream"}
            self._ask("POST", url, data=path.read_bytes(), headers=octets)
        if release["draft"]:
            self._ask("PATCH", f"/{release['id']}", json={"tag_name": TAG, "draft": False})

    def _find_or_create(self) -> dict[str, Any]:
        fields = {"tag_name": TAG, "name": TAG, "draft": self._draft}
        for attempt in range(1, RETRIES + 1):
            if found := self._find():
                return found
            try:
                made: dict[str, Any] = self._ask("POST", "", json=fields).json()
            except _FailedError:
                if attempt == RETRIES:
                    raise
            else:
                return made
        raise AssertionError("there is at least one attempt")

    def _find(self) -> dict[str, Any] | None:
        answer = self._send("GET", f"/tags/{TAG}")
        if answer.ok:
            found: dict[str, Any] = answer.json()
            return found
        if answer.status_code != requests.codes.not_found:
            raise _FailedError(answer.text)
        return next((one for one in self._pages("") if one["tag_name"] == TAG), None)

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        url: str | None = f"{path}?per_page=100"
        while url is not None:
            answer = self._ask("GET", url)
            yield from answer.json()
            url = answer.links.get("next", {}).get("url")

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        answer = self._send(method, path, **options)
        if not answer.ok:
            raise _FailedError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        url = path if path.startswith("http") else self._root + path
        for attempt in range(1, RETRIES + 1):
            answer = self._http.request(method, url, timeout=3600, **options)
            if answer.status_code < 500 or attempt == RETRIES:
                return answer
            self._step.sleep(float(attempt))
        raise AssertionError("there is at least one attempt")
