from itertools import product

import pytest

from release_assets.cli.selection import select_assets
from release_assets.digest import Digest
from release_assets.names import backup_name, staging_name
from tests.support.samples import asset

DIGEST = Digest("sha256:" + "a" * 64)
STAGED, ASIDE = staging_name("a.zip", DIGEST), backup_name("a.zip", DIGEST)
NAMES = ("a.zip", "b.zip", "c.deb", "A.zip", "x{1}.txt", STAGED, ASIDE)
ASSETS = tuple(asset(name, id=number) for number, name in enumerate(NAMES, 1))
URL = "https://github.com/octo-org/app/releases/tag/v1"


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        pytest.param(["a.zip"], ["a.zip"], id="a name matches only in its case"),
        pytest.param(["*.zip"], ["a.zip", "b.zip", "A.zip"], id="no asset of a swap by a pattern"),
        pytest.param([STAGED], [STAGED], id="an asset of a swap by its full name"),
        pytest.param(["*.{zip,deb}", "!b*"], ["a.zip", "c.deb", "A.zip"], id="excluded braces"),
        pytest.param(["!*.zip"], ["c.deb", "x{1}.txt"], id="all except one"),
        pytest.param(["b.zip", "a.zip"], ["a.zip", "b.zip"], id="in the order of the release"),
        pytest.param(["a.zip", "a*"], ["a.zip"], id="each asset once"),
        pytest.param(["x{1}.txt"], ["x{1}.txt"], id="a name is not interpreted as a pattern"),
        pytest.param(["?.deb"], ["c.deb"], id="a question mark"),
    ],
)
def test_patterns_select_assets(patterns: list[str], names: list[str]) -> None:
    chosen = select_assets(patterns, ASSETS, URL)
    assert [asset.name for asset in chosen.assets] == names
    assert chosen.errors == ()


def test_each_pattern_without_a_match_is_an_error() -> None:
    chosen = select_assets(["a.zip", "no", "*.exe", "!none"], ASSETS, URL)
    named = zip(chosen.errors, ("`no`", "`*.exe`"), strict=True)
    assert all(pattern in error.what for error, pattern in named)
    assert all(URL in str(fault) for fault in chosen.errors)


@pytest.mark.parametrize("patterns", [["*.zip", "!*"], ["!*"]])
def test_excluding_every_selected_asset_is_an_error(patterns: list[str]) -> None:
    (fault,) = select_assets(patterns, ASSETS, URL).errors
    assert f"`{' '.join(patterns)}`" in fault.what


def test_only_matching_assets_are_selected() -> None:
    patterns = ("a.zip", "*", "!*.zip", "!b.zip", "[ab]*")
    for count in (1, 2, 3):
        for asked in product(patterns, repeat=count):
            names = {asset.name for asset in select_assets(asked, ASSETS, URL).assets}
            assert not names & {STAGED, ASIDE}, asked
            assert "b.zip" not in names or "!b.zip" not in asked, asked
            assert "!*.zip" not in asked or names <= {"c.deb", "x{1}.txt"}, asked
