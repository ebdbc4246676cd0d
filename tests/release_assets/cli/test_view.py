"""`view` shows a release; without a tag, the latest one."""

import json

import pytest

from tests.support.cli import Run
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

RELEASES = [
    {"tag": "v1", "name": "One", "body": "Old notes", "assets": [{"name": "a.zip", "text": "a"}]},
    {
        "tag": "v2",
        "name": "Two\x1b[31m",
        "body": "## New\r\n\r\n::error::no command",
        "assets": [{"name": "b.zip", "text": "bb"}, {"name": "B.txt", "text": "b"}],
    },
    {"tag": "v3", "draft": True, "prerelease": True},
]


@pytest.fixture(autouse=True)
def releases(sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": RELEASES}]})


def test_a_release_is_shown_with_its_notes_and_assets(sandbox: Sandbox, cli: Run) -> None:
    done = cli("view", "v1")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    facts = dict(line.split(None, 1) for line in lines[: lines.index("")])
    assert facts["title:"] == "One"
    assert facts["tag:"] == "v1"
    assert facts["state:"] == "published"
    assert facts["url:"] == f"{sandbox.server_url}/{sandbox.repository}/releases/tag/v1"
    assert "Old notes" in lines
    assert lines[-1].startswith("a.zip")


def test_without_a_tag_the_latest_release_is_shown(cli: Run) -> None:
    done = cli("view")
    assert "tag:       v2" in done.stdout.splitlines()
    assert cli("list").stdout == cli("list", "v2").stdout
    assert cli("download").stdout.splitlines() == ["b.zip", "B.txt"]
    assert cli("download", "-p", "*.zip").stdout.splitlines() == ["b.zip"]


def test_a_draft_is_shown_as_one(cli: Run) -> None:
    lines = cli("view", "v3").stdout.splitlines()
    assert "state:     draft, prerelease" in lines
    assert not any(line.startswith("published:") for line in lines)


def test_text_from_outside_cannot_act_on_the_terminal_or_the_runner(cli: Run) -> None:
    done = cli("view", "v2")
    assert "\x1b" not in done.stdout
    assert "Two\\x1b[31m" in done.stdout
    assert "\\::error::no command" in done.stdout.splitlines()
    notes = cli("view", "v2", "--jq", ".body")
    assert notes.stdout == "## New\n\n\\::error::no command\n"


def test_the_document_has_the_named_fields(cli: Run) -> None:
    document = json.loads(cli("view", "v1", "--json", "tagName,isDraft,assets").stdout)
    assert list(document) == ["tagName", "isDraft", "assets"]
    assert (document["tagName"], document["isDraft"]) == ("v1", False)
    assert [asset["name"] for asset in document["assets"]] == ["a.zip"]


def test_without_any_release_there_is_no_latest_one(sandbox: Sandbox, cli: Run) -> None:
    sandbox.seed({"repositories": [{"name": "octo-org/empty"}]})
    for command in ("view", "list", "download"):
        done = cli(command, "--repo", "octo-org/empty")
        assert (done.returncode, done.stdout) == (1, "")
        assert "there is no latest release" in done.stderr


def test_a_second_argument_is_refused(sandbox: Sandbox, cli: Run) -> None:
    for command in ("view", "list"):
        done = cli(command, "v1", "v2")
        assert (done.returncode, done.stdout) == (2, "")
        assert "'v2'" in done.stderr
    assert sandbox.requests() == []
