"""What a set still lacks, and what is pruned."""

import pytest

from release_assets.names import backup_name, staging_name
from release_assets.plan.expected_assets import (
    assets_in_swap,
    assets_to_prune,
    complete_assets,
    list_missing,
)
from tests.support.samples import A, asset, starter

STAGED = staging_name("app.zip", A)
BACKUP = backup_name("app.zip", A)


@pytest.mark.parametrize(
    ("expected", "lacking"),
    [
        pytest.param(["a.zip"], (), id="a name"),
        pytest.param(["*.zip"], (), id="a pattern"),
        pytest.param(["{a,z}.zip"], (), id="braces"),
        pytest.param(["A.zip"], ("A.zip",), id="upper and lower case are told apart"),
        pytest.param(["a.zip", "b.*", "c"], ("b.*", "c"), id="all that lack are told"),
        pytest.param(["half.zip"], ("half.zip",), id="what is not complete lacks"),
        pytest.param([".hidden", "*"], (".hidden",), id="a star is any name"),
        pytest.param(["app.zip*"], ("app.zip*",), id="what belongs to a swap is no asset"),
    ],
)
def test_missing_names_and_patterns(expected: list[str], lacking: tuple[str, ...]) -> None:
    assets = [asset("a.zip"), starter("half.zip"), asset(STAGED), asset(BACKUP)]
    assert list_missing(expected, assets) == lacking


@pytest.mark.parametrize(
    ("patterns", "pruned"),
    [
        pytest.param(["*.zip"], ["old.zip"], id="what matches and is not kept"),
        pytest.param(["*"], ["old.zip", "old.txt"], id="what others bring stays"),
        pytest.param(["KEEP.zip"], [], id="case matters to a pattern"),
        pytest.param([], [], id="nothing asked"),
        pytest.param(["half.zip", STAGED, BACKUP], [], id="nothing that is under way"),
    ],
)
def test_assets_to_prune(patterns: list[str], pruned: list[str]) -> None:
    names = ["keep.zip", "theirs-1.zip", "old.zip", "old.txt", STAGED, BACKUP]
    assets = [*map(asset, names), starter("half.zip")]
    found = assets_to_prune(patterns, assets, keep=["Keep.zip"], expected=["theirs-*.zip"])
    assert [one.name for one in found] == pruned


def test_starters_and_staged_assets_are_not_complete() -> None:
    assets = [asset("a", id=3), asset("b", id=9), asset(STAGED, id=11), starter("c", id=12)]
    assert [one.id for one in complete_assets(assets)] == [3, 9]
    assert [one.id for one in assets_in_swap(assets)] == [11]


def test_many_names_of_which_half_are_missing() -> None:
    names = [f"app-{number}.zip" for number in range(1000)]
    assets = [asset(name) for name in names[:500]]
    assert list_missing(names, assets) == tuple(names[500:])
