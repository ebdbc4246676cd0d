"""The mark that tells for which set of files a draft was made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.draft_mark import LENGTH, is_made_for, is_marked, mark, unmarked

NOTES = st.text().filter(lambda notes: notes == notes.rstrip("\r\n") and not is_marked(notes))


@given(NOTES, st.sets(st.text(min_size=1)))
def test_a_mark_goes_as_it_came(notes: str, names: set[str]) -> None:
    marked = mark(notes, names)
    assert is_marked(marked)
    assert is_made_for(marked, names)
    assert unmarked(marked) == notes
    assert len(marked) <= len(notes) + LENGTH


def test_the_order_of_the_files_does_not_matter() -> None:
    assert is_made_for(mark("", ["b", "a"]), ["a", "b"])


@pytest.mark.parametrize("others", [["a"], ["a", "b", "c"], ["a", "B"], []])
def test_a_draft_made_for_others_is_not_ours(others: list[str]) -> None:
    assert not is_made_for(mark("Notes", ["a", "b"]), others)


@pytest.mark.parametrize(
    "notes", ["", "Notes", "<!-- publish-release-assets -->", "made for set 0123456789abcdef"]
)
def test_notes_without_a_mark_are_left_as_they_are(notes: str) -> None:
    assert not is_marked(notes)
    assert not is_made_for(notes, [])
    assert unmarked(notes) == notes


def test_a_person_may_edit_around_it() -> None:
    edited = mark("Notes", ["a"]).replace("\n", "\r\n") + "\r\nMore.\r\n"
    assert is_made_for(edited, ["a"])
    assert unmarked(edited) == "Notes\r\nMore.\r\n"
