"""Expansion of braces in patterns, and its limits."""

import time

import pytest

from release_assets.files.braces import MAX_EXPANSIONS, brace_errors, expand_braces
from release_assets.inputs.errors import InputError


@pytest.mark.parametrize(
    ("pattern", "expanded"),
    [
        ("a.zip", ["a.zip"]),
        ("{a,b}.{zip,gz}", ["a.zip", "a.gz", "b.zip", "b.gz"]),
        ("a{1..3}", ["a1", "a2", "a3"]),
        (r"\{a,b}", [r"\{a,b}"]),
        ("{a}", ["{a}"]),
        ("{", ["{"]),
    ],
)
def test_braces_are_expanded(pattern: str, expanded: list[str]) -> None:
    assert expand_braces("files", pattern) == expanded


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("{a,b}" * 20, "10,000"),
        ("{a,b}" * 20_000, "10,000"),
        ("{,}" * 20, "10,000"),
        ("{1..999999999}", "10,000"),
        ("{a,b}" * 13 + "x" * 100_000, "4,000,000"),
        ("{" * 2**20, ""),
        ("{a," * 3000 + "}" * 3000, ""),
    ],
    ids=["2^20", "2^20000", "empty alternatives", "a range", "long", "2^20 open", "nested"],
)
def test_braces_with_too_many_expansions_are_refused_quickly(pattern: str, limit: str) -> None:
    started = time.monotonic()
    with pytest.raises(InputError, match="`expect`") as caught:
        expand_braces("expect", pattern)
    assert limit in caught.value.fix
    assert time.monotonic() - started < 10


def test_all_patterns_of_an_input_share_one_limit() -> None:
    pattern = "{0..4999}"
    assert brace_errors("prune", [pattern] * 2) == {}
    with pytest.raises(InputError, match=f"{MAX_EXPANSIONS:,}"):
        brace_errors("prune", [pattern] * 3)


def test_each_pattern_with_too_many_expansions_is_reported() -> None:
    errors = brace_errors("prune", ["{1..99999}", "*.zip", "{1..88888}"])
    assert list(errors) == ["{1..99999}", "{1..88888}"]
    assert all(pattern in str(error) for pattern, error in errors.items())
