"""The properties of each kind of step."""

import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan.errors import AssetExistsError
from release_assets.plan.steps import (
    Keep,
    Refuse,
    Relabel,
    Replace,
    Restore,
    Skip,
    Step,
    Upload,
    assets_kept_by,
    deletions_of,
    differs_in_case,
    final_name,
    has_upload,
    is_update,
    is_write,
    obsolete_assets_of,
    status_of,
    with_digests,
)
from tests.support.samples import A, B, asset, local_file, starter

FILE = local_file()
OLD = asset(digest=B)
LEFT = starter(id=2)
STAGED = asset(staging_name("app.zip", A), id=3, digest=None)
BACKUP = asset(backup_name("app.zip", A), id=4, digest=B)
REFUSE = Refuse(file=FILE, error=AssetExistsError("dist/app.zip", "app.zip", "", known=True))

# Step, status, whether it writes, sends bytes, needs no content; ids that it keeps and deletes.
STEPS = [
    (Upload(file=FILE), "uploaded", True, True, False, [], []),
    (Upload(file=FILE, obsolete=(LEFT,)), "uploaded", True, True, False, [], [2]),
    (Keep(file=FILE, asset=OLD), "unchanged", False, False, False, [1], []),
    (Keep(file=FILE, asset=OLD, obsolete=(LEFT,)), "unchanged", True, False, False, [1], [2]),
    (Relabel(file=FILE, asset=OLD), "unchanged", True, False, True, [1], []),
    (Replace(file=FILE, old=OLD), "replaced", True, True, False, [], [1]),
    (Replace(file=FILE, old=OLD, staged=STAGED), "replaced", True, False, True, [3], [1]),
    (Replace(file=FILE, old=None, staged=STAGED), "replaced", True, False, True, [3], []),
    (Restore(file=FILE, asset=BACKUP, obsolete=(LEFT,)), "replaced", True, False, True, [4], [2]),
    (Skip(file=FILE, asset=OLD), "skipped", False, False, False, [1], []),
    (REFUSE, "uploaded", False, False, False, [], []),
]


@pytest.mark.parametrize(
    ("step", "status", "does_write", "does_send", "no_content", "keeps", "deletes"),
    STEPS,
    ids=[f"{number}-{type(row[0]).__name__}" for number, row in enumerate(STEPS)],
)
def test_the_properties_of_a_step(
    step: Step,
    status: str,
    does_write: bool,
    does_send: bool,
    no_content: bool,
    keeps: list[int],
    deletes: list[int],
) -> None:
    assert status_of(step) == status
    assert is_write(step) is does_write
    assert has_upload(step) is does_send
    assert is_update(step) is no_content
    assert [one.id for one in assets_kept_by(step)] == keeps
    assert [one.id for one in deletions_of(step)] == deletes


def test_a_step_that_does_nothing_deletes_no_leftovers() -> None:
    assert obsolete_assets_of(Keep(file=FILE, asset=OLD, obsolete=(LEFT,))) == (LEFT,)
    assert obsolete_assets_of(Skip(file=FILE, asset=OLD)) == ()
    assert obsolete_assets_of(REFUSE) == ()


@pytest.mark.parametrize("kind", [Keep, Relabel, Restore, Skip])
def test_a_kept_asset_gets_the_digest_that_was_read_back(
    kind: type[Keep] | type[Relabel] | type[Restore] | type[Skip],
) -> None:
    unknown = asset(digest=None)
    step = with_digests(kind(file=FILE, asset=unknown), {1: B})
    assert step == kind(file=FILE, asset=asset(digest=B))
    assert with_digests(kind(file=FILE, asset=unknown), {2: B}).asset.digest is None  # type: ignore[union-attr]
    reported = kind(file=FILE, asset=asset(digest=A))
    assert with_digests(reported, {1: B}) == reported


def test_a_staged_asset_gets_the_digest_that_was_read_back_and_the_old_one_does_not() -> None:
    step = Replace(file=FILE, old=asset(digest=None), staged=STAGED)
    done = with_digests(step, {1: A, 3: A})
    assert isinstance(done, Replace)
    assert done.staged is not None
    assert done.staged.digest == A
    assert done.old == step.old
    upload = Upload(file=FILE)
    assert with_digests(upload, {1: A}) == upload


@pytest.mark.parametrize(
    ("there", "name"),
    [
        (asset("app.zip"), "app.zip"),
        (asset("APP.zip"), "app.zip"),
        (asset("app..zip"), "app..zip"),
        (BACKUP, "app.zip"),
        (asset(backup_name("app..zip", A)), "app..zip"),
    ],
    ids=["same", "other case", "rewritten", "backup", "backup, rewritten"],
)
def test_the_final_name_of_a_step(there: Asset, name: str) -> None:
    assert final_name(Restore(file=FILE, asset=there)) == name
    assert final_name(Replace(file=FILE, old=there)) == name
    assert final_name(Replace(file=FILE, old=None, staged=there)) == name


def test_the_final_name_without_assets_is_that_of_the_file() -> None:
    assert final_name(Replace(file=FILE, old=None)) == "app.zip"


@pytest.mark.parametrize(
    ("name", "differs"), [("app.zip", False), ("APP.ZIP", True), ("other.zip", False)]
)
def test_names_that_differ_only_in_case(name: str, differs: bool) -> None:
    assert differs_in_case(FILE, asset(name)) is differs
