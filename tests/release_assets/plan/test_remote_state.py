import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan.remote_state import RemoteAssets, RemoteState
from tests.support.samples import A, B, asset, local_file, starter, unclear

STAGED = asset(staging_name("app.zip", A), id=11)
BACKUP = asset(backup_name("app.zip", A), id=12, digest=B)
OLDER = asset(backup_name("app.zip", B), id=6)
OTHERS = asset(staging_name("other.zip", A), id=13)
SPACED = asset(
    "App_1.zip", id=5, label="App 1.zip"
)  # renamed in another way than the program predicts


@pytest.mark.parametrize(
    ("requested", "assets", "expected"),
    [
        pytest.param("app.zip", [], RemoteState(), id="no asset"),
        pytest.param("app.zip", [asset()], RemoteState(final=asset()), id="by name"),
        pytest.param("app.zip", [asset("app.zip.asc")], RemoteState(), id="by the requested name"),
        pytest.param(
            "app.zip", [asset("App.ZIP")], RemoteState(final=asset("App.ZIP")), id="in another case"
        ),
        pytest.param(
            "app.zip",
            [asset("APP.zip", id=1), asset(id=2)],
            RemoteState(final=asset(id=2)),
            id="the same case takes precedence",
        ),
        pytest.param("app.zip", [starter()], RemoteState(starters=(starter(),)), id="a starter"),
        pytest.param(
            "app.zip",
            [starter("APP.zip", id=1), asset(id=2)],
            RemoteState(final=asset(id=2), starters=(starter("APP.zip", id=1),)),
            id="a starter in another case",
        ),
        pytest.param(
            "app.zip",
            [STAGED, asset(), BACKUP],
            RemoteState(final=asset(), staged=(STAGED,), backups=(BACKUP,)),
            id="leftovers of a swap",
        ),
        pytest.param(
            "app.zip",
            [starter(STAGED.name, id=4), starter(BACKUP.name, id=5)],
            RemoteState(starters=(starter(STAGED.name, id=4), starter(BACKUP.name, id=5))),
            id="starters of a swap",
        ),
        pytest.param(
            "app.zip", [unclear()], RemoteState(final=unclear()), id="in an unknown state"
        ),
        pytest.param(
            "app.zip",
            [starter(id=1), unclear("APP.zip", id=2)],
            RemoteState(final=unclear("APP.zip", id=2), starters=(starter(id=1),)),
            id="in an unknown state, and a starter in another case",
        ),
        pytest.param(
            "app.zip",
            [unclear(STAGED.name, id=4), unclear(BACKUP.name, id=5), OLDER],
            RemoteState(
                staged=(unclear(STAGED.name, id=4),),
                backups=(OLDER, unclear(BACKUP.name, id=5)),
            ),
            id="leftovers in an unknown state, complete ones first",
        ),
        pytest.param("app.zip", [OTHERS], RemoteState(), id="leftovers of another file"),
        pytest.param(
            "app.zip",
            [asset(STAGED.name[:-1] + "x")],
            RemoteState(),
            id="a name similar to that of a leftover",
        ),
        pytest.param("App 1.zip", [SPACED], RemoteState(final=SPACED), id="by label"),
        pytest.param(
            "App 1.zip",
            [SPACED, asset("App.1.zip", id=6)],
            RemoteState(final=asset("App.1.zip", id=6)),
            id="by name rather than by label",
        ),
        pytest.param(
            "app.zip",
            [asset("other.zip", label="app.zip")],
            RemoteState(),
            id="not by label if GitHub keeps the name",
        ),
        pytest.param(
            "App 1.zip",
            [asset("setup.exe", label="App 1.zip")],
            RemoteState(),
            id="not by label if GitHub cannot have rewritten the name so",
        ),
    ],
)
def test_assets_have_their_roles_for_a_file(
    requested: str, assets: list[Asset], expected: RemoteState
) -> None:
    assert RemoteAssets(assets).state_of(local_file(requested)) == expected


def test_a_custom_label_does_not_identify_an_asset() -> None:
    # After the first upload the asset has another label, and would not be found again.
    file = local_file("App 1.zip", label="For Linux")
    assert RemoteAssets([SPACED]).state_of(file) == RemoteState()


def test_a_leftover_belongs_to_its_final_name() -> None:
    file = local_file(STAGED.name)
    assert RemoteAssets([STAGED]).state_of(file).final is None


def test_a_match_by_name_excludes_a_match_by_label() -> None:
    spaced, underscored = local_file("App 1.zip"), local_file("App_1.zip")
    places = RemoteAssets([SPACED], [spaced, underscored])
    assert places.state_of(underscored).final == SPACED
    assert places.state_of(spaced) == RemoteState()


def test_a_leftover_matches_by_name_before_any_label() -> None:
    backup = asset(backup_name("App.1.zip", A), id=6, digest=B)
    there = RemoteAssets([backup, SPACED]).state_of(local_file("App 1.zip"))
    assert there == RemoteState(backups=(backup,))
