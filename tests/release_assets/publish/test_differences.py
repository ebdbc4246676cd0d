"""The differences between a release that was read back and the requested one."""

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from release_assets.light_dataclasses import replace
from release_assets.models import Asset, Release, Result, Status
from release_assets.names import staging_name
from release_assets.plan.desired_release import DesiredRelease
from release_assets.plan.draft_mark import Mark, marked_notes, set_id
from release_assets.plan.release import (
    CreateRelease,
    EditRelease,
    KeepRelease,
    PublishRelease,
    ReleasePlan,
    ReleaseStep,
)
from release_assets.publish.differences import Expected
from release_assets.report.outcome import Outcome
from tests.support.samples import A, B, asset, local_file, release

MARKED = marked_notes("Notes", Mark(files=set_id(["app.zip"])))
CREATE = CreateRelease(tag="v1", fields={"prerelease": True}, publishes=True)


def differences(
    now: Release,
    step: ReleaseStep | None = None,
    *,
    may_be_draft: bool = False,
    **given: Any,
) -> list[str]:
    wish = DesiredRelease(tag="v1", names=("app.zip",), **given)
    plan = ReleasePlan(step=step or KeepRelease(release=release()))
    expected = Expected(desired=wish, plan=plan, may_be_draft=may_be_draft, deleted={}, reported=())
    return list(expected.differences(now, (), Outcome()))


def of_asset(
    *there: Asset,
    ours: Asset | None = None,
    label: str | None = None,
    status: Status = "uploaded",
    deleted: Mapping[int, str] | None = None,
    reported: Collection[int] = (),
    checksum_list: str = "",
) -> list[str]:
    file = local_file(label=label)
    result = Result(file=file, status=status, asset=ours or asset(), digest=A)
    expected = Expected(
        desired=DesiredRelease(tag="v1", names=("app.zip",)),
        plan=ReleasePlan(step=KeepRelease(release=release())),
        may_be_draft=False,
        deleted=deleted or {},
        reported=reported,
        checksum_list=checksum_list,
    )
    return list(expected.differences(release(), there, Outcome(results=(result,))))


def test_an_expected_release_has_no_differences() -> None:
    assert differences(release()) == []
    assert of_asset(asset()) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (release("v2"), "its tag is `v2`"),
        (release("untagged-0123456789abcdef"), "its tag is `untagged-0123456789abcdef`"),
        (release(draft=True), "it is a draft"),
    ],
)
def test_another_tag_or_a_draft_is_a_difference(now: Release, expected: str) -> None:
    assert differences(now) == [expected]


def test_an_expected_draft_may_be_a_draft_or_public() -> None:
    assert differences(release(draft=True), may_be_draft=True) == []
    assert differences(release(), may_be_draft=True) == []


@pytest.mark.parametrize(
    ("is_now", "step", "given", "expected"),
    [
        (False, CREATE, {}, ["it is not a prerelease"]),
        (True, CREATE, {}, []),
        (
            True,
            CreateRelease(tag="v1", fields={"prerelease": False}, publishes=True),
            {},
            ["it is a prerelease"],
        ),
        (
            False,
            EditRelease(release=release(), fields={"prerelease": True}, publishes=False),
            {},
            ["it is not a prerelease"],
        ),
        # With `update` the flag was right before the run, so that nothing was sent; it must stay so.
        (True, None, {"prerelease": False, "if_exists": "update"}, ["it is a prerelease"]),
        # A release that is only used may have any value.
        (True, None, {"prerelease": False}, []),
        (False, None, {"prerelease": True, "if_exists": "update"}, []),
    ],
)
def test_another_prerelease_flag_is_a_difference(
    is_now: bool, step: ReleaseStep | None, given: dict[str, Any], expected: list[str]
) -> None:
    assert differences(replace(release(), prerelease=is_now), step, **given) == expected


