"""The context of the run: event, repository, commit and URLs, from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from actions_toolkit.command import write_line


class Repo(NamedTuple):
    """A repository."""

    owner: str
    repo: str


class Issue(NamedTuple):
    """The issue or pull request of the event."""

    owner: str
    repo: str
    number: int | None  # None for an event of neither


class _Text:
    """An attribute that is read from the environment at each access."""

    def __init__(self, variable: str, default: str = "") -> None:
        self.variable = variable
        self.default = default

    def __get__(self, context: "Context | None", owner: type["Context"]) -> str:
        return context.environ.get(self.variable, self.default) if context else self.default


class _Number:
    """The same for a number; 0 if the variable is not set or is not a number."""

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def __get__(self, context: "Context | None", owner: type["Context"]) -> int:
        text = context.environ.get(self.variable, "") if context else ""
        return int(text) if text.isdecimal() else 0


class Context:
    """The run, as described by the environment; a variable that is not set is "" or 0.

    Source: https://github.com/actions/toolkit/blob/main/packages/github/src/context.ts
    """

    event_name = _Text("GITHUB_EVENT_NAME")
    sha = _Text("GITHUB_SHA")
    ref = _Text("GITHUB_REF")
    ref_name = _Text("GITHUB_REF_NAME")
    ref_type = _Text("GITHUB_REF_TYPE")  # "branch" or "tag"
    workflow = _Text("GITHUB_WORKFLOW")
    workspace = _Text("GITHUB_WORKSPACE")
    action = _Text("GITHUB_ACTION")
    actor = _Text("GITHUB_ACTOR")
    job = _Text("GITHUB_JOB")
    run_id = _Number("GITHUB_RUN_ID")
    run_number = _Number("GITHUB_RUN_NUMBER")
    run_attempt = _Number("GITHUB_RUN_ATTEMPT")
    api_url = _Text("GITHUB_API_URL", "https://api.github.com")
    server_url = _Text("GITHUB_SERVER_URL", "https://github.com")
    graphql_url = _Text("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.environ = environ
        self._payload: tuple[str, dict[str, Any]] = ("", {})  # the last path, and its content

    @property
    def payload(self) -> dict[str, Any]:
        """The event, read once; {} without a path. A missing file is {}, with a line on stdout.

        Raises:
            ValueError: the file is not a JSON object.
        """
        path = self.environ.get("GITHUB_EVENT_PATH", "")
        if path != self._payload[0]:
            self._payload = (path, _read_event(path) if path else {})
        return self._payload[1]

    @property
    def repo(self) -> Repo:
        """The repository of the workflow.

        Raises:
            ValueError: neither GITHUB_REPOSITORY nor the event has it.
        """
        name = self.environ.get("GITHUB_REPOSITORY", "")
        if "/" in name:
            return Repo(*name.split("/")[:2])
        repository = self.payload.get("repository")
        if not name and repository:
            return Repo(repository["owner"]["login"], repository["name"])
        raise ValueError(
            "context.repo requires a GITHUB_REPOSITORY environment variable like 'owner/repo'"
        )

    @property
    def issue(self) -> Issue:
        """The issue or pull request of the event, in the repository; raises as repo does."""
        payload = self.payload
        subject = payload.get("issue") or payload.get("pull_request") or payload
        return Issue(*self.repo, subject.get("number"))


def _read_event(path: str) -> dict[str, Any]:
    import json  # here, because not every action reads the event

    file = Path(path)
    if not file.exists():
        write_line(f"GITHUB_EVENT_PATH {path} does not exist")
        return {}
    try:
        event = json.loads(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"GITHUB_EVENT_PATH {path} holds no JSON: {error}") from error
    if not isinstance(event, dict):
        raise ValueError(f"GITHUB_EVENT_PATH {path} holds no JSON object")  # noqa: TRY004
    return event


context = Context()
