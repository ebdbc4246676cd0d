"""What each version left on a release is finished by this one."""

from pathlib import Path

import pytest

from release_assets.download.partial_file import PartialFile
from release_assets.light_dataclasses import replace
from release_assets.publish.cleanup import read_note, write_note
from tests.support.engine import Engine
from tests.support.formats import MARKS, NOTES, PARTIAL_DOWNLOADS, SWAP_NAMES
from tests.support.samples import asset
from tests.support.sandbox import Sandbox


@pytest.mark.parametrize("form", MARKS)
def test_a_draft_with_a_mark_of_any_version_is_published(
    form: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/app.zip": b"new"})
    draft = {"tag": "v1", "draft": True, "body": MARKS[form]["notes"]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [draft]}]})
    assert engine.publish_well().published
    (release,) = sandbox.releases()
    assert (release["draft"], release["body"]) == (False, "Notes")


@pytest.mark.parametrize("content", ["new", "other"])
@pytest.mark.parametrize("form", SWAP_NAMES)
def test_a_leftover_of_any_version_is_removed_by_the_next_run(
    form: str, content: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/app.zip": b"new"})
    leftover = {"name": SWAP_NAMES[form]["name"], "text": content}
    release = {"tag": "v1", "assets": [leftover, {"name": "b.zip", "text": "b"}]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    engine.publish_well(overwrite="true")
    assert sandbox.asset_names("v1") == ["app.zip", "b.zip"]
    assert sandbox.content("v1", "app.zip") == b"new"


@pytest.mark.parametrize("form", NOTES)
def test_a_clean_up_note_of_any_version_is_read(form: str, tmp_path: Path) -> None:
    note = tmp_path / "note"
    note.write_text(NOTES[form]["content"], "utf-8")
    assert read_note(note) == (NOTES[form]["release_id"], NOTES[form]["wanted"])


def test_todays_clean_up_note_is_among_them(tmp_path: Path) -> None:
    todays = NOTES["today's"]
    write_note(tmp_path / "note", todays["release_id"], todays["wanted"])
    assert (tmp_path / "note").read_text("utf-8") == todays["content"]


@pytest.mark.parametrize("form", PARTIAL_DOWNLOADS)
def test_a_partial_download_of_any_version_is_resumed(form: str, tmp_path: Path) -> None:
    left = PARTIAL_DOWNLOADS[form]
    (tmp_path / left["name"]).write_text(left["content"], "utf-8")
    of = replace(asset("app.zip"), url=left["asset url"])
    partial = PartialFile(tmp_path / "app.zip", of)
    assert b"".join(partial.blocks()) == left["content"].encode()
    assert partial.path == tmp_path / left["name"]
    partial.close()
