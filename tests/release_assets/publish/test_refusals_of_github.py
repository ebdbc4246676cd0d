"""Refusals of GitHub for valid inputs: the error, and the state of the release."""

from typing import Any

import pytest

from release_assets.errors import ReleaseAssetsError
from release_assets.limits import MAX_NOTES
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox


def seed(sandbox: Sandbox, **repository: Any) -> None:
    sandbox.seed({"repositories": [{"name": sandbox.repository, **repository}]})


def refused(engine: Engine, **values: str) -> ReleaseAssetsError:
    engine.write({"dist/a.zip": b"a"})
    (error,) = engine.publish(**values).errors
    return error


def test_a_target_that_changes_workflows_is_an_error_without_the_permission(
    engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, branches=[{"name": "flow", "changes_workflows": True}])
    sandbox.settings(workflow_refusal=404, workflow_refusal_at="publish")
    error = refused(engine, tag="v7", target="flow")
    assert error.title == "Permission missing"
    assert sandbox.release("v7")["draft"], "it stays, filled"
    assert sandbox.asset_names("v7") == ["a.zip"]


def test_a_tag_that_a_ruleset_forbids_is_an_error(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, protected_tags=["v*"])
    error = refused(engine, tag="v7", target="main")
    assert "Repository rule violations found" in error.what
    assert "Settings > Rules" in error.fix
    seed(sandbox, tags=["v7"])
    assert engine.publish_well(tag="v7", target="main").published, "as the fix says"


def test_a_tag_of_a_deleted_immutable_release_is_an_error(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, tags=["v7"], burned_tags=["v7"])
    error = refused(engine, tag="v7")
    assert error.title == "Release is immutable"
    assert sandbox.count("POST", "/assets") == 0
    assert sandbox.releases() == []


@pytest.mark.parametrize("files", ["dist/*", ""])
def test_publish_always_without_the_write_permission_is_an_error(
    files: str, engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, tags=["v7"], releases=[{"tag": "v7", "draft": True}])
    error = refused(engine, tag="v7", files=files, publish="always", token=sandbox.read_token)
    assert "contents: write" in error.fix
    assert sandbox.release("v7")["draft"]


@pytest.mark.parametrize("source", ["notes", "notes_file"])
def test_notes_that_are_too_long_are_cut_with_a_warning(
    source: str, engine: Engine, sandbox: Sandbox
) -> None:
    notes = "n" * (MAX_NOTES + 1)
    engine.write({"dist/a.zip": b"a", "NOTES.md": notes.encode()})
    assert engine.publish_well(**{source: notes if source == "notes" else "NOTES.md"}).published
    assert sandbox.release("v1")["body"] == "n" * MAX_NOTES
    (warning,) = engine.reporter.warnings
    assert warning.startswith("Notes cut: ")
    assert f"{MAX_NOTES + 1:,}" in warning


@pytest.mark.parametrize("length", [MAX_NOTES, MAX_NOTES - 50])
def test_notes_without_room_for_a_mark_are_complete(
    length: int, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a", "NOTES.md": b"n" * length})
    assert engine.publish_well(notes_file="NOTES.md").published
    assert sandbox.release("v1")["body"] == "n" * length


def test_a_missing_discussion_category_is_an_error(engine: Engine, sandbox: Sandbox) -> None:
    error = refused(engine, discussion_category="None such")
    assert "`discussion-category`" in error.fix
    assert sandbox.release("v1")["draft"]
