import enum
import json
import math
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions_toolkit.value import to_bytes, to_command_value, to_json


class Colour(enum.StrEnum):
    RED = "red"


class Mixed(str, enum.Enum):  # noqa: UP042 - str() of this one gives "Mixed.RED"
    RED = "red"


class Size(enum.IntEnum):
    BIG = 3


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        (" a\n", " a\n"),
        (Colour.RED, "red"),
        (Mixed.RED, "red"),
        (Size.BIG, "3"),
        (True, "true"),
        (2**64, "18446744073709551616"),
        (math.nan, "null"),
        ((1, "a"), '[1,"a"]'),
        (MappingProxyType({"b": 1, "a": None}), '{"b":1,"a":null}'),
        ({1: 1, 2.0: 2, False: 3, None: 4}, '{"1":1,"2":2,"false":3,"null":4}'),
        ({Colour.RED: [Mixed.RED]}, '{"red":["red"]}'),
        (["\ud83d\ude00", "\ud83d"], '["😀","\\ud83d"]'),
        ("\udfff", "\udfff"),
        (["\ud800", "\udfff", "\ue000", "\ud7ff"], '["\\ud800","\\udfff","\ue000","\ud7ff"]'),
        ([1.5e300, -1.5e-7, 2e-7, 12.5, 0.00125], "[1.5e+300,-1.5e-7,2e-7,12.5,0.00125]"),
    ],
)
def test_a_value_becomes_text(value: object, expected: str) -> None:
    assert to_command_value(value) == expected


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (b"a", "Object of type bytes is not JSON serializable"),
        ([{1, 2}], "Object of type set is not JSON serializable"),
        ({(1,): 2}, "keys must be str, int, float, bool or None, not tuple"),
    ],
)
def test_a_value_that_json_cannot_represent_is_refused(value: object, what: str) -> None:
    with pytest.raises(TypeError) as caught:
        to_command_value(value)
    assert str(caught.value) == what


@given(JSON_VALUES)
def test_json_values_round_trip(value: object) -> None:
    text = to_json(value)
    assert json.loads(text) == value
    text.encode()  # so it has no lone surrogate


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_round_trip(number: float) -> None:
    assert float(to_json(number)) == number


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_encodable_text_becomes_its_bytes(text: str) -> None:
    assert to_bytes(text) == text.encode()


@given(st.lists(st.sampled_from(["\ud83d", "\ude00", "a", "😀", "\udc80", "\ufeff"])))
def test_surrogate_pairs_are_kept_and_lone_surrogates_replaced(parts: list[str]) -> None:
    text = "".join(parts)
    whole = text.replace("\ud83d\ude00", "😀")
    expected = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in whole)
    if "\ud83d\udc80" not in text:  # a pair as well, of another character
        assert to_bytes(text) == expected.encode()
