"""The weekly comparison of what the tests know of GitHub with today's packages notices every change."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.facts import (
    DESCRIPTION,
    RECORDED,
    description_changes,
    pin_changes,
    pins,
    read,
    recording_changes,
)

KNOWN = read(DESCRIPTION)
RELEASES = "/repos/{owner}/{repo}/releases"


def without_body(now: dict[str, Any]) -> None:
    del now["paths"][RELEASES]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]["body"]


def without_a_method(now: dict[str, Any]) -> None:
    del now["paths"][RELEASES]["post"]


def with_a_new_field(now: dict[str, Any]) -> None:
    now["components"]["schemas"]["release-asset"]["properties"]["title"] = {"type": "string"}


def with_another_type(now: dict[str, Any]) -> None:
    now["components"]["schemas"]["release-asset"]["properties"]["size"] = {"type": "string"}


def with_prose(now: dict[str, Any]) -> None:
    now["paths"][RELEASES]["post"]["description"] = "New words"


def test_the_same_description_has_no_changes() -> None:
    assert list(description_changes(KNOWN, KNOWN)) == []


@pytest.mark.parametrize(
    ("change", "tokens"),
    [
        (without_body, ["POST", "/properties/body", "gone"]),
        (without_a_method, ["POST", "is gone"]),
        (with_a_new_field, ["/properties/title", "new"]),
        (with_another_type, ["/properties/size", "integer", "string"]),
        (with_prose, []),
    ],
)
def test_a_change_of_the_description_is_found(
    change: Callable[[dict[str, Any]], None], tokens: list[str]
) -> None:
    now = copy.deepcopy(KNOWN)
    change(now)
    found = list(description_changes(KNOWN, now))
    assert bool(found) == bool(tokens)
    assert [token for token in tokens if token not in "".join(found)] == []


@pytest.mark.parametrize("message", ["Validation Failed", "Invalid"])
def test_another_error_body_is_found(message: str, tmp_path: Path) -> None:
    place = tmp_path / "node_modules/@octokit/fixtures/scenarios/api.github.com"
    recording = place / "release-assets-conflict/normalized-fixture.json"
    recording.parent.mkdir(parents=True)
    errors = [{"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}]
    said = {"message": message, "errors": errors, "documentation_url": "https://docs.github.com"}
    recording.write_text(json.dumps([{"method": "post", "status": 422, "response": said}]))
    found = list(recording_changes(read(RECORDED), tmp_path))
    assert bool(found) == (message != "Validation Failed")


def test_a_moved_tag_and_a_newer_release_are_found() -> None:
    answers = {
        "/repos/o/same/commits/v1.0": {"sha": "a" * 40},
        "/repos/o/same/releases/latest": {"tag_name": "v1.0"},
        "/repos/o/moved/commits/v1.0": {"sha": "b" * 40},
        "/repos/o/moved/releases/latest": {"tag_name": "v2.0"},
    }
    pinned = [("o/same", "a" * 40, "v1.0"), ("o/moved", "a" * 40, "v1.0")]
    found = list(pin_changes(pinned, answers.__getitem__))
    assert len(found) == 2
    assert all("o/moved" in one for one in found)


def test_all_pins_are_found() -> None:
    assert {"actions/checkout", "actions/attest", "actions/setup-python"} <= {
        action for action, _, _ in pins()
    }
