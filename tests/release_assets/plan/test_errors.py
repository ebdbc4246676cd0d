"""Errors that are rare: what they name."""

from release_assets.plan.errors import DuplicateDraftsError


def test_duplicate_drafts_are_named_with_their_place_and_what_to_delete() -> None:
    error = DuplicateDraftsError("v1", "https://github.com/octo-org/app/releases")
    assert "`v1`" in error.what
    assert "delete all drafts of the tag but one" in error.fix
    assert error.where == "https://github.com/octo-org/app/releases"
