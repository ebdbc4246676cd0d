import pytest

from release_assets.digest import Digest
from release_assets.light_dataclasses import replace
from release_assets.models import MAX_ASSETS, Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan import steps
from release_assets.plan.assets import Overwrite, Plan, assets_to_read, files_to_hash, plan_assets
from release_assets.plan.errors import (
    AssetExistsError,
    CaseClashError,
    TooManyAssetsError,
    UnknownStateError,
    UnsafePlanError,
)
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.steps import Keep, Refuse, Relabel, Replace, Restore, Skip, Step, Upload
from tests.support.samples import A, B, C, asset, local_file, starter, unclear

FILE = local_file()  # its bytes are A
LABELLED = local_file(label="For Linux")
SAME = asset()
OTHER = asset(digest=B)
STARTER = starter(id=2)
STAGED = asset(staging_name("app.zip", A), id=11, digest=A)
STALE = asset(staging_name("app.zip", C), id=12, digest=C)
BACKUP = asset(backup_name("app.zip", A), id=14, digest=B)
BACKUP_SAME = asset(backup_name("app.zip", C), id=15, digest=A)


def plan(assets: list[Asset], overwrite: Overwrite = "true", **known: object) -> Plan:
    knowledge = KnownDigests(local={"app.zip": A}, **known)  # type: ignore[arg-type]
    return plan_assets([FILE], assets, overwrite=overwrite, known=knowledge)


def step(assets: list[Asset], overwrite: Overwrite = "true", **known: object) -> Step:
    (only,) = plan(assets, overwrite, **known).steps
    return only


POLICIES: tuple[Overwrite, ...] = ("false", "true", "skip")


@pytest.mark.parametrize("overwrite", POLICIES)
@pytest.mark.parametrize(
    ("assets", "expected"),
    [
        pytest.param([], Upload(file=FILE), id="nothing: upload"),
        pytest.param([asset("other.zip")], Upload(file=FILE), id="assets with other names: upload"),
        pytest.param(
            [STARTER], Upload(file=FILE, obsolete=(STARTER,)), id="starter: upload, always"
        ),
        pytest.param([SAME], Keep(file=FILE, asset=SAME), id="same bytes: keep"),
        pytest.param(
            [SAME, starter("APP.zip", id=2)],
            Keep(file=FILE, asset=SAME, obsolete=(starter("APP.zip", id=2),)),
            id="same content and a starter: keep, delete the starter",
        ),
    ],
)
def test_steps_that_do_not_depend_on_overwrite(
    assets: list[Asset], expected: Step, overwrite: Overwrite
) -> None:
    assert step(assets, overwrite) == expected


@pytest.mark.parametrize(
    ("there", "known"),
    [
        pytest.param(OTHER, True, id="other digest"),
        pytest.param(asset(digest=B, size=11), True, id="other size"),
        pytest.param(asset(digest=None, size=11), True, id="other size, no digest"),
        pytest.param(asset(digest=None), False, id="same size, no digest"),
    ],
)
def test_other_content_depends_on_overwrite(there: Asset, known: bool) -> None:
    refused = step([there], "false")
    assert isinstance(refused, Refuse)
    assert isinstance(refused.error, AssetExistsError)
    assert ("verify: download" in str(refused.error)) is not known
    assert there.browser_download_url in refused.error.where
    assert step([there], "skip") == Skip(file=FILE, asset=there)
    assert step([there], "true") == Replace(file=FILE, old=there)


UNCLEAR = unclear(id=3)  # its reported digest is that of the file


def test_an_asset_in_an_unknown_state_is_not_kept() -> None:
    refused = step([UNCLEAR], "false")
    assert isinstance(refused, Refuse)
    assert isinstance(refused.error, UnknownStateError)
    assert "`open`" in refused.error.what
    assert UNCLEAR.browser_download_url in str(refused.error)
    assert step([UNCLEAR], "skip") == Skip(file=FILE, asset=UNCLEAR)
    assert step([UNCLEAR], "true") == Replace(file=FILE, old=UNCLEAR)
    assert not plan([UNCLEAR], "false").writes