@pytest.mark.parametrize("kind", ["edit", "publish"])
def test_an_unchanged_title_or_unchanged_notes_are_a_difference(kind: str) -> None:
    before = replace(release(), name="Old", body="Old notes")
    fields = {"name": "New", "body": "New notes"}
    step: ReleaseStep = PublishRelease(release=before, fields=fields)
    if kind == "edit":
        step = EditRelease(release=before, fields=fields, publishes=False)
    assert differences(before, step) == ["its title did not change", "its notes did not change"]
    assert differences(replace(before, name="New", body="New notes"), step) == []
    # A person may change the notes during the run.
    assert differences(replace(before, name="Better", body="Better notes"), step) == []
    assert differences(before, PublishRelease(release=before, fields={})) == []


def test_a_mark_in_published_notes_is_a_difference() -> None:
    now = replace(release(), body=MARKED)
    assert differences(now, PublishRelease(release=now, fields={})) == [
        "its notes still have the mark of a draft"
    ]
    assert differences(now, KeepRelease(release=now)) == []
    draft = replace(now, draft=True)
    assert differences(draft, PublishRelease(release=now, fields={}), may_be_draft=True) == []


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ([], "`app.zip` is not on it"),
        ([asset(id=2, digest=B)], "`app.zip` was replaced by another asset"),
        ([asset(id=2, digest=None)], "`app.zip` was replaced by another asset"),
        ([asset(id=2, state="starter")], "`app.zip` was replaced by another asset"),
        ([asset("b.zip")], "`app.zip` is now called `b.zip`"),
        ([asset(state="starter")], "`app.zip` is in the state `starter`"),
        ([asset(size=11)], "`app.zip` has different content"),
        ([asset(digest=B)], "`app.zip` has different content"),
    ],
)
def test_an_asset_that_differs_from_its_file_is_a_difference(
    there: list[Asset], expected: str
) -> None:
    assert of_asset(*there) == [expected]


def test_the_same_content_from_another_job_is_no_difference() -> None:
    assert of_asset(asset(id=2)) == []
    assert of_asset(asset(id=2), ours=asset(digest=None)) == []


def test_a_list_of_checksums_from_another_job_is_no_difference() -> None:
    other = asset(id=2, digest=B, size=99)
    assert of_asset(other, checksum_list="app.zip") == []
    assert of_asset(asset(id=2, state="starter"), checksum_list="app.zip") == [
        "`app.zip` was replaced by another asset"
    ]
    assert of_asset(checksum_list="app.zip") == ["`app.zip` is not on it"]


@pytest.mark.parametrize("status", ["skipped", "failed"])
def test_an_asset_that_this_run_did_not_upload_may_differ(status: Status) -> None:
    assert of_asset(status=status) == []


def test_a_label_is_compared_only_if_the_file_has_one() -> None:
    now = asset(label="Theirs")
    ours = asset(label="Ours")
    assert of_asset(now, ours=ours, label="Ours") == ["`app.zip` has the label `Theirs`"]
    assert of_asset(now, ours=ours) == []


def test_a_digest_that_is_no_longer_reported_is_a_difference() -> None:
    now = asset(digest=None)
    assert of_asset(now, reported={1}) == ["`app.zip` had a digest, and has none now"]
    assert of_asset(now, reported={2}) == []


def test_leftovers_of_this_runs_names_are_a_difference() -> None:
    left = asset(staging_name("app.zip", A), id=2)
    assert of_asset(asset(), left) == [f"`{left.name}` is left from a swap"]
    assert of_asset(asset(), asset(staging_name("b.zip", A), id=2)) == []


def test_a_deleted_asset_that_is_still_listed_is_a_difference() -> None:
    old = asset("old.zip", id=2)
    assert of_asset(asset(), old, deleted={2: "old.zip"}) == ["`old.zip` is still there"]
    assert of_asset(asset(), old, deleted={2: "renamed.zip"}) == []
