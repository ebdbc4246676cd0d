"""Leftovers of an interrupted run, and the step of the next run for each."""

import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan.assets import assets_to_read, files_to_hash, plan_assets
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.steps import Keep, Replace, Restore, Step, Upload
from tests.support.samples import A, B, C, asset, local_file, starter, unclear

FILE = local_file()  # its bytes are A
SAME = asset()
OTHER = asset(digest=B)
STAGED = asset(staging_name("app.zip", A), id=11, digest=A)
STALE = asset(staging_name("app.zip", C), id=12, digest=C)
STAGED_STARTER = starter(staging_name("app.zip", A), id=13)
BACKUP = asset(backup_name("app.zip", A), id=14, digest=B)
BACKUP_SAME = asset(backup_name("app.zip", C), id=15, digest=A)
STAGED_UNCLEAR = unclear(staging_name("app.zip", A), id=17)
BACKUP_UNCLEAR = unclear(backup_name("app.zip", A), id=18)
BACKUP_STARTER = starter(backup_name("app.zip", A), id=16)


def step(assets: list[Asset], **known: object) -> Step:
    knowledge = KnownDigests(local={"app.zip": A}, **known)  # type: ignore[arg-type]
    (only,) = plan_assets([FILE], assets, overwrite="true", known=knowledge).steps
    return only


@pytest.mark.parametrize(
    ("assets", "expected"),
    [
        pytest.param(
            [STAGED_STARTER],
            Upload(file=FILE, obsolete=(STAGED_STARTER,)),
            id="interrupted staging, no asset: delete it, upload",
        ),
        pytest.param(
            [OTHER, STAGED_STARTER],
            Replace(file=FILE, old=OTHER, obsolete=(STAGED_STARTER,)),
            id="interrupted staging: delete it, swap",
        ),
        pytest.param(
            [SAME, STAGED_STARTER],
            Keep(file=FILE, asset=SAME, obsolete=(STAGED_STARTER,)),
            id="interrupted staging, old content wanted: delete it",
        ),
        pytest.param(
            [OTHER, STAGED],
            Replace(file=FILE, old=OTHER, staged=STAGED),
            id="before the swap: finish it without an upload",
        ),
        pytest.param(
            [OTHER, STALE],
            Replace(file=FILE, old=OTHER, obsolete=(STALE,)),
            id="before the swap, other content wanted: delete it, swap",
        ),
        pytest.param(
            [OTHER, STALE, STAGED],
            Replace(file=FILE, old=OTHER, staged=STAGED, obsolete=(STALE,)),
            id="two before the swap: finish one, delete the other",
        ),
        pytest.param(
            [SAME, STALE],
            Keep(file=FILE, asset=SAME, obsolete=(STALE,)),
            id="before the swap, old content wanted: delete it",
        ),
        pytest.param(
            [STAGED, BACKUP],
            Replace(file=FILE, old=BACKUP, staged=STAGED),
            id="between the renames: finish the swap without an upload",
        ),
        pytest.param(
            [STALE, BACKUP],
            Replace(file=FILE, old=BACKUP, obsolete=(STALE,)),
            id="between the renames, other content wanted: upload, keep the backup until then",
        ),
        pytest.param(
            [STALE, BACKUP_SAME],
            Restore(file=FILE, asset=BACKUP_SAME, obsolete=(STALE,)),
            id="between the renames, old content wanted: restore the backup",
        ),
        pytest.param(
            [SAME, BACKUP],
            Keep(file=FILE, asset=SAME, obsolete=(BACKUP,)),
            id="before the deletion: delete the backup",
        ),
        pytest.param(
            [OTHER, BACKUP],
            Replace(file=FILE, old=OTHER, obsolete=(BACKUP,)),
            id="before the deletion, other content wanted: delete the backup, swap",
        ),
        pytest.param(
            [BACKUP],
            Replace(file=FILE, old=BACKUP),
            id="only a backup: upload, keep the backup until then",
        ),
        pytest.param(
            [BACKUP_SAME],
            Restore(file=FILE, asset=BACKUP_SAME),
            id="only a backup, old content wanted: restore it",
        ),
        pytest.param(
            [BACKUP, BACKUP_SAME],
            Replace(file=FILE, old=BACKUP, obsolete=(BACKUP_SAME,)),
            id="two backups: one is kept until the upload is complete",
        ),
        pytest.param(
            [STAGED],
            Replace(file=FILE, old=None, staged=STAGED),
            id="only a staged asset: rename it",
        ),
        pytest.param(
            [BACKUP_STARTER],
            Upload(file=FILE, obsolete=(BACKUP_STARTER,)),
            id="a backup that is a starter",
        ),
        pytest.param(
            [OTHER, STAGED_UNCLEAR],
            Replace(file=FILE, old=OTHER, obsolete=(STAGED_UNCLEAR,)),
            id="a staged asset in an unknown state: upload again",
        ),
        pytest.param(
            [BACKUP_UNCLEAR, STAGED],
            Replace(file=FILE, old=BACKUP_UNCLEAR, staged=STAGED),
            id="a backup in an unknown state: keep it until the swap is complete",
        ),
        pytest.param(
            [BACKUP_UNCLEAR],
            Replace(file=FILE, old=BACKUP_UNCLEAR),
            id="only a backup in an unknown state: upload, keep it until then",
        ),
        pytest.param(
            [BACKUP_UNCLEAR, BACKUP_SAME],
            Restore(file=FILE, asset=BACKUP_SAME, obsolete=(BACKUP_UNCLEAR,)),
            id="two backups: the complete one",
        ),
        pytest.param(
            [SAME, BACKUP_UNCLEAR],
            Keep(file=FILE, asset=SAME, obsolete=(BACKUP_UNCLEAR,)),
            id="before the deletion of a backup in an unknown state",
        ),
        pytest.param(
            [asset(staging_name("other.zip", A), id=11), asset(backup_name("other.zip", A), id=12)],
            Upload(file=FILE),
            id="of another file: unchanged",
        ),
    ],
)
def test_a_leftover_has_its_step(assets: list[Asset], expected: Step) -> None:
    assert step(assets) == expected
    assert files_to_hash([FILE], assets, overwrite="true") == (
        () if isinstance(expected, Upload) else (FILE,)
    )


def test_a_staged_asset_without_a_digest_counts_once_read_back() -> None:
    staged = asset(STAGED.name, id=11, digest=None)
    read = assets_to_read([FILE], [OTHER, staged], every=False)
    assert read == (staged,)
    assert step([OTHER, staged]) == Replace(file=FILE, old=OTHER, obsolete=(staged,))
    assert step([OTHER, staged], remote={11: A}) == Replace(file=FILE, old=OTHER, staged=staged)
    assert step([OTHER, staged], remote={11: B}) == Replace(
        file=FILE, old=OTHER, obsolete=(staged,)
    )
    short = asset(STAGED.name, id=11, digest=None, size=9)
    assert assets_to_read([FILE], [OTHER, short], every=False) == ()
    assert step([OTHER, short]) == Replace(file=FILE, old=OTHER, obsolete=(short,))