def test_an_asset_in_an_unknown_state_is_not_read() -> None:
    there = unclear(digest=None)
    staged = unclear(staging_name("app.zip", A), id=2, digest=None)
    assert assets_to_read([FILE], [there, staged], every=True) == ()
    assert files_to_hash([FILE], [there], overwrite="false") == ()
    assert files_to_hash([FILE], [there], overwrite="true") == (FILE,)
    assert step([there], remote={1: A}) == Replace(file=FILE, old=there)


def test_an_unknown_state_and_a_backup_are_both_kept() -> None:
    for overwrite in ("true", "false"):
        refused = step([UNCLEAR, BACKUP], overwrite)
        assert isinstance(refused, Refuse)
        assert f"`{BACKUP.name}`" in str(refused.error)
        assert "overwrite" not in str(refused.error)
    assert step([UNCLEAR, BACKUP], "skip") == Skip(file=FILE, asset=UNCLEAR)


def test_a_digest_that_was_read_back_counts() -> None:
    there = asset(digest=None)
    assert assets_to_read([FILE], [there], every=True) == (there,)
    assert step([there], remote={1: A}) == Keep(file=FILE, asset=there)
    assert step([there], remote={1: B}) == Replace(file=FILE, old=there)


def test_only_assets_of_the_same_size_are_read() -> None:
    unread = [asset(digest=None, size=11), asset("other.zip", id=2, digest=None), BACKUP]
    staged = asset(staging_name("app.zip", A), id=3, digest=None)
    backup = asset(backup_name("app.zip", B), id=4, digest=None)
    assert assets_to_read([FILE], [*unread, staged, backup], every=True) == (
        staged,
        backup,
    )
    assert assets_to_read([FILE], [backup], every=True) == (backup,)
    final = asset(id=5, digest=None)
    assert assets_to_read([FILE], [final, staged, backup], every=False) == (staged,)


def test_an_error_gives_an_address_even_without_a_public_one() -> None:
    there = replace(OTHER, browser_download_url="")
    assert there.url in str(plan([there], "false").refusals[0])


SPACED = local_file("App 1.zip")


@pytest.mark.parametrize(
    ("step", "name"),
    [
        pytest.param(Replace(file=FILE, old=OTHER), "app.zip", id="its own name"),
        pytest.param(
            Replace(file=FILE, old=asset("APP.zip")), "app.zip", id="its own name in its case"
        ),
        pytest.param(
            Replace(file=SPACED, old=asset("App_1.zip")),
            "App_1.zip",
            id="as an earlier GitHub rewrote it",
        ),
        pytest.param(
            Replace(file=SPACED, old=asset(backup_name("App_1.zip", A))),
            "App_1.zip",
            id="as an earlier GitHub rewrote it, as a backup",
        ),
        pytest.param(
            Replace(file=SPACED, old=None, staged=asset(staging_name("App_1.zip", A))),
            "App_1.zip",
            id="as an earlier GitHub rewrote it, without an asset",
        ),
        pytest.param(Replace(file=FILE, old=None), "app.zip", id="no asset"),
        pytest.param(
            Restore(file=FILE, asset=asset(backup_name("app.zip", A))), "app.zip", id="restored"
        ),
        pytest.param(
            Restore(file=FILE, asset=asset("App.zip")), "app.zip", id="restored in its case"
        ),
    ],
)
def test_the_final_name_of_an_asset(step: Replace | Restore, name: str) -> None:
    assert steps.final_name(step) == name


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("For Linux", Keep),
        ("", Relabel),
        (None, Relabel),
        ("for linux", Relabel),
    ],
)
def test_another_label_is_updated(label: str | None, expected: type[Step]) -> None:
    there = asset(label=label)
    known = KnownDigests(local={"app.zip": A})
    (only,) = plan_assets([LABELLED], [there], overwrite="false", known=known).steps
    assert only == expected(file=LABELLED, asset=there)  # type: ignore[call-arg]


def test_a_label_stays_if_the_file_has_none() -> None:
    there = asset(label="Somebody's")
    assert step([there], "false") == Keep(file=FILE, asset=there)


