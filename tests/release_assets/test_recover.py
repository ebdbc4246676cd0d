"""What a killed run left, and what is done about it without its files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import count, product

import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, marked, staging_name
from release_assets.recover import Delete, Rename, mends

NAME = "app.zip"
OLD, NEW = b"old", b"new"
DIGEST = sha256(NEW).hexdigest()
STAGED = staging_name(NAME, DIGEST)
BACKUP = backup_name(NAME, DIGEST)
OTHER = staging_name(NAME, "0" * 64)


def release(*placed: tuple[str, bytes | None]) -> list[Asset]:
    """Return a release's assets, of name and content; a husk has none."""
    numbers = count(1)
    return [
        Asset(
            id=next(numbers),
            name=name,
            label="",
            state="uploaded" if content is not None else "starter",
            size=len(content or b""),
            digest=f"sha256:{sha256(content).hexdigest()}" if content is not None else None,
            content_type="application/zip",
            url="",
            browser_download_url="",
            created_at="",
            updated_at="",
        )
        for name, content in placed
    ]


def mended(assets: Sequence[Asset], wanted: Mapping[str, str | None]) -> dict[str, str | None]:
    """Do what is proposed to a model of a release, and return name -> digest.

    Fails where GitHub would: two assets of one name.
    """
    there = {asset.id: (asset.name, asset.digest) for asset in assets}
    for mend in mends(assets, wanted):
        if isinstance(mend, Delete):
            del there[mend.asset.id]
        else:
            assert mend.name not in [name for name, _ in there.values()]
            there[mend.asset.id] = (mend.name, mend.asset.digest)
    assert len({name for name, _ in there.values()}) == len(there)
    return dict(there.values())


def digest(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


@pytest.mark.parametrize(
    ("placed", "content"),
    [
        pytest.param([(NAME, OLD)], OLD, id="nothing was begun"),
        pytest.param([(NAME, OLD), (STAGED, None)], OLD, id="the upload died"),
        pytest.param([(NAME, None)], None, id="a first upload died"),
        pytest.param([(NAME, OLD), (STAGED, NEW)], NEW, id="before the swap"),
        pytest.param([(NAME, OLD), (STAGED, b"torn")], OLD, id="before the swap, and torn"),
        pytest.param([(BACKUP, OLD), (STAGED, NEW)], NEW, id="between the renames"),
        pytest.param([(BACKUP, OLD), (STAGED, b"torn")], OLD, id="between them, and torn"),
        pytest.param([(NAME, NEW), (BACKUP, OLD)], NEW, id="before the delete"),
        pytest.param([(BACKUP, OLD)], OLD, id="the new one vanished"),
        pytest.param([(NAME, OLD), (STAGED, NEW), (BACKUP, b"older")], NEW, id="all three"),
    ],
)
def test_one_complete_asset_is_left(
    placed: list[tuple[str, bytes | None]], content: bytes | None
) -> None:
    expected = {} if content is None else {NAME: digest(content)}
    assert mended(release(*placed), {NAME: None}) == expected


@pytest.mark.parametrize("wanted", [None, digest(NEW), digest(b"newest")])
def test_whatever_is_left_a_complete_asset_stays_under_the_name(wanted: str | None) -> None:
    """Every combination of what may stand under the name and under names of ours."""
    contents: dict[str, list[bytes | None]] = {
        NAME: [OLD, NEW, None],
        STAGED: [NEW, b"torn", None],
        OTHER: [b"other", None],
        BACKUP: [OLD, None],
        backup_name(NAME, "1" * 64): [b"older"],
    }
    choices = [[(name, one) for one in found] + [None] for name, found in contents.items()]
    for chosen in product(*choices):
        placed = [one for one in chosen if one is not None]
        after = mended(release(*placed), {NAME: wanted})
        # Staged bytes that are not what their name says were never anything.
        whole = [one for name, one in placed if one is not None and name not in {STAGED, OTHER}]
        whole += [NEW] if (STAGED, NEW) in placed else []
        assert (list(after) == [NAME]) if whole else (after == {}), placed
        assert set(after.values()) <= {digest(one) for one in whole}


def test_whole_bytes_of_an_even_earlier_run_are_not_put_in_place() -> None:
    assets = release((NAME, OLD), (STAGED, NEW))
    assert [(type(mend), mend.asset.name) for mend in mends(assets, {NAME: digest(b"newest")})] == [
        (Delete, STAGED)
    ]
    alone = release((STAGED, NEW))
    assert [type(mend) for mend in mends(alone, {NAME: digest(b"newest")})] == [Rename]
    assert [mend.asset.name for mend in mends(assets, {NAME: digest(NEW)})] == [NAME, STAGED, NAME]


def test_names_of_others_are_left_alone() -> None:
    others = [("other.zip", None), (staging_name("other.zip", DIGEST), NEW), ("user.zip", OLD)]
    assert list(mends(release(*others), {NAME: None})) == []


def test_without_a_digest_nobody_knows_whether_it_arrived() -> None:
    assets = [replace(asset, digest=None) for asset in release((NAME, OLD), (STAGED, NEW))]
    assert [(type(mend), mend.asset.name) for mend in mends(assets, {NAME: None})] == [
        (Delete, STAGED)
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_what_may_hold_anything_is_for_a_person_to_look_at(turn: int) -> None:
    staged, backup, husk = release((STAGED, NEW), (BACKUP, OLD), (NAME, None))
    assets = [replace(staged, digest=None), replace(backup, state="open"), husk][::turn]
    assert list(mends(assets, {NAME: digest(NEW)})) == [Delete(asset=husk)]


def test_mending_twice_changes_nothing() -> None:
    (rename, *_) = [m for m in mends(release((BACKUP, OLD)), {NAME: None}) if isinstance(m, Rename)]
    assert (rename.asset.name, rename.name) == (BACKUP, NAME)
    assert list(mends(release((NAME, OLD)), {NAME: None})) == []
    assert marked(BACKUP) is not None
