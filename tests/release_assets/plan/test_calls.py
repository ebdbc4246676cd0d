"""The API calls of each step, in order."""

import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan.calls import BackUp, Call, Change, Delete, Send, calls_of, swap_calls
from release_assets.plan.errors import AssetExistsError
from release_assets.plan.steps import Keep, Refuse, Relabel, Replace, Restore, Skip, Step, Upload
from tests.support.samples import A, B, asset, local_file, starter

FILE = local_file()
LABELED = local_file(label="The app")
OLD = asset(digest=B)
LEFT = starter(id=2)
BEFORE = asset("app.zip.old", id=5)
STAGING, BACKUP = staging_name("app.zip", A), backup_name("app.zip", A)
STAGED = asset(STAGING, id=3)
BACKED_UP = asset(BACKUP, id=4, digest=B)

UPLOADED = Change(asset=None, name="app.zip")


def finished(staged: Asset, label: str | None = None) -> Change:
    return Change(asset=staged, name="app.zip", label=label)


@pytest.mark.parametrize(
    ("step", "calls"),
    [
        pytest.param(Upload(file=FILE), [Send(name="app.zip")], id="upload"),
        pytest.param(
            Upload(file=FILE, obsolete=(BEFORE, LEFT)),
            [Delete(asset=LEFT), Send(name="app.zip"), Delete(asset=BEFORE)],
            id="upload: content is deleted last",
        ),
        pytest.param(Keep(file=FILE, asset=OLD), [], id="keep"),
        pytest.param(
            Keep(file=FILE, asset=OLD, obsolete=(LEFT, BEFORE)),
            [Delete(asset=LEFT), Delete(asset=BEFORE)],
            id="keep, and delete leftovers",
        ),
        pytest.param(
            Relabel(file=LABELED, asset=OLD, obsolete=(LEFT,)),
            [Delete(asset=LEFT), Change(asset=OLD, label="The app")],
            id="relabel",
        ),
        pytest.param(
            Restore(file=LABELED, asset=BACKED_UP, obsolete=(LEFT,)),
            [Delete(asset=LEFT), finished(BACKED_UP, "The app")],
            id="restore",
        ),
        pytest.param(
            Replace(file=LABELED, old=OLD, obsolete=(LEFT,)),
            [
                Delete(asset=LEFT),
                Send(name=STAGING),
                BackUp(asset=OLD, name=BACKUP),
                UPLOADED,
                Delete(asset=OLD),
            ],
            id="replace",
        ),
        pytest.param(
            Replace(file=LABELED, old=OLD, staged=STAGED),
            [BackUp(asset=OLD, name=BACKUP), finished(STAGED, "The app"), Delete(asset=OLD)],
            id="replace by what an earlier run uploaded",
        ),
        pytest.param(Skip(file=FILE, asset=OLD), [], id="skip"),
        pytest.param(
            Refuse(file=FILE, error=AssetExistsError("dist/app.zip", "app.zip", "", known=True)),
            [],
            id="refuse",
        ),
    ],
)
def test_the_calls_of_a_step(step: Step, calls: list[Call]) -> None:
    assert list(calls_of(step, A)) == calls


@pytest.mark.parametrize(
    ("old", "staged", "calls"),
    [
        pytest.param(
            OLD,
            None,
            [
                Send(name=STAGING),
                BackUp(asset=OLD, name=BACKUP),
                UPLOADED,
                Delete(asset=OLD),
            ],
            id="from the start",
        ),
        pytest.param(
            OLD,
            STAGED,
            [BackUp(asset=OLD, name=BACKUP), finished(STAGED), Delete(asset=OLD)],
            id="staged",
        ),
        pytest.param(
            BACKED_UP, STAGED, [finished(STAGED), Delete(asset=BACKED_UP)], id="staged, backed up"
        ),
        pytest.param(
            BACKED_UP,
            None,
            [Send(name=STAGING), UPLOADED, Delete(asset=BACKED_UP)],
            id="backed up, nothing staged",
        ),
        pytest.param(None, STAGED, [finished(STAGED)], id="staged, old one gone"),
        pytest.param(None, None, [Send(name=STAGING), UPLOADED], id="old one gone"),
    ],
)
def test_a_swap_continues_where_it_stopped(
    old: Asset | None, staged: Asset | None, calls: list[Call]
) -> None:
    assert list(swap_calls("app.zip", old, staged, digest=A)) == calls


@pytest.mark.parametrize(("staged", "label"), [(STAGED, "The app"), (None, None)])
def test_only_an_asset_that_an_earlier_run_staged_gets_its_label_in_a_swap(
    staged: Asset | None, label: str | None
) -> None:
    calls = swap_calls("app.zip", OLD, staged, digest=A, label="The app")
    assert [call.label for call in calls if isinstance(call, Change)] == [label]


def test_a_replacement_without_the_digest_of_its_file_is_a_mistake_of_the_program() -> None:
    with pytest.raises(AssertionError, match=r"^a swap is planned with the digest of its file$"):
        calls_of(Replace(file=FILE, old=OLD), None)
