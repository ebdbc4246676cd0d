"""The guard against deleting an asset that a file of the run relies on."""

import pytest

from release_assets.plan import UnsafePlanError
from release_assets.publish.deletion_guard import DeletionGuard
from tests.support.samples import asset

OLD, NEW, OTHER = asset("old", id=1), asset("new", id=2), asset("other", id=3)


def may_delete(guard: DeletionGuard) -> list[str]:
    """Return the names of the assets that may be deleted."""
    names = []
    for one in (OLD, NEW, OTHER):
        try:
            guard.check(one)
        except UnsafePlanError:
            continue
        names.append(one.name)
    return names


def test_an_asset_is_protected_while_a_file_relies_on_it() -> None:
    guard = DeletionGuard()
    assert may_delete(guard) == ["old", "new", "other"]
    guard.protect("a", [OLD])
    assert may_delete(guard) == ["new", "other"]
    guard.protect("a", [OLD, NEW])
    assert may_delete(guard) == ["other"]
    guard.protect("a", [NEW])
    assert may_delete(guard) == ["old", "other"]
    guard.protect("a", [])
    assert may_delete(guard) == ["old", "new", "other"]


def test_an_asset_stays_protected_until_no_file_relies_on_it() -> None:
    guard = DeletionGuard()
    guard.protect("a", [OLD, NEW])
    guard.protect("b", [OLD])
    guard.protect("a", [NEW])
    assert may_delete(guard) == ["other"]
    guard.protect("b", [])
    assert may_delete(guard) == ["old", "other"]


def test_the_error_names_the_asset() -> None:
    guard = DeletionGuard()
    guard.protect("a", [OLD])
    with pytest.raises(UnsafePlanError, match="old"):
        guard.check(OLD)
