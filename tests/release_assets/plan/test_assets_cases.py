"""Plans of several files, and the text of refusals."""

from hashlib import sha256

import pytest

from release_assets.digest import Digest
from release_assets.light_dataclasses import replace
from release_assets.models import MAX_ASSETS, Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan.assets import (
    Overwrite,
    assets_to_read,
    files_to_hash,
    max_concurrent_swaps,
    plan_assets,
)
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.steps import Keep, Refuse, Relabel, Replace, Restore, Step, Upload
from tests.support.samples import A, B, C, asset, local_file, unclear

FILE = local_file()  # its bytes are A
NAIVE = local_file("naïve app.zip")  # GitHub renames it to naive.app.zip; the label keeps its name
PLAIN = local_file("naive-app.zip")


def refusal(there: list[Asset], overwrite: Overwrite) -> str:
    """Return what, where and fix of the refusal of the only file."""
    known = KnownDigests(local={FILE.name: A})
    (step,) = plan_assets([FILE], there, overwrite=overwrite, known=known).steps
    assert isinstance(step, Refuse)
    return f"{step.error.what} / {step.error.where} / {step.error.fix}"


@pytest.mark.parametrize(
    ("there", "overwrite", "named"),
    [
        pytest.param(
            [unclear(digest=B)],
            "false",
            ["`open`", "`overwrite: true`", "`overwrite: skip`"],
            id="in an unknown state",
        ),
        pytest.param(
            [unclear(digest=B), asset(backup_name("app.zip", A), id=2, digest=B)],
            "true",
            ["`open`", f"`{backup_name('app.zip', A)}`"],
            id="in an unknown state, with a backup beside it",
        ),
        pytest.param(
            [asset("APP.zip")],
            "false",
            ["`APP.zip`", "`dist/app.zip => APP.zip`", "`overwrite: true`"],
            id="in another case",
        ),
        pytest.param(
            [asset(digest=B)],
            "false",
            ["`overwrite: true`", "`overwrite: skip`"],
            id="with other bytes",
        ),
    ],
)
def test_a_refusal_names_the_file_the_asset_and_what_may_be_set(
    there: list[Asset], overwrite: Overwrite, named: list[str]
) -> None:
    shown = refusal(there, overwrite)
    assert all(token in shown for token in ("dist/app.zip", "`app.zip`", *named))


def test_a_label_does_not_match_the_asset_of_another_file() -> None:
    there = asset(PLAIN.name, label=NAIVE.requested_name, digest=None)
    files = [NAIVE, PLAIN]
    assert assets_to_read([NAIVE], [there], every=True) == (there,)
    assert assets_to_read(files, [there], every=True) == (there,)
    assert files_to_hash([NAIVE], [there], overwrite="true") == (NAIVE,)
    assert files_to_hash(files, [there], overwrite="true") == (PLAIN,)
    known = KnownDigests(local={file.name: A for file in files}, remote={there.id: A})
    steps = plan_assets(files, [there], overwrite="true", known=known).steps
    assert steps == (Upload(file=NAIVE), Keep(file=PLAIN, asset=there))


def only_step(there: list[Asset], digest: Digest = A, label: str | None = None) -> Step:
    file = replace(FILE, label=label)
    known = KnownDigests(local={FILE.name: digest})
    (step,) = plan_assets([file], there, overwrite="true", known=known).steps
    return step


def test_a_staged_asset_is_deleted_if_the_final_asset_has_its_content() -> None:
    stands, staged = asset(), asset(staging_name("app.zip", A), id=2)
    assert only_step([stands, staged]) == Keep(file=FILE, asset=stands, obsolete=(staged,))
    stands, stale = asset("APP.zip"), asset(staging_name("app.zip", C), id=3, digest=C)
    assert only_step([stands, stale]) == Restore(file=FILE, asset=stands, obsolete=(stale,))


@pytest.mark.parametrize("none", [None, ""])
def test_an_empty_label_equals_no_label(none: str | None) -> None:
    stands = asset(label=none)
    assert isinstance(only_step([stands], label=""), Keep)
    assert isinstance(only_step([stands], label="For Linux"), Relabel)


def test_without_digests_the_name_of_a_staged_asset_proves_nothing() -> None:
    digests = [Digest.of(sha256(content)) for content in (b"ours", b"theirs")]
    ours, theirs = (
        asset(staging_name("app.zip", digest), id=number, digest=None)
        for number, digest in enumerate(digests, 2)
    )
    there = [theirs, ours]
    assert set(assets_to_read([FILE], there, every=False)) == {ours, theirs}
    read = KnownDigests(
        local={FILE.name: digests[0]}, remote={ours.id: digests[0], theirs.id: digests[1]}
    )
    (step,) = plan_assets([FILE], there, overwrite="true", known=read).steps
    assert step == Replace(file=FILE, old=None, staged=ours, obsolete=(theirs,))
    unread = KnownDigests(local={FILE.name: digests[0]})
    (step,) = plan_assets([FILE], there, overwrite="true", known=unread).steps
    assert step == Upload(file=FILE, obsolete=(theirs, ours))


@pytest.mark.parametrize(
    ("there", "extra", "would_hold"),
    [
        pytest.param(MAX_ASSETS, [], 1001, id="no place"),
        pytest.param(MAX_ASSETS - 1, [], 1000, id="one place"),
        pytest.param(MAX_ASSETS - 2, [], None, id="two places"),
        pytest.param(MAX_ASSETS - 1, ["SUMS"], 1001, id="one place, and a checksums file to add"),
    ],
)
def test_an_upload_and_a_swap_need_room_for_two_assets(
    there: int, extra: list[str], would_hold: int | None
) -> None:
    files = [FILE, local_file("new.zip")]
    assets = [asset(digest=B)] + [asset(f"{n}.zip", id=n) for n in range(2, there + 1)]
    known = KnownDigests(local={FILE.name: A})
    planned = plan_assets(files, assets, overwrite="true", known=known, extra=extra)
    assert [error.title for error in planned.errors] == ["Too many assets"] * bool(would_hold)
    assert all(f"{would_hold}" in error.what for error in planned.errors)


UPLOAD = Upload(file=FILE)
SWAP = Replace(file=FILE, old=asset(digest=B))


@pytest.mark.parametrize(
    ("steps", "there", "free"),
    [
        pytest.param([], 0, MAX_ASSETS, id="an empty release"),
        pytest.param([SWAP] * 3, 10, MAX_ASSETS - 10, id="swaps take no place permanently"),
        pytest.param([UPLOAD] * 3, 10, MAX_ASSETS - 13, id="uploads take a place"),
        pytest.param([UPLOAD, SWAP], MAX_ASSETS - 2, 1, id="a place is left"),
        pytest.param([UPLOAD, SWAP], MAX_ASSETS - 1, 1, id="no place is left: one after the other"),
        pytest.param([SWAP], MAX_ASSETS, 1, id="a full release"),
    ],
)
def test_the_number_of_concurrent_swaps_is_limited_by_free_room(
    steps: list[Step], there: int, free: int
) -> None:
    assets = [asset(f"{number}.zip", id=number) for number in range(there)]
    assert max_concurrent_swaps(steps, assets) == free
