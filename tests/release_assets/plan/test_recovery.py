"""Repairs of leftovers of a killed run without its files."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import count, product

import pytest

from release_assets.digest import Digest
from release_assets.light_dataclasses import replace
from release_assets.models import Asset
from release_assets.names import backup_name, parse_swap_name, staging_name
from release_assets.plan.calls import BackUp, Call, Change, Delete
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.recovery import recovery_calls, staged_to_read
from tests.support.release_model import Model

NAME = "app.zip"
OLD, NEW = b"old", b"new"
DIGEST = Digest.of(sha256(NEW))
STAGED = staging_name(NAME, DIGEST)
BACKUP = backup_name(NAME, DIGEST)
OTHER = staging_name(NAME, Digest("sha256:" + "0" * 64))


def release(*placed: tuple[str, bytes | None]) -> list[Asset]:
    """Return the assets of a release from name and content; a starter has none."""
    numbers = count(1)
    return [
        Asset(
            id=next(numbers),
            name=name,
            label="",
            state="uploaded" if content is not None else "starter",
            size=len(content or b""),
            digest=Digest.of(sha256(content)) if content is not None else None,
            content_type="application/zip",
            url="",
            browser_download_url="",
            created_at="",
            updated_at="",
        )
        for name, content in placed
    ]


def calls_for(
    assets: Sequence[Asset], wanted: Mapping[str, Digest | None], known: KnownDigests | None = None
) -> list[Call]:
    """Return the calls for all names, in order."""
    return [
        call for calls in recovery_calls(assets, wanted, known or KnownDigests()) for call in calls
    ]


def repaired(
    assets: Sequence[Asset], wanted: Mapping[str, Digest | None]
) -> dict[str, Digest | None]:
    """Perform the calls on a model of a release, and return name -> digest.

    Fails where GitHub would: two assets of one name.
    """
    model = Model(assets)
    for call in calls_for(assets, wanted):
        model.perform(call)
    return {asset.name: asset.digest for asset in model.assets}


def digest(content: bytes) -> Digest:
    return Digest.of(sha256(content))


@pytest.mark.parametrize(
    ("placed", "content"),
    [
        pytest.param([(NAME, OLD)], OLD, id="no swap"),
        pytest.param([(NAME, OLD), (STAGED, None)], OLD, id="during the staging"),
        pytest.param([(NAME, None)], None, id="during a first upload"),
        pytest.param([(NAME, OLD), (STAGED, NEW)], NEW, id="before the swap"),
        pytest.param([(NAME, OLD), (STAGED, b"torn")], OLD, id="before the swap, corrupt"),
        pytest.param([(BACKUP, OLD), (STAGED, NEW)], NEW, id="between the renames"),
        pytest.param([(BACKUP, OLD), (STAGED, b"torn")], OLD, id="between the renames, corrupt"),
        pytest.param([(NAME, NEW), (BACKUP, OLD)], NEW, id="before the deletion"),
        pytest.param([(BACKUP, OLD)], OLD, id="only the backup"),
        pytest.param(
            [(NAME, OLD), (STAGED, NEW), (BACKUP, b"older")],
            NEW,
            id="final, staged and backup asset",
        ),
    ],
)
def test_a_repair_leaves_one_complete_asset(
    placed: list[tuple[str, bytes | None]], content: bytes | None
) -> None:
    expected = {} if content is None else {NAME: digest(content)}
    assert repaired(release(*placed), {NAME: None}) == expected


@pytest.mark.parametrize("wanted", [None, digest(NEW), digest(b"newest")])
def test_a_repair_always_leaves_a_complete_asset_with_the_final_name(wanted: Digest | None) -> None:
    """For every combination of assets with the final name, the staging name and the backup name."""
    contents: dict[str, list[bytes | None]] = {
        NAME: [OLD, NEW, None],
        STAGED: [NEW, b"torn", None],
        OTHER: [b"other", None],
        BACKUP: [OLD, None],
        backup_name(NAME, Digest("sha256:" + "1" * 64)): [b"older"],
    }
    choices = [[(name, one) for one in found] + [None] for name, found in contents.items()]
    for chosen in product(*choices):
        placed = [one for one in chosen if one is not None]
        after = repaired(release(*placed), {NAME: wanted})
        # A staged asset whose content does not match its name does not count as content.
        whole = [one for name, one in placed if one is not None and name not in {STAGED, OTHER}]
        whole += [NEW] if (STAGED, NEW) in placed else []
        assert (list(after) == [NAME]) if whole else (after == {}), placed
        assert set(after.values()) <= {digest(one) for one in whole}


def test_staged_content_of_an_earlier_run_does_not_replace_a_complete_asset() -> None:
    assets = release((NAME, OLD), (STAGED, NEW))
    assert calls_for(assets, {NAME: digest(b"newest")}) == [Delete(asset=assets[1])]
    alone = release((STAGED, NEW))
    assert calls_for(alone, {NAME: digest(b"newest")}) == [Change(asset=alone[0], name=NAME)]
    old, new = assets
    assert calls_for(assets, {NAME: digest(NEW)}) == [
        BackUp(asset=old, name=BACKUP),
        Change(asset=new, name=NAME),
        Delete(asset=old),
    ]


def test_other_names_are_not_changed() -> None:
    others = [("other.zip", None), (staging_name("other.zip", DIGEST), NEW), ("user.zip", OLD)]
    assert calls_for(release(*others), {NAME: None}) == []


def test_a_staged_asset_without_a_digest_is_read_back_before_it_replaces_anything() -> None:
    old, new = (replace(asset, digest=None) for asset in release((NAME, OLD), (STAGED, NEW)))
    wanted = {NAME: None}
    assert staged_to_read([old, new], wanted) == (new,)
    assert calls_for([old, new], wanted) == [Delete(asset=new)]
    intact, corrupt = (
        KnownDigests(remote={new.id: digest(NEW)}),
        KnownDigests(remote={new.id: digest(b"torn")}),
    )
    assert [type(call) for call in calls_for([old, new], wanted, intact)] == [
        BackUp,
        Change,
        Delete,
    ]
    assert calls_for([old, new], wanted, corrupt) == [Delete(asset=new)]


@pytest.mark.parametrize("turn", [1, -1])
def test_an_asset_in_an_unknown_state_is_not_changed(turn: int) -> None:
    staged, backup, starter = release((STAGED, NEW), (BACKUP, OLD), (NAME, None))
    assets = [replace(staged, digest=None), replace(backup, state="open"), starter][::turn]
    assert calls_for(assets, {NAME: digest(NEW)}) == [Delete(asset=starter)]


def test_a_second_repair_changes_nothing() -> None:
    (backup,) = release((BACKUP, OLD))
    assert calls_for([backup], {NAME: None}) == [Change(asset=backup, name=NAME)]
    assert calls_for(release((NAME, OLD)), {NAME: None}) == []
    assert parse_swap_name(BACKUP) is not None
