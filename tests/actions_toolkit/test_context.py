import json
from pathlib import Path

import pytest

from actions_toolkit.context import Context, Issue, Repo, context


def test_an_empty_environment_has_default_values() -> None:
    nowhere = Context({})
    assert nowhere.payload == {}
    assert (nowhere.sha, nowhere.ref, nowhere.ref_name, nowhere.workspace) == ("", "", "", "")
    assert (nowhere.run_id, nowhere.run_number, nowhere.run_attempt) == (0, 0, 0)
    assert nowhere.api_url == "https://api.github.com"
    assert nowhere.server_url == "https://github.com"
    assert nowhere.graphql_url == "https://api.github.com/graphql"
    assert Context.api_url == "https://api.github.com"


def test_fields_that_the_original_lacks() -> None:
    environ = {"GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag", "GITHUB_WORKSPACE": "/w"}
    parsed = Context({**environ, "GITHUB_RUN_ID": "x"})
    assert (parsed.ref_name, parsed.ref_type, parsed.workspace, parsed.run_id) == (
        "v1",
        "tag",
        "/w",
        0,
    )


def test_the_environment_is_read_on_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SHA", "abc")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"issue": {"number": 1}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    assert context.sha == "abc"
    assert context.repo == Repo(owner="o", repo="r")
    assert context.issue == Issue("o", "r", 1)
    event.write_text("{}")
    assert context.payload == {"issue": {"number": 1}}  # read once
    monkeypatch.setenv("GITHUB_EVENT_PATH", "")
    assert context.payload == {}


@pytest.mark.parametrize("environ", [{}, {"GITHUB_REPOSITORY": "no-slash"}])
def test_a_missing_or_invalid_repository_is_an_error(environ: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="requires a GITHUB_REPOSITORY") as caught:
        _ = Context(environ).repo
    assert str(caught.value).endswith("environment variable like 'owner/repo'")


@pytest.mark.parametrize(
    ("content", "what"), [("{", "no JSON: "), ("[1]", "no JSON object"), ("", "no")]
)
def test_an_invalid_event_is_an_error(tmp_path: Path, content: str, what: str) -> None:
    event = tmp_path / "event.json"
    event.write_text(content)
    with pytest.raises(ValueError) as caught:
        _ = Context({"GITHUB_EVENT_PATH": str(event)}).payload
    assert str(caught.value).startswith(f"GITHUB_EVENT_PATH {event} holds {what}")
