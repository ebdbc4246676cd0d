import pytest

from release_assets.cli.asset_changes import delete_errors, find_asset, update_errors
from release_assets.light_dataclasses import replace
from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan.errors import NoAssetsError
from tests.support.samples import A, B, asset, release, starter, unclear

FINISHED = 1_751_328_000.0  # 2025-07-01T00:00:00Z, when the samples were finished
ALIVE, LONG_AGO = FINISHED - 60, FINISHED + 60  # oldest time of an active swap
APP = asset("app.zip", id=1)
OTHER = asset("other.zip", id=2)
STAGED = asset(staging_name("app.zip", B), id=3, digest=B)
ASIDE = asset(backup_name("app.zip", B), id=4)
LOCKED = replace(release(), immutable=True)


def errors_of_update(
    given: Asset, name: str | None, *others: Asset, since: float = ALIVE
) -> list[str]:
    return [str(error) for error in update_errors(given, name, release(), [given, *others], since)]


@pytest.mark.parametrize("name", [None, "app.zip", "App.zip", "new-1.0_x+y@z.zip", "no-suffix"])
def test_a_free_plain_name_is_accepted(name: str | None) -> None:
    assert errors_of_update(APP, name, OTHER) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("my app.zip", "`--name my.app.zip`"),
        ("é.zip", "`e.zip`"),
        ("a/b", "`a.b`"),
        (".x", "`default.x`"),
        ("???", "???"),
        ("other.zip", "`other.zip`"),
        ("OTHER.zip", "`other.zip`"),
        (staging_name("x", A), staging_name("x", A)),
    ],
)
def test_an_invalid_new_name_is_refused(name: str, expected: str) -> None:
    (error,) = errors_of_update(APP, name, OTHER)
    assert expected in error


def test_the_final_name_of_a_swap_is_taken() -> None:
    (error,) = errors_of_update(OTHER, "app.zip", STAGED)
    assert "`app.zip`" in error


@pytest.mark.parametrize("given", [starter(), unclear()])
def test_an_incomplete_asset_is_not_renamed(given: Asset) -> None:
    (error,) = errors_of_update(given, "new.zip")
    assert given.name in error


def test_an_asset_of_a_running_swap_is_not_changed() -> None:
    for given in (APP, STAGED, ASIDE):
        others = [one for one in (APP, STAGED, ASIDE) if one is not given]
        assert errors_of_update(given, None, *others)
        (error,) = delete_errors([given], release(), [APP, STAGED, ASIDE], ALIVE)
        assert given.name in error.what
    assert list(delete_errors([OTHER], release(), [APP, STAGED, OTHER], ALIVE)) == []


def test_a_stale_leftover_may_be_deleted_but_not_renamed() -> None:
    there = [APP, STAGED, ASIDE]
    assert list(delete_errors(there, release(), there, LONG_AGO)) == []
    (error,) = errors_of_update(STAGED, None, APP, since=LONG_AGO)
    assert STAGED.name in error
    assert errors_of_update(APP, None, STAGED, since=LONG_AGO) == []


def test_an_immutable_release_refuses_changes() -> None:
    expected = [
        *delete_errors([APP], LOCKED, [APP], ALIVE),
        *update_errors(APP, "new.zip", LOCKED, [APP], ALIVE),
    ]
    assert [error.title for error in expected] == ["Release is immutable"] * 2


def test_an_asset_is_found_by_its_exact_name() -> None:
    assert find_asset("app.zip", [OTHER, APP], "url") is APP
    with pytest.raises(NoAssetsError, match=r"`APP\.zip`"):
        find_asset("APP.zip", [OTHER, APP], "url")
