"""The fields that are sent to create, edit and publish a release."""

from typing import Any

import pytest

from release_assets.light_dataclasses import replace
from release_assets.limits import MAX_NOTES
from release_assets.models import Release
from release_assets.plan.desired_release import DesiredRelease, Target
from release_assets.plan.draft_mark import MAX_LENGTH, Mark, find_mark, marked_notes, set_id
from release_assets.plan.release_fields import creation_notes, edit_fields, publication_fields
from tests.support.samples import release

NAMES = ("app.zip",)
MARK = Mark(files=set_id(NAMES), run="1-1", given=frozenset({"title"}), tag_existed=True)


def desired(**given: Any) -> DesiredRelease:
    return DesiredRelease(**{"tag": "v1", "names": NAMES, "run": "2-1", **given})


def draft(mark: Mark | None = None) -> Release:
    return replace(release(draft=True), body=marked_notes("Notes", mark) if mark else "Notes")


# To create


def test_a_new_draft_has_a_mark_with_files_run_and_inputs() -> None:
    target = Target(given="main", sent="main", commit="a" * 40, is_branch=True)
    wish = desired(notes="Notes", title="One", prerelease=False, target=target)
    notes = creation_notes(wish, tag_exists=True)
    given = frozenset({"title", "notes", "prerelease", "target"})
    mark = Mark(files=set_id(NAMES), run="2-1", given=given, tag_existed=True)
    assert notes == marked_notes("Notes", mark)


def test_a_draft_that_a_person_publishes_gets_no_mark() -> None:
    assert creation_notes(desired(notes="Notes", publish="never"), tag_exists=True) == "Notes"
    assert creation_notes(desired(publish="never"), tag_exists=True) == ""


@pytest.mark.parametrize(("free", "is_marked"), [(MAX_LENGTH, True), (MAX_LENGTH - 1, False)])
def test_notes_without_room_for_a_mark_get_none(free: int, is_marked: bool) -> None:
    notes = creation_notes(desired(notes="x" * (MAX_NOTES - free)), tag_exists=True)
    assert (find_mark(notes) is not None) is is_marked
    assert len(notes) <= MAX_NOTES


# To edit


def test_an_edit_of_a_draft_keeps_the_mark_and_names_this_run() -> None:
    fields = edit_fields(desired(), draft(MARK), {"name": "One"})
    mark = replace(MARK, run="2-1")
    assert fields == {"name": "One", "body": marked_notes("Notes", mark)}


def test_an_edit_adds_to_the_inputs_of_the_jobs_of_its_run() -> None:
    fields = edit_fields(desired(), draft(replace(MARK, run="2-1")), {"body": "New"})
    mark = replace(MARK, run="2-1", given=frozenset({"title", "notes"}))
    assert fields == {"body": marked_notes("New", mark)}


def test_an_edit_drops_the_inputs_of_an_earlier_run() -> None:
    fields = edit_fields(desired(), draft(MARK), {"prerelease": True})
    mark = find_mark(str(fields["body"]))
    assert mark == replace(MARK, run="2-1", given=frozenset({"prerelease"}))


def test_an_edit_of_another_draft_sends_no_mark_and_no_public_only_field() -> None:
    planned = {"name": "One", "make_latest": "true", "discussion_category_name": "News"}
    assert edit_fields(desired(), draft(), planned) == {"name": "One"}


def test_a_public_release_is_edited_as_planned() -> None:
    planned = {"make_latest": "true", "discussion_category_name": "News"}
    assert edit_fields(desired(), release(), planned) == planned


# To publish


def test_publishing_removes_the_mark_and_keeps_edits_of_a_person() -> None:
    edited = replace(draft(MARK), body="Better. " + draft(MARK).body)
    assert publication_fields(desired(), edited, {}) == {"body": "Better. Notes"}


def test_publishing_sends_no_notes_without_a_mark() -> None:
    assert publication_fields(desired(), draft(), {}) == {}


def test_publishing_removes_a_mark_from_new_notes() -> None:
    planned = {"body": marked_notes("New", MARK)}
    assert publication_fields(desired(), draft(), planned) == {"body": "New"}


def test_publishing_sends_the_public_only_fields() -> None:
    wish = desired(make_latest="false", discussion_category="News")
    assert publication_fields(wish, draft(), {"name": "One"}) == {
        "name": "One",
        "make_latest": "false",
        "discussion_category_name": "News",
    }
