"""Every law holds for its seeds and a hundred random texts; `make fuzz` tries more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.laws import LAWS, Law, check

ANY = st.text(st.characters(exclude_categories=[]), max_size=40)


def texts_for(law: Law) -> st.SearchStrategy[list[str]]:
    """Texts of the law's words, random texts, and variations of its seeds."""
    of_words = st.lists(st.sampled_from(law.words) | ANY, max_size=8).map("".join)
    seeds = st.sampled_from([text for seed in law.seeds for text in seed])
    near = st.builds(
        lambda seed, at, word: seed[:at] + word + seed[at:], seeds, st.integers(0, 60), of_words
    )
    return st.lists(of_words | near | seeds, min_size=law.takes, max_size=law.takes)


@pytest.mark.parametrize("name", LAWS)
def test_a_law_holds_for_its_seeds(name: str) -> None:
    for seed in LAWS[name].seeds:
        assert len(seed) == LAWS[name].takes
        check(LAWS[name], seed)


@pytest.mark.parametrize("name", LAWS)
def test_a_law_holds_for_random_texts(name: str) -> None:
    @settings(max_examples=100)
    @given(texts_for(LAWS[name]))
    def holds(texts: list[str]) -> None:
        check(LAWS[name], texts)

    holds()
