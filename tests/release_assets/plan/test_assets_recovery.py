"""What an interrupted run has left, and what the next one makes of it."""

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
STAGED_HUSK = starter(staging_name("app.zip", A), id=13)
BACKUP = asset(backup_name("app.zip", A), id=14, digest=B)
BACKUP_SAME = asset(backup_name("app.zip", C), id=15, digest=A)
STAGED_UNCLEAR = unclear(staging_name("app.zip", A), id=17)
BACKUP_UNCLEAR = unclear(backup_name("app.zip", A), id=18)
BACKUP_HUSK = starter(backup_name("app.zip", A), id=16)


def step(assets: list[Asset], **known: object) -> Step:
    knowledge = KnownDigests(local={"app.zip": A}, **known)  # type: ignore[arg-type]
    (only,) = plan_assets([FILE], assets, overwrite="true", known=knowledge).steps
    return only


@pytest.mark.parametrize(
    ("assets", "expected"),
    [
        pytest.param(
            [STAGED_HUSK],
            Upload(file=FILE, obsolete=(STAGED_HUSK,)),
            id="the upload aside died, first ever: discard",
        ),
        pytest.param(
            [OTHER, STAGED_HUSK],
            Replace(file=FILE, old=OTHER, obsolete=(STAGED_HUSK,)),
            id="the upload aside died: discard, swap",
        ),
        pytest.param(
            [SAME, STAGED_HUSK],
            Keep(file=FILE, asset=SAME, obsolete=(STAGED_HUSK,)),
            id="the upload aside died, old bytes are wanted again: discard",
        ),
        pytest.param(
            [OTHER, STAGED],
            Replace(file=FILE, old=OTHER, staged=STAGED),
            id="died before the swap: finish without sending",
        ),
        pytest.param(
            [OTHER, STALE],
            Replace(file=FILE, old=OTHER, obsolete=(STALE,)),
            id="died before the swap, other bytes are wanted: discard, swap",
        ),
        pytest.param(
            [OTHER, STALE, STAGED],
            Replace(file=FILE, old=OTHER, staged=STAGED, obsolete=(STALE,)),
            id="two died before the swap: finish one, discard one",
        ),
        pytest.param(
            [SAME, STALE],
            Keep(file=FILE, asset=SAME, obsolete=(STALE,)),
            id="died before the swap, old bytes are wanted again: discard",
        ),
        pytest.param(
            [STAGED, BACKUP],
            Replace(file=FILE, old=BACKUP, staged=STAGED),
            id="died between the renames: finish without sending",
        ),
        pytest.param(
            [STALE, BACKUP],
            Replace(file=FILE, old=BACKUP, obsolete=(STALE,)),
            id="died between the renames, other bytes are wanted: send, old one aside until then",
        ),
        pytest.param(
            [STALE, BACKUP_SAME],
            Restore(file=FILE, asset=BACKUP_SAME, obsolete=(STALE,)),
            id="died between the renames, old bytes are wanted again: back to their name",
        ),
        pytest.param(
            [SAME, BACKUP],
            Keep(file=FILE, asset=SAME, obsolete=(BACKUP,)),
            id="died before the end: discard the backup",
        ),
        pytest.param(
            [OTHER, BACKUP],
            Replace(file=FILE, old=OTHER, obsolete=(BACKUP,)),
            id="died before the end, other bytes are wanted: discard the backup, swap",
        ),
        pytest.param(
            [BACKUP],
            Replace(file=FILE, old=BACKUP),
            id="the new one vanished: send, old one aside until then",
        ),
        pytest.param(
            [BACKUP_SAME],
            Restore(file=FILE, asset=BACKUP_SAME),
            id="the new one vanished, old bytes are wanted: back to their name",
        ),
        pytest.param(
            [BACKUP, BACKUP_SAME],
            Replace(file=FILE, old=BACKUP, obsolete=(BACKUP_SAME,)),
            id="two backups: one is kept until the new bytes stand",
        ),
        pytest.param(
            [STAGED],
            Replace(file=FILE, old=None, staged=STAGED),
            id="only the new one is left: its name",
        ),
        pytest.param(
            [BACKUP_HUSK],
            Upload(file=FILE, obsolete=(BACKUP_HUSK,)),
            id="a backup that holds nothing",
        ),
        pytest.param(
            [OTHER, STAGED_UNCLEAR],
            Replace(file=FILE, old=OTHER, obsolete=(STAGED_UNCLEAR,)),
            id="nobody knows whether what was sent aside is whole: send again",
        ),
        pytest.param(
            [BACKUP_UNCLEAR, STAGED],
            Replace(file=FILE, old=BACKUP_UNCLEAR, staged=STAGED),
            id="nobody knows what was put aside: kept until the new one stands",
        ),
        pytest.param(
            [BACKUP_UNCLEAR],
            Replace(file=FILE, old=BACKUP_UNCLEAR),
            id="nobody knows what is left: send, it stays aside until then",
        ),
        pytest.param(
            [BACKUP_UNCLEAR, BACKUP_SAME],
            Restore(file=FILE, asset=BACKUP_SAME, obsolete=(BACKUP_UNCLEAR,)),
            id="two backups: the one that is surely whole",
        ),
        pytest.param(
            [SAME, BACKUP_UNCLEAR],
            Keep(file=FILE, asset=SAME, obsolete=(BACKUP_UNCLEAR,)),
            id="died before the DELETE of what nobody knows",
        ),
        pytest.param(
            [asset(staging_name("other.zip", A), id=11), asset(backup_name("other.zip", A), id=12)],
            Upload(file=FILE),
            id="of another file: left alone",
        ),
    ],
)
def test_recovery(assets: list[Asset], expected: Step) -> None:
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
