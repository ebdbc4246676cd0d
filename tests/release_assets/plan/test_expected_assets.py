"""The missing assets of a set, and the assets to prune."""

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
    ("expected", "missing"),
    [
        pytest.param(["a.zip"], (), id="a name"),
        pytest.param(["*.zip"], (), id="a pattern"),
        pytest.param(["{a,z}.zip"], (), id="braces"),
        pytest.param(["A.zip"], ("A.zip",), id="case matters"),
        pytest.param(["a.zip", "b.*", "c"], ("b.*", "c"), id="several are missing"),
        pytest.param(["half.zip"], ("half.zip",), id="an incomplete asset is missing"),
        pytest.param([".hidden", "*"], (".hidden",), id="a star does not match a leading dot"),
        pytest.param(["app.zip*"], ("app.zip*",), id="assets of a swap do not count"),
    ],
)
def test_names_and_patterns_without_a_complete_asset_are_missing(
    expected: list[str], missing: tuple[str, ...]
) -> None:
    assets = [asset("a.zip"), starter("half.zip"), asset(STAGED), asset(BACKUP)]
    assert list_missing(expected, assets) == missing


@pytest.mark.parametrize(
    ("patterns", "pruned"),
    [
        pytest.param(["*.zip"], ["old.zip"], id="assets that match and are not of this run"),
        pytest.param(["*"], ["old.zip", "old.txt"], id="expected assets of other jobs stay"),
        pytest.param(["KEEP.zip"], [], id="case matters"),
        pytest.param([], [], id="no pattern"),
        pytest.param(["half.zip", STAGED, BACKUP], [], id="starters and assets of a swap stay"),
    ],
)
def test_matching_assets_of_no_job_are_pruned(patterns: list[str], pruned: list[str]) -> None:
    names = ["keep.zip", "theirs-1.zip", "old.zip", "old.txt", STAGED, BACKUP]
    assets = [*map(asset, names), starter("half.zip")]
    found = assets_to_prune(patterns, assets, keep=["Keep.zip"], expected=["theirs-*.zip"])
    assert [one.name for one in found] == pruned


def test_starters_and_staged_assets_are_not_complete() -> None:
    assets = [asset("a", id=3), asset("b", id=9), asset(STAGED, id=11), starter("c", id=12)]
    assert [one.id for one in complete_assets(assets)] == [3, 9]
    assert [one.id for one in assets_in_swap(assets)] == [11]


def test_half_of_many_names_are_missing() -> None:
    names = [f"app-{number}.zip" for number in range(1000)]
    assets = [asset(name) for name in names[:500]]
    assert list_missing(names, assets) == tuple(names[500:])
