from itertools import product

import pytest

from github_sandbox.names import stored_name
from tests.support.asset_names import DERIVED, OBSERVED


@pytest.mark.parametrize(("name", "expected", "evidence"), OBSERVED)
def test_names_are_rewritten_as_observed(name: str, expected: str, evidence: str) -> None:
    assert stored_name(name) == expected, evidence


@pytest.mark.parametrize(("name", "expected"), DERIVED)
def test_names_are_rewritten_as_derived(name: str, expected: str) -> None:
    assert stored_name(name) == expected


def test_rewriting_twice_changes_nothing() -> None:
    for name in ("".join(p) for n in range(1, 5) for p in product("aZ0.-_ é/(+", repeat=n)):
        once = stored_name(name)
        assert stored_name(once) == once, name
