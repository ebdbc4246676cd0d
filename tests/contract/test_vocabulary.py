"""The vocabulary check finds every refused word."""

import pytest

from scripts.vocabulary import problems, read_list

REFUSED = read_list()


@pytest.mark.parametrize(
    "text",
    [
        "a husk of an upload",
        "def is_husk(asset):",
        "class HuskFound:",
        "Whoever asks",
        "PATIENCE = 5",
    ],
)
def test_a_refused_word_is_found_in_prose_and_in_identifiers(text: str) -> None:
    assert [number for number, _, _ in problems(f"\n{text}\n", REFUSED)] == [2]


@pytest.mark.parametrize("text", ["a husky", "the patient", "untold"])
def test_a_part_of_another_word_is_accepted(text: str) -> None:
    assert list(problems(text, REFUSED)) == []


def test_every_entry_names_a_term() -> None:
    assert all(REFUSED.values())