@pytest.mark.parametrize("digest", [A, B])
def test_an_asset_whose_name_differs_in_case_is_replaced(digest: Digest) -> None:
    there = asset("App.zip", digest=digest)
    refused = step([there], "false")
    assert isinstance(refused, Refuse)
    assert isinstance(refused.error, CaseClashError)
    assert f"`{FILE.name}`" in refused.error.what
    assert "`dist/app.zip => App.zip`" in str(refused.error)
    skipped = step([there], "skip")
    assert isinstance(skipped, Keep | Skip)
    assert skipped.asset == there
    swapped = step([there], "true")
    assert isinstance(swapped, Restore | Replace)
    assert steps.final_name(swapped) == "app.zip"


@pytest.mark.parametrize(
    ("assets", "overwrite", "hashed"),
    [
        pytest.param([], "true", False, id="no asset: hashed during the upload"),
        pytest.param([STARTER], "true", False, id="a starter: hashed during the upload"),
        pytest.param([asset(size=11)], "false", False, id="another size"),
        pytest.param([asset(size=11)], "skip", False, id="another size, skip"),
        pytest.param([asset(size=11)], "true", True, id="a swap needs the digest for its names"),
        pytest.param([SAME], "false", True, id="the same size"),
        pytest.param([SAME], "skip", True, id="the same size, skip"),
        pytest.param([asset(size=11), BACKUP], "false", True, id="leftovers"),
    ],
)
def test_a_file_is_hashed_only_if_needed(
    assets: list[Asset], overwrite: Overwrite, hashed: bool
) -> None:
    files = files_to_hash([FILE], assets, overwrite=overwrite)
    assert files == ((FILE,) if hashed else ())


# The set as a whole


def full(count: int) -> list[Asset]:
    return [asset(f"{i}.bin", id=100 + i) for i in range(count)]


@pytest.mark.parametrize(
    ("assets", "fits"),
    [
        pytest.param(full(MAX_ASSETS - 1), True, id="the last place"),
        pytest.param(full(MAX_ASSETS), False, id="no place"),
        pytest.param([*full(MAX_ASSETS - 1), STARTER], True, id="the place of a starter"),
        pytest.param([*full(MAX_ASSETS - 1), SAME], True, id="exists already"),
        pytest.param([*full(MAX_ASSETS), SAME], True, id="more than there can be, nothing to add"),
        pytest.param([*full(MAX_ASSETS - 2), OTHER], True, id="a swap in the last place"),
        pytest.param([*full(MAX_ASSETS - 1), OTHER], False, id="no place for a swap"),
        pytest.param(
            [*full(MAX_ASSETS - 2), OTHER, STALE], True, id="a swap in the place of a starter"
        ),
        pytest.param([*full(MAX_ASSETS - 2), OTHER, STAGED], True, id="a swap that is half done"),
    ],
)
def test_a_release_has_at_most_a_thousand_assets(assets: list[Asset], fits: bool) -> None:
    planned = plan(assets)
    assert [type(fault) for fault in planned.errors] == ([] if fits else [TooManyAssetsError])
    assert planned.refusals == planned.errors


LIST = asset("SUMS", id=4)


@pytest.mark.parametrize("name", ["SUMS", "sums"])
@pytest.mark.parametrize(
    ("assets", "fits"),
    [
        pytest.param(full(MAX_ASSETS - 2), True, id="the last two places"),
        pytest.param(full(MAX_ASSETS - 1), False, id="one place"),
        pytest.param([*full(MAX_ASSETS - 1), SAME], False, id="no place, only the list to add"),
        pytest.param([*full(MAX_ASSETS - 2), SAME], True, id="a place, only the list to add"),
        pytest.param([*full(MAX_ASSETS - 2), OTHER], True, id="a swap, and then the list"),
        pytest.param([*full(MAX_ASSETS - 3), LIST], True, id="a place to swap the list in"),
        pytest.param([*full(MAX_ASSETS - 2), LIST], False, id="no place to swap the list in"),
        pytest.param([*full(MAX_ASSETS - 2), SAME, LIST], True, id="the list is up to date"),
        pytest.param(
            [*full(MAX_ASSETS - 2), BACKUP_SAME, LIST], False, id="a restored asset is listed"
        ),
        pytest.param(
            [*full(MAX_ASSETS - 2), starter("SUMS", id=4)], True, id="the list is a starter"
        ),
    ],
)
def test_the_checksums_file_counts_as_an_asset(assets: list[Asset], fits: bool, name: str) -> None:
    known = KnownDigests(local={"app.zip": A})
    planned = plan_assets([FILE], assets, overwrite="true", known=known, extra=[name])
    assert [type(fault) for fault in planned.errors] == ([] if fits else [TooManyAssetsError])


