"""Text from outside holds no command to the runner, and nothing invisible, once it is escaped."""

from itertools import product

import pytest
from hypothesis import example, given

from release_assets.escape import harmless
from release_assets.text import is_utf8
from tests.support.runner import decode_commands
from tests.support.texts import PIECES, TEXT


@pytest.mark.parametrize(
    ("text", "expected", "in_one_line"),
    [
        ("", "", None),
        ("plain é 😀 a::b #1 [x]", "plain é 😀 a::b #1 [x]", None),
        ("::error::x", "\\::error::x", None),
        (" \t::error::x", " \t\\::error::x", " \\t::error::x"),
        ("a\n::b\r\n::c\rd", "a\n\\::b\n\\::c\\rd", "a\\n::b\\r\\n::c\\rd"),
        ("x##[error]y###[", "x##\\[error]y###\\[", None),
        ("\x1b[31mred\x07\x9b", "\\x1b[31mred\\x07\\x9b", None),
        ("\u202egnp.exe\u200b\ufeff", "\\u202egnp.exe\\u200b\\ufeff", None),
        ("\xa0::x\u2028::y", "\\xa0::x\\u2028::y", None),
        ("\udcff\U000e0041", "\\udcff\\U000e0041", None),
    ],
)
def test_foreign_text_is_made_harmless(text: str, expected: str, in_one_line: str | None) -> None:
    assert harmless(text) == expected
    assert harmless(text, one_line=True) == (in_one_line or expected)


def test_no_short_harmless_text_is_a_command() -> None:
    for n in range(5):
        for parts in product(PIECES, repeat=n):
            _assert_harmless("".join(parts))


@given(TEXT)
@example("::error::x")
@example("##[error]x")
def test_no_harmless_text_is_a_command(text: str) -> None:
    _assert_harmless(text)


def _assert_harmless(text: str) -> None:
    safe = harmless(text)
    assert decode_commands(safe) == [], text
    assert harmless(safe) == safe, text
    assert is_utf8(safe), text
    line = harmless(text, one_line=True)
    assert decode_commands(line) == []
    assert line.isprintable()
