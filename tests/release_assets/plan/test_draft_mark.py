"""The mark in the notes of a draft that this action created."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.plan.draft_mark import (
    MAX_LENGTH,
    Mark,
    find_mark,
    marked_notes,
    set_id,
    without_mark,
)
from tests.support.formats import MARKS as RECORDED

NOTES = st.text().filter(lambda notes: notes == notes.rstrip("\r\n") and find_mark(notes) is None)
INPUTS = ("title", "notes", "prerelease", "target", "make-latest", "discussion-category")
MARKS = st.builds(
    lambda names, run, given, tag_existed: Mark(
        files=set_id(names), run=run, given=given, tag_existed=tag_existed
    ),
    st.sets(st.text(min_size=1)),
    st.sampled_from(["", "1-1", "19999999999999999999-1000"]),
    st.frozensets(st.sampled_from(INPUTS)),
    st.booleans(),
)


@given(NOTES, MARKS)
def test_a_mark_is_read_as_written_and_removed_completely(notes: str, mark: Mark) -> None:
    marked = marked_notes(notes, mark)
    assert find_mark(marked) == mark
    assert without_mark(marked) == notes
    assert len(marked) <= len(notes) + MAX_LENGTH


@given(NOTES, MARKS, MARKS)
def test_a_new_mark_replaces_the_old_one(notes: str, old: Mark, new: Mark) -> None:
    assert marked_notes(marked_notes(notes, old), new) == marked_notes(notes, new)


def test_the_id_of_a_set_does_not_depend_on_the_order() -> None:
    assert set_id(["b", "a"]) == set_id(["a", "b"])
    others: tuple[list[str], ...] = (["a"], ["a", "b", "c"], ["a", "B"], [])
    assert all(set_id(other) != set_id(["a", "b"]) for other in others)


@pytest.mark.parametrize("form", RECORDED)
def test_a_mark_of_any_version_is_read(form: str) -> None:
    held = RECORDED[form]
    mark = find_mark(held["notes"])
    assert mark == Mark(
        files=set_id(["app.zip"]),
        run=held["run"],
        given=frozenset(held["given"]),
        tag_existed=held["tag_existed"],
    )
    assert without_mark(held["notes"]) == "Notes"
    if form.startswith("today's"):
        assert marked_notes("Notes", mark) == held["notes"]


@pytest.mark.parametrize(
    "notes", ["", "Notes", "<!-- publish-release-assets -->", "made for set 0123456789abcdef"]
)
def test_notes_without_a_mark_are_left_as_they_are(notes: str) -> None:
    assert find_mark(notes) is None
    assert without_mark(notes) == notes


def test_a_mark_is_found_after_edits_around_it() -> None:
    mark = Mark(files=set_id(["a"]), run="7")
    edited = marked_notes("Notes", mark).replace("\n", "\r\n") + "\r\nMore.\r\n"
    assert find_mark(edited) == mark
    assert without_mark(edited) == "Notes\r\nMore.\r\n"
