"""Whether a release holds exactly what is wanted."""

import pytest

from release_assets.cli.verification import (
    Check,
    WantedAsset,
    assets_without_digest,
    verify_assets,
)
from release_assets.light_dataclasses import replace
from release_assets.models import Asset
from release_assets.names import staging_name
from tests.support.samples import A, B, asset, starter, unclear

WANTED = WantedAsset(name="app.zip", digest=A, source="dist/app.zip")
OTHER = WantedAsset(name="app.zip", digest=B, source="SHA256SUMS")
UNKNOWN = asset(digest=None)
STAGED = asset(staging_name("app.zip", A), id=9)


@pytest.mark.parametrize(
    ("wanted", "expected", "assets", "verdicts"),
    [
        pytest.param([], [], [], [], id="nothing"),
        pytest.param([WANTED], [], [asset()], [("app.zip", "ok")], id="same"),
        pytest.param([OTHER], [], [asset()], [("app.zip", "different")], id="different"),
        pytest.param(
            [WANTED, OTHER],
            [],
            [asset()],
            [("app.zip", "ok"), ("app.zip", "different")],
            id="two sources disagree",
        ),
        pytest.param(
            [WANTED, replace(WANTED, source="SHA256SUMS")],
            [],
            [asset()],
            [("app.zip", "ok")],
            id="two sources agree",
        ),
        pytest.param([WANTED], [], [], [("app.zip", "missing")], id="missing"),
        pytest.param([WANTED], [], [starter()], [("app.zip", "incomplete")], id="starter"),
        pytest.param([WANTED], [], [unclear()], [("app.zip", "incomplete")], id="unknown state"),
        pytest.param([WANTED], [], [UNKNOWN], [("app.zip", "ok")], id="read back"),
        pytest.param([OTHER], [], [UNKNOWN], [("app.zip", "different")], id="read back, different"),
        pytest.param(
            [WANTED],
            [],
            [asset("APP.zip")],
            [("app.zip", "missing"), ("APP.zip", "unexpected")],
            id="other case",
        ),
        pytest.param([], [], [asset()], [("app.zip", "unexpected")], id="unexpected"),
        pytest.param([], [], [starter()], [("app.zip", "unexpected")], id="unexpected starter"),
        pytest.param(
            [WANTED],
            [],
            [asset(), STAGED],
            [("app.zip", "ok"), (STAGED.name, "unexpected")],
            id="leftover of a swap",
        ),
        pytest.param([], ["app.zip"], [asset()], [("app.zip", "ok")], id="expected"),
        pytest.param([], ["*.zip"], [asset()], [("app.zip", "ok")], id="expected by pattern"),
        pytest.param([], ["*"], [starter()], [("app.zip", "incomplete")], id="expected starter"),
        pytest.param([], ["*.deb"], [], [("*.deb", "missing")], id="expected, missing"),
        pytest.param([WANTED], ["app.zip"], [asset()], [("app.zip", "ok")], id="both"),
        pytest.param([WANTED], ["app.zip"], [], [("app.zip", "missing")], id="both, missing"),
        pytest.param(
            [WANTED],
            ["*.zip"],
            [asset(), asset("b.zip", id=2), asset("c.deb", id=3)],
            [("app.zip", "ok"), ("b.zip", "ok"), ("c.deb", "unexpected")],
            id="all together",
        ),
    ],
)
def test_every_asset_and_every_name_gets_a_verdict(
    wanted: list[WantedAsset],
    expected: list[str],
    assets: list[Asset],
    verdicts: list[tuple[str, str]],
) -> None:
    checks = verify_assets(wanted, expected, assets, {1: A})
    assert [(check.name, check.verdict) for check in checks] == verdicts


def test_a_check_holds_what_was_found_and_what_was_wanted() -> None:
    (check,) = verify_assets([OTHER], [], [UNKNOWN], {1: A})
    assert check == Check(
        name="app.zip", verdict="different", asset=UNKNOWN, digest=A, wanted=OTHER
    )
    (check,) = verify_assets([], ["*"], [asset()], {})
    assert check == Check(name="app.zip", verdict="ok", asset=asset(), digest=A)


def test_only_complete_wanted_assets_without_a_digest_are_downloaded() -> None:
    others = [asset(id=2), starter(id=3), asset("other.zip", id=4, digest=None)]
    assert assets_without_digest([WANTED], [UNKNOWN, *others]) == (UNKNOWN,)