def test_pruning_changes_the_checksums_file() -> None:
    assets = [*full(MAX_ASSETS - 2), SAME, LIST]
    known = KnownDigests(local={"app.zip": A})
    planned = plan_assets(
        [FILE], assets, overwrite="true", known=known, prune=assets[:1], extra=["SUMS"]
    )
    assert [str(fault) for fault in planned.errors] == [
        str(TooManyAssetsError(1000, 1000, swap=True))
    ]


def test_pruned_assets_still_count_since_pruning_comes_last() -> None:
    assets = full(MAX_ASSETS)
    known = KnownDigests()
    planned = plan_assets([FILE], assets, overwrite="true", known=known, prune=assets[:5])
    assert planned.prune == tuple(assets[:5])
    assert len(planned.errors) == 1


@pytest.mark.parametrize(
    ("assets", "overwrite", "writes"),
    [
        ([], "false", True),
        ([SAME], "false", False),
        ([SAME, STALE], "false", True),
        ([OTHER], "skip", False),
        ([OTHER], "false", False),
        ([OTHER], "true", True),
        ([BACKUP_SAME], "true", True),
    ],
)
def test_a_plan_says_whether_it_writes(
    assets: list[Asset], overwrite: Overwrite, writes: bool
) -> None:
    assert plan(assets, overwrite).writes is writes


def test_pruning_is_a_write() -> None:
    known = KnownDigests(local={"app.zip": A})
    gone = asset("old.zip", id=9)
    planned = plan_assets([FILE], [SAME], overwrite="false", known=known, prune=[gone])
    assert planned.prune == (gone,)
    assert planned.writes


def test_an_asset_that_a_step_uses_is_not_pruned() -> None:
    known = KnownDigests(local={"app.zip": A})
    planned = plan_assets([FILE], [SAME], overwrite="false", known=known, prune=[SAME])
    assert planned.prune == ()
    assert not planned.writes


def test_a_plan_that_deletes_an_asset_which_it_keeps_is_refused() -> None:
    """For any cause; here a list has one asset twice, with two names."""
    other = local_file("other.zip")
    kept = asset(id=987654321)
    twice = asset(backup_name("other.zip", A), id=kept.id, digest=A)
    known = KnownDigests(local={"app.zip": A, "other.zip": A})
    there = [kept, asset("other.zip", id=2), twice]
    planned = plan_assets([FILE, other], there, overwrite="true", known=known)
    (fault,) = planned.errors
    assert isinstance(fault, UnsafePlanError)
    assert f"`{twice.name}`" in fault.what
    assert str(twice.id) in fault.what


def test_a_plan_that_deletes_an_asset_twice_is_refused() -> None:
    """For any cause; here a list has two starters with one id."""
    files = [local_file(), local_file("other.zip")]
    there = [starter(id=5), starter("other.zip", id=5)]
    planned = plan_assets(files, there, overwrite="true", known=KnownDigests())
    (fault,) = planned.errors
    assert isinstance(fault, UnsafePlanError)


def test_a_relabeled_asset_has_its_leftovers_deleted() -> None:
    known = KnownDigests(local={"app.zip": A})
    planned = plan_assets([LABELLED], [SAME, STALE], overwrite="true", known=known)
    assert planned.steps == (Relabel(file=LABELLED, asset=SAME, obsolete=(STALE,)),)


def test_the_steps_are_in_the_order_of_the_files() -> None:
    files = [local_file(name) for name in ("c.zip", "a.zip", "b.zip")]
    planned = plan_assets(files, [], overwrite="false", known=KnownDigests())
    assert [one.file for one in planned.steps] == files
