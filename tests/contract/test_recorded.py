"""Recorded answers of GitHub: the sandbox gives the same ones, and the program decodes them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from release_assets.github.decode_errors import error_of
from tests.support.sandbox import Sandbox

RECORDED = json.loads((Path(__file__).parent / "data" / "recorded.json").read_text("utf-8"))
SCENARIOS: dict[str, list[dict[str, Any]]] = RECORDED["scenarios"]
REPOSITORY = "octo-org/recorded"


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_sandbox_answers_as_github_did(name: str, sandbox: Sandbox) -> None:
    sandbox.seed(
        {"repositories": [{"name": REPOSITORY, "discussion_categories": ["Announcements"]}]}
    )
    ids: dict[str, str] = {}  # id in the recording -> id in the sandbox
    for number, step in enumerate(SCENARIOS[name], 1):
        where = f"step {number}, {step['method']} {step['path']}"
        found = ask(sandbox, step, ids)
        assert found.status_code == step["status"], where
        said: Any = found.json() if found.content else None
        if "said" in step:
            assert_same(said, step["said"], where)
        if "id" in step:
            assert ids.setdefault(step["id"], str(said["id"])) == str(said["id"]), where


def ask(sandbox: Sandbox, step: Mapping[str, Any], ids: Mapping[str, str]) -> requests.Response:
    path = step["path"]
    for name, known in ids.items():
        path = path.replace(name, known)
    base = sandbox.uploads_url if step.get("origin") == "uploads" else sandbox.api_url
    sent = step.get("sent")
    uploads = isinstance(sent, str)
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            step["method"],
            f"{base}/repos/{REPOSITORY}/releases{path}",
            headers={"Authorization": f"token {sandbox.token}"}
            | ({"Content-Type": "text/plain"} if uploads else {}),
            data=sent.encode() if isinstance(sent, str) else None,
            json=None if uploads else sent,
            timeout=30,
        )


def assert_same(found: Any, recorded: Any, where: str) -> None:
    """Check that `found` contains all recorded values; it may contain more."""
    if isinstance(recorded, list):
        assert len(found) == len(recorded), where
        for one, other in zip(found, recorded, strict=True):
            assert_same(one, other, where)
    elif isinstance(recorded, dict):
        for field, value in recorded.items():
            assert found[field] == value, f"{where}: {field}"


REFUSALS = [
    pytest.param(name, step, id=f"{name}: {step['method']} {step['path'] or 'releases'} {number}")
    for name, steps in SCENARIOS.items()
    for number, step in enumerate(steps)
    if step["status"] >= 400
]


@pytest.mark.parametrize(("name", "step"), REFUSALS)
def test_a_recorded_refusal_becomes_the_right_error(name: str, step: Mapping[str, Any]) -> None:
    body = json.dumps(step["said"]).encode()
    error = error_of(step["method"], name, step["status"], {}, body)
    error_classes = {
        ("POST", 422, "name"): "NameTakenError",
        ("POST", 422, "tag_name"): "ValidationFailedError",
        ("POST", 404, None): "ValidationFailedError",  # the discussion category does not exist
        ("GET", 404, None): "NotFoundError",
    }
    field = next((entry["field"] for entry in step["said"].get("errors", [])), None)
    assert type(error).__name__ == error_classes[step["method"], step["status"], field]
    assert error.status == step["status"]
    assert error.fix


def test_all_recordings_are_found() -> None:
    assert len(SCENARIOS) == 8
    assert sum(len(steps) for steps in SCENARIOS.values()) > 45
    assert len(REFUSALS) >= 8
