import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.standing import Places, Standing
from tests.support.samples import A, B, asset, husk, local_file, unclear

STAGED = asset(staging_name("app.zip", A), id=11)
BACKUP = asset(backup_name("app.zip", A), id=12, digest=B)
OLDER = asset(backup_name("app.zip", B), id=6)
OTHERS = asset(staging_name("other.zip", A), id=13)
SPACED = asset("App_1.zip", id=5, label="App 1.zip")  # renamed otherwise than we foresee


@pytest.mark.parametrize(
    ("requested", "assets", "expected"),
    [
        pytest.param("app.zip", [], Standing(), id="nothing"),
        pytest.param("app.zip", [asset()], Standing(final=asset()), id="by name"),
        pytest.param("app.zip", [asset("app.zip.asc")], Standing(), id="by the whole name"),
        pytest.param(
            "app.zip", [asset("App.ZIP")], Standing(final=asset("App.ZIP")), id="in any case"
        ),
        pytest.param(
            "app.zip",
            [asset("APP.zip", id=1), asset(id=2)],
            Standing(final=asset(id=2)),
            id="the same case rather",
        ),
        pytest.param("app.zip", [husk()], Standing(husks=(husk(),)), id="a husk"),
        pytest.param(
            "app.zip",
            [husk("APP.zip", id=1), asset(id=2)],
            Standing(final=asset(id=2), husks=(husk("APP.zip", id=1),)),
            id="a husk in another case",
        ),
        pytest.param(
            "app.zip",
            [STAGED, asset(), BACKUP],
            Standing(final=asset(), staged=(STAGED,), backups=(BACKUP,)),
            id="leftovers of a swap",
        ),
        pytest.param(
            "app.zip",
            [husk(STAGED.name, id=4), husk(BACKUP.name, id=5)],
            Standing(husks=(husk(STAGED.name, id=4), husk(BACKUP.name, id=5))),
            id="husks of a swap",
        ),
        pytest.param("app.zip", [unclear()], Standing(final=unclear()), id="in an unknown state"),
        pytest.param(
            "app.zip",
            [husk(id=1), unclear("APP.zip", id=2)],
            Standing(final=unclear("APP.zip", id=2), husks=(husk(id=1),)),
            id="in an unknown state, and a husk in another case",
        ),
        pytest.param(
            "app.zip",
            [unclear(STAGED.name, id=4), unclear(BACKUP.name, id=5), OLDER],
            Standing(
                staged=(unclear(STAGED.name, id=4),),
                backups=(OLDER, unclear(BACKUP.name, id=5)),
            ),
            id="leftovers in an unknown state, the complete first",
        ),
        pytest.param("app.zip", [OTHERS], Standing(), id="leftovers of another"),
        pytest.param(
            "app.zip",
            [asset(STAGED.name[:-1] + "x")],
            Standing(),
            id="what merely looks like a leftover",
        ),
        pytest.param("App 1.zip", [SPACED], Standing(final=SPACED), id="by label"),
        pytest.param(
            "App 1.zip",
            [SPACED, asset("App.1.zip", id=6)],
            Standing(final=asset("App.1.zip", id=6)),
            id="by name rather than by label",
        ),
        pytest.param(
            "app.zip",
            [asset("other.zip", label="app.zip")],
            Standing(),
            id="not by label where the name stays",
        ),
        pytest.param(
            "App 1.zip",
            [asset("setup.exe", label="App 1.zip")],
            Standing(),
            id="not by label what no renaming can give",
        ),
    ],
)
def test_standing(requested: str, assets: list[Asset], expected: Standing) -> None:
    assert Places(assets).standing(local_file(requested)) == expected


def test_a_label_of_ones_own_is_no_trace_of_a_name() -> None:
    # After the first upload the label would be another, and the asset not be found again.
    file = local_file("App 1.zip", label="For Linux")
    assert Places([SPACED]).standing(file) == Standing()


def test_a_leftover_is_no_asset_of_its_own() -> None:
    file = local_file(STAGED.name)
    assert Places([STAGED]).standing(file).final is None


def test_what_a_file_has_claimed_by_its_name_no_other_has_by_its_label() -> None:
    spaced, underscored = local_file("App 1.zip"), local_file("App_1.zip")
    places = Places([SPACED], [spaced, underscored])
    assert places.standing(underscored).final == SPACED
    assert places.standing(spaced) == Standing()


def test_a_leftover_under_its_own_name_counts_before_any_label() -> None:
    backup = asset(backup_name("App.1.zip", A), id=6, digest=B)
    there = Places([backup, SPACED]).standing(local_file("App 1.zip"))
    assert there == Standing(backups=(backup,))
