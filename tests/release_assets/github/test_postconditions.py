"""The mismatches between each write and its answer."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from release_assets.github import postconditions
from release_assets.light_dataclasses import replace
from release_assets.models import Asset
from tests.support.samples import A, B, asset, release

FIELDS: dict[str, object] = {
    "tag_name": "v1",
    "name": "Title",
    "body": "Notes\n\n- one",
    "draft": True,
    "prerelease": False,
    "target_commitish": "main",
    "make_latest": "false",
}
ANSWER = replace(release("v1", draft=True), name="Title", body="Notes\n\n- one")


def count_of(found: Iterator[str]) -> int:
    return len(list(found))


@pytest.mark.parametrize(
    ("other", "created", "updated"),
    [
        pytest.param({}, 0, 0, id="as requested"),
        pytest.param({"tag": "v2"}, 1, 1, id="another tag"),
        pytest.param({"tag": "V1"}, 1, 1, id="a tag in another case"),
        pytest.param({"draft": False}, 1, 1, id="public"),
        pytest.param({"prerelease": True}, 1, 1, id="a prerelease"),
        pytest.param({"name": None}, 1, 1, id="without a title"),
        pytest.param({"name": " Title\r\n"}, 0, 0, id="a title with white space around"),
        pytest.param({"body": "Notes"}, 1, 1, id="other notes"),
        pytest.param({"body": "Notes\r\n\r\n- one\n"}, 0, 0, id="notes with other line endings"),
        pytest.param({"target": "dev"}, 0, 1, id="another target"),
        pytest.param({"id": 8}, 0, 1, id="another id"),
        pytest.param({"id": 3}, 1, 1, id="a known id"),
    ],
)
def test_a_release_is_compared_with_the_fields_sent(
    other: Mapping[str, Any], created: int, updated: int
) -> None:
    answer = replace(ANSWER, **other)
    assert count_of(postconditions.creation_mismatches(FIELDS, {3}, answer)) == created
    assert count_of(postconditions.release_update_mismatches(7, FIELDS, answer)) == updated


def test_a_field_that_was_not_sent_is_not_compared() -> None:
    answer = replace(ANSWER, name="x", body="y", draft=False, prerelease=True, target="z")
    assert count_of(postconditions.release_update_mismatches(7, {"tag_name": "v1"}, answer)) == 0


@pytest.mark.parametrize(
    ("name", "answer", "count"),
    [
        pytest.param("app.zip", asset("app.zip"), 0, id="as requested"),
        pytest.param("a b.zip", asset("a.b.zip"), 0, id="rewritten as expected"),
        pytest.param("a b.zip", asset("a_b.zip"), 0, id="rewritten otherwise"),
        pytest.param("Öl.zip", asset("Ol.zip"), 0, id="without an accent"),
        pytest.param("app.zip", asset("other.zip"), 1, id="another name"),
        pytest.param("app.zip", asset("app.zip", id=3), 1, id="a known id"),
        pytest.param("app.zip", asset("other.zip", id=3), 2, id="another asset"),
        pytest.param("app.zip", asset("app.zip", size=1, digest=B), 0, id="other bytes"),
    ],
)
def test_an_uploaded_asset_has_a_new_id_and_a_name_derived_from_the_one_sent(
    name: str, answer: Asset, count: int
) -> None:
    assert count_of(postconditions.upload_mismatches(name, {3}, answer)) == count


@pytest.mark.parametrize(
    ("name", "label", "answer", "count"),
    [
        pytest.param("b.zip", None, asset("b.zip"), 0, id="renamed"),
        pytest.param("b.zip", None, asset("a.zip"), 1, id="the old name"),
        pytest.param("b c.zip", None, asset("b.c.zip"), 1, id="a rewritten name"),
        pytest.param(None, "L", asset("a.zip", label="L"), 0, id="another label"),
        pytest.param(None, "L", asset("a.zip", label=""), 1, id="the old label"),
        pytest.param(None, "", asset("a.zip", label=None), 0, id="no label"),
        pytest.param(
            "b.zip", None, asset("b.zip", label="L"), 0, id="a label that was not requested"
        ),
        pytest.param("b.zip", None, asset("b.zip", id=2), 1, id="another id"),
        pytest.param("b.zip", None, asset("b.zip", size=9), 1, id="another size"),
        pytest.param("b.zip", None, asset("b.zip", digest=B), 1, id="another digest"),
        pytest.param("b.zip", None, asset("b.zip", digest=None), 0, id="read back before"),
    ],
)
def test_a_renamed_asset_keeps_its_id_and_content(
    name: str | None, label: str | None, answer: Asset, count: int
) -> None:
    found = postconditions.asset_update_mismatches(asset("a.zip"), name, label, answer)
    assert count_of(found) == count


def test_a_digest_may_appear_after_an_update() -> None:
    before = asset("a.zip", digest=None)
    found = postconditions.asset_update_mismatches(before, "b.zip", None, asset("b.zip", digest=A))
    assert count_of(found) == 0


@pytest.mark.parametrize(("status", "count"), [(204, 0), (200, 1), (202, 1), (205, 1)])
def test_only_204_confirms_a_deletion(status: int, count: int) -> None:
    assert count_of(postconditions.deletion_mismatches(status)) == count


def test_a_long_value_is_cut_in_the_message() -> None:
    (mismatch,) = postconditions.release_update_mismatches(7, {"body": "x" * 1000}, ANSWER)
    assert len(mismatch) < 200
