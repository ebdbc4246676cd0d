"""What a set still lacks, what may go, and who came last."""

from dataclasses import replace

import pytest

from release_assets.expect import after, finished, is_older, missing, newest, swapping, to_prune
from release_assets.names import backup_name, staging_name
from tests.support.samples import A, asset, husk

STAGED = staging_name("app.zip", A)
BACKUP = backup_name("app.zip", A)
NOW = 1_751_328_000.0  # 2025-07-01T00:00:00Z, when the samples were finished


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
def test_what_lacks(expected: list[str], lacking: tuple[str, ...]) -> None:
    assets = [asset("a.zip"), husk("half.zip"), asset(STAGED), asset(BACKUP)]
    assert missing(expected, assets) == lacking


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
def test_what_may_go(patterns: list[str], pruned: list[str]) -> None:
    names = ["keep.zip", "theirs-1.zip", "old.zip", "old.txt", STAGED, BACKUP]
    assets = [*map(asset, names), husk("half.zip")]
    found = to_prune(patterns, assets, keep=["Keep.zip"], expected=["theirs-*.zip"])
    assert [one.name for one in found] == pruned


def test_the_last_one_is_the_same_for_all_who_ask() -> None:
    assets = [asset("a", id=3), asset("b", id=9), asset(STAGED, id=11), husk("c", id=12)]
    for order in (assets, assets[::-1]):
        last = newest(order)
        assert last is not None
        assert last.id == 9
    assert newest([]) is None
    assert [one.id for one in finished(assets)] == [3, 9]
    assert [one.id for one in swapping(assets)] == [11]


@pytest.mark.parametrize(("ours", "place"), [({9}, 0), ({3}, 1), ({3, 9}, 0), ({12}, 2), ((), 2)])
def test_how_many_came_after_ours(ours: set[int], place: int) -> None:
    assets = [asset("a", id=3), asset("b", id=9), asset(STAGED, id=11), husk("c", id=12)]
    assert after(assets, ours) == place


def test_many_names_that_are_half_there() -> None:
    names = [f"app-{number}.zip" for number in range(1000)]
    assets = [asset(name) for name in names[:500]]
    assert missing(names, assets) == tuple(names[500:])


@pytest.mark.parametrize(("now", "older"), [(NOW + 61, True), (NOW + 59, False), (0.0, False)])
def test_the_age_of_an_asset(now: float, *, older: bool) -> None:
    assert is_older(asset(), 60, now) is older


def test_an_age_that_nobody_knows_is_none() -> None:
    assert not is_older(replace(asset(), updated_at=""), 60, NOW * 2)
    assert is_older(replace(asset(), updated_at="2025-07-01T00:00:00"), 60, NOW + 61)
