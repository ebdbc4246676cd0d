import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets import text


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (1024**2 - 1, "1024.0 KiB"),
        (1024**2, "1.0 MiB"),
        (1024**3, "1.0 GiB"),
        (2 * 1024**3, "2.0 GiB"),
        (5000 * 1024**3, "5000.0 GiB"),
    ],
)
def test_a_size_is_formatted(count: int, shown: str) -> None:
    assert text.size(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0.0, "0.0 s"),
        (1.25, "1.2 s"),
        (59.94, "59.9 s"),
        (59.99, "1 min 0 s"),
        (60.0, "1 min 0 s"),
        (119.9, "2 min 0 s"),
        (125.0, "2 min 5 s"),
        (3600.0, "1 h 0 min"),
        (18_900.0, "5 h 15 min"),
    ],
)
def test_seconds_are_formatted(count: float, shown: str) -> None:
    assert text.seconds(count) == shown


@pytest.mark.parametrize(("names", "shown"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_names_are_enumerated_as_in_a_sentence(names: str, shown: str) -> None:
    assert text.enumerated([*names]) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 files"), (1, "1 file"), (1000, "1,000 files")]
)
def test_a_count_is_formatted(number: int, shown: str) -> None:
    assert text.count(number, "file") == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a, b"),
        (("a", "b", "c"), "a, b and 1 more"),
        (("a", "b", "c", "d"), "a, b and 2 more"),
    ],
)
def test_a_long_list_is_shortened(names: tuple[str, ...], shown: str) -> None:
    assert text.shortened_list(names, max_names=2) == shown


def test_twenty_names_are_listed_completely() -> None:
    assert text.shortened_list(["x"] * 20) == ", ".join(["x"] * 20)
    assert text.shortened_list(["x"] * 21) == ", ".join(["x"] * 20) + " and 1 more"


@given(st.floats(0, 1e6))
def test_no_minute_has_sixty_seconds(count: float) -> None:
    assert not re.search(r"\b60(\.0)? s", text.seconds(count))


@pytest.mark.parametrize(("shown", "expected"), [("", True), ("ü日", True), ("a\udc87", False)])
def test_text_that_utf8_cannot_encode_is_found(shown: str, expected: bool) -> None:
    assert text.is_utf8(shown) is expected
