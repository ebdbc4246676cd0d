"""What is done with the release itself, by the inputs of the run and the release as it is."""

from typing import Any

import pytest

from release_assets.light_dataclasses import replace
from release_assets.models import Release
from release_assets.plan.desired_release import ActualRelease, DesiredRelease, Target
from release_assets.plan.draft_mark import Mark, find_mark, marked_notes, set_id
from release_assets.plan.errors import ReleaseExistsError, TargetsDifferError
from release_assets.plan.release import (
    CreateRelease,
    EditRelease,
    KeepRelease,
    PublishRelease,
    ReleasePlan,
    plan_creation,
    plan_release,
)
from release_assets.plan.release_warnings import target_warnings
from tests.support.samples import release

SHA, OTHER_SHA = "a" * 40, "b" * 40
BRANCH = Target(given="main", sent="main", commit=SHA, is_branch=True)
COMMIT = Target(given=OTHER_SHA, sent=OTHER_SHA, commit=OTHER_SHA)
NAMES = ("app.zip",)
MARK = Mark(files=set_id(NAMES), run="1", given=frozenset({"title"}))


def desired(**given: Any) -> DesiredRelease:
    return DesiredRelease(**{"tag": "v1", "names": NAMES, "run": "2", **given})


def public(**fields: Any) -> Release:
    return replace(release(), body="Notes", **fields)


def draft(mark: Mark | None = None, **fields: Any) -> Release:
    body = marked_notes("Notes", mark) if mark else "Notes"
    return replace(release(draft=True), **{"body": body, "target": "main", **fields})


def plan(wish: DesiredRelease, there: Release, **facts: Any) -> ReleasePlan:
    return plan_release(wish, ActualRelease(release=there, **facts))


# No release


def test_without_a_release_a_draft_is_created_and_published_at_the_end() -> None:
    made = plan_creation(desired(), tag_exists=True)
    assert isinstance(made.step, CreateRelease)
    assert made.publishes
    assert made.fields["name"] == "v1"
    assert made.fields["prerelease"] is False
    assert find_mark(str(made.fields["body"])) == Mark(
        files=set_id(NAMES), run="2", tag_existed=True
    )


def test_a_draft_that_no_run_publishes_has_no_mark() -> None:
    made = plan_creation(desired(publish="never", notes="Notes"), tag_exists=True)
    assert not made.publishes
    assert made.fields["body"] == "Notes"


@pytest.mark.parametrize(
    ("target", "tag_exists", "sent"),
    [(BRANCH, False, "main"), (COMMIT, False, OTHER_SHA), (COMMIT, True, None), (None, True, None)],
)
def test_the_target_is_sent_only_where_the_tag_does_not_exist(
    target: Target | None, tag_exists: bool, sent: str | None
) -> None:
    made = plan_creation(desired(target=target), tag_exists=tag_exists)
    assert made.fields.get("target_commitish") == sent


# A draft of ours follows this run


GIVEN: dict[str, Any] = {"title": "One", "notes": "New", "prerelease": True}
CHANGED = {"name": "One", "body": "New", "prerelease": True}


def test_a_corrected_input_takes_effect_on_a_draft_of_an_earlier_run() -> None:
    made = plan(desired(**GIVEN, target=COMMIT), draft(MARK))
    assert made.step == PublishRelease(
        release=draft(MARK), fields={**CHANGED, "target_commitish": OTHER_SHA}
    )
    assert made.warnings == ()


def test_an_input_that_is_not_given_changes_nothing() -> None:
    assert plan(desired(), draft(MARK)).fields == {}


def test_the_target_has_no_effect_on_a_draft_whose_tag_exists() -> None:
    assert plan(desired(target=COMMIT), draft(MARK), tag_commit=SHA).fields == {}


@pytest.mark.parametrize(
    ("wish", "mark", "step", "publishes"),
    [
        pytest.param({}, MARK, PublishRelease, True, id="auto, of the same files"),
        pytest.param({}, Mark(files="0" * 16), KeepRelease, False, id="auto, of other files"),
        pytest.param(
            {"publish": "always"}, Mark(files="0" * 16), PublishRelease, True, id="always"
        ),
        pytest.param(
            {"expects": True}, Mark(files="0" * 16), PublishRelease, True, id="auto, expect"
        ),
        pytest.param(
            {"expects": True, "title": "x"}, MARK, EditRelease, True, id="expect, and a title"
        ),
        pytest.param({"publish": "never"}, MARK, KeepRelease, False, id="never"),
        pytest.param(
            {"publish": "never", "title": "x"}, MARK, EditRelease, False, id="never, title"
        ),
    ],
)
def test_the_step_for_a_draft_of_this_action(
    wish: dict[str, Any], mark: Mark, step: type, publishes: bool
) -> None:
    made = plan(desired(**wish), draft(mark))
    assert isinstance(made.step, step)
    assert made.publishes is publishes


def test_a_draft_of_other_files_stays_with_a_warning() -> None:
    (warning,) = plan(desired(), draft(Mark(files="0" * 16))).warnings
    assert warning.title == "Draft not published"
    assert "for other files" in warning.text
    assert "`publish: always`" in warning.text


# Many jobs of one workflow run


def test_a_job_may_set_an_input_that_no_other_job_set() -> None:
    same_run = replace(MARK, run="2")
    made = plan(desired(notes="New", expects=True), draft(same_run))
    assert made.step == EditRelease(release=draft(same_run), fields={"body": "New"}, publishes=True)
    assert made.warnings == ()


def test_if_jobs_of_a_run_disagree_the_first_one_counts() -> None:
    made = plan(desired(title="Two"), draft(replace(MARK, run="2"), name="One"))
    assert made.fields == {}
    (warning,) = made.warnings
    assert warning.title == "Jobs disagree"
    assert "`title`" in warning.text


def test_a_job_that_disagrees_and_does_not_publish_warns_of_both() -> None:
    mark = replace(MARK, run="2", files="0" * 16)
    made = plan(desired(title="Two"), draft(mark, name="One"))
    assert [warning.title for warning in made.warnings] == ["Jobs disagree", "Draft not published"]


def test_if_jobs_of_a_run_disagree_on_the_target_the_plan_refuses() -> None:
    there = draft(replace(MARK, run="2", given=frozenset({"target"})))
    made = plan(desired(target=COMMIT), there)
    (refusal,) = made.refusals
    assert isinstance(refusal, TargetsDifferError)
    assert "`target: main` for `v1`" in str(refusal)
    assert f"`target: {OTHER_SHA}`" in str(refusal)
    assert refusal.where == there.html_url
    assert made.step == KeepRelease(release=there)


def test_jobs_that_agree_do_not_send_the_fields_again() -> None:
    made = plan(desired(title="One"), draft(replace(MARK, run="2"), name="One"))
    assert (made.fields, made.warnings) == ({}, ())


# A release of somebody else


@pytest.mark.parametrize("there", [public(), draft()], ids=["release", "draft"])
def test_by_default_a_release_stays_and_one_warning_names_the_differences(there: Release) -> None:
    made = plan(desired(**GIVEN, publish="never"), there)
    assert made.step == KeepRelease(release=there)
    (warning,) = made.warnings
    assert warning.title == "Release not changed"
    assert "`title`, `notes` and `prerelease` differ" in warning.text
    assert "`if-release-exists: update`" in warning.text


def test_equal_fields_cause_no_warning() -> None:
    same = desired(title="v1", notes="Notes\r\n", prerelease=False)
    assert plan(same, public()).warnings == ()


def test_update_changes_the_given_fields_that_differ() -> None:
    made = plan(desired(**GIVEN, if_exists="update"), public())
    assert made.step == EditRelease(release=public(), fields=CHANGED, publishes=False)
    same = desired(title="v1", if_exists="update")
    assert plan(same, public()).step == KeepRelease(release=public())


@pytest.mark.parametrize(
    ("asked", "is_latest", "sent"),
    [
        ("true", False, True),
        ("true", True, False),
        ("false", True, True),
        ("false", False, False),
        ("legacy", None, False),
    ],
)
def test_update_sends_make_latest_only_if_it_differs(
    asked: str, is_latest: bool | None, sent: bool
) -> None:
    made = plan(desired(make_latest=asked, if_exists="update"), public(), is_latest=is_latest)
    assert ("make_latest" in made.fields) is sent


def test_update_opens_a_discussion_only_if_there_is_none() -> None:
    wish = desired(discussion_category="News", if_exists="update")
    assert plan(wish, public()).fields == {"discussion_category_name": "News"}
    assert plan(wish, public(has_discussion=True)).fields == {}


def test_a_public_release_is_never_unpublished() -> None:
    for if_exists in ("use", "update"):
        made = plan(desired(publish="never", title="x", if_exists=if_exists), public())
        assert "draft" not in made.fields
        assert not made.publishes


@pytest.mark.parametrize("there", [public(), draft()], ids=["release", "draft"])
def test_skip_does_nothing(there: Release) -> None:
    made = plan(desired(**GIVEN, if_exists="skip", publish="always"), there)
    assert made.skips
    assert made.step == KeepRelease(release=there)
    assert made.warnings == ()


@pytest.mark.parametrize("there", [public(), draft()], ids=["release", "draft"])
def test_error_refuses(there: Release) -> None:
    made = plan(desired(if_exists="error"), there)
    (refusal,) = made.refusals
    assert isinstance(refusal, ReleaseExistsError)
    assert made.step == KeepRelease(release=there)
    assert f"`{there.tag}`" in refusal.what
    assert ("draft" in refusal.what) is there.draft
    assert refusal.where == there.html_url


def test_a_public_release_with_a_mark_is_not_one_of_this_action() -> None:
    marked = replace(public(), body=marked_notes("Notes", MARK))
    assert plan(desired(if_exists="skip"), marked).skips


@pytest.mark.parametrize("if_exists", ["skip", "error"])
def test_if_release_exists_ignores_a_draft_of_this_action(if_exists: str) -> None:
    made = plan(desired(if_exists=if_exists), draft(MARK))
    assert isinstance(made.step, PublishRelease)


def test_a_draft_of_somebody_else_stays_with_a_warning() -> None:
    made = plan(desired(), draft())
    assert made.step == KeepRelease(release=draft())
    (warning,) = made.warnings
    assert warning.title == "Draft not published"
    assert "`publish: never`" in warning.text


def test_a_published_draft_gets_the_target_of_this_run() -> None:
    made = plan(desired(publish="always", target=COMMIT), draft())
    assert made.step == PublishRelease(release=draft(), fields={"target_commitish": OTHER_SHA})
    assert made.warnings == ()


def test_a_published_draft_keeps_all_else_with_a_warning() -> None:
    made = plan(desired(publish="always", target=COMMIT, title="New"), draft())
    assert made.fields == {"target_commitish": OTHER_SHA}
    (warning,) = made.warnings
    assert "`title` differs" in warning.text


def test_a_draft_that_stays_keeps_its_target_with_a_warning() -> None:
    made = plan(desired(publish="never", target=COMMIT), draft())
    assert made.step == KeepRelease(release=draft())
    (warning,) = made.warnings
    assert "`target`" in warning.text


# Targets


@pytest.mark.parametrize(
    ("target", "tag_commit", "warned"),
    [(COMMIT, SHA, True), (COMMIT, OTHER_SHA, False), (COMMIT, None, False), (None, SHA, False)],
)
def test_a_target_without_effect_causes_a_warning(
    target: Target | None, tag_commit: str | None, warned: bool
) -> None:
    assert bool(target_warnings(desired(target=target), tag_commit)) is warned


@pytest.mark.parametrize(
    ("publish", "expects", "publishes"),
    [
        ("always", False, True),
        ("always", True, True),
        ("auto", True, True),
        ("auto", False, False),
        ("never", True, False),
    ],
)
def test_a_draft_of_others_is_published_on_request_or_once_it_is_complete(
    publish: str, expects: bool, publishes: bool
) -> None:
    made = plan(desired(publish=publish, expects=expects), draft())
    assert made.publishes is publishes
    assert len(made.warnings) == (publish == "auto" and not expects)


def test_update_changes_a_draft_of_others_that_stays() -> None:
    made = plan(desired(publish="never", title="New", if_exists="update"), draft())
    assert made.step == EditRelease(release=draft(), fields={"name": "New"}, publishes=False)
    assert made.warnings == ()


@pytest.mark.parametrize(
    ("wish", "step", "fields"),
    [
        pytest.param({"expects": False}, PublishRelease, {"name": "New"}, id="alone"),
        pytest.param({"expects": True}, EditRelease, {"name": "New"}, id="one job of many"),
        pytest.param(
            {"target": COMMIT},
            PublishRelease,
            {"name": "New", "target_commitish": OTHER_SHA},
            id="with a target",
        ),
        pytest.param(
            {"publish": "never", "target": COMMIT},
            EditRelease,
            {"name": "New", "target_commitish": OTHER_SHA},
            id="with a target, not published",
        ),
    ],
)
def test_update_changes_a_draft_of_others(
    wish: dict[str, Any], step: type, fields: dict[str, object]
) -> None:
    made = plan(
        desired(**{"publish": "always", "title": "New", **wish}, if_exists="update"), draft()
    )
    assert isinstance(made.step, step)
    assert made.fields == fields
    assert made.publishes is (wish.get("publish") != "never")
    assert made.warnings == ()


def test_a_release_without_a_title_differs_from_a_title_only() -> None:
    untitled = public(name=None)
    assert plan(desired(title="v1", if_exists="update"), untitled).fields == {"name": "v1"}
    assert plan(desired(title="", if_exists="update"), untitled).fields == {}


def test_a_new_release_has_the_given_title_and_is_a_prerelease_on_request() -> None:
    made = plan_creation(desired(title="One", prerelease=True), tag_exists=False)
    assert made.fields["name"] == "One"
    assert made.fields["prerelease"] is True
    mark = find_mark(str(made.fields["body"]))
    assert mark is not None
    assert not mark.tag_existed


def test_a_new_release_has_the_tag_and_is_no_prerelease() -> None:
    step = plan_creation(desired(), tag_exists=True).step
    assert isinstance(step, CreateRelease)
    assert step.tag == "v1"
    assert step.fields["prerelease"] is False


@pytest.mark.parametrize("notes", ["Notes\r\n\r\nMore\r\n", " Notes\n\nMore", "\nNotes\n\nMore\n"])
def test_notes_that_github_would_only_trim_are_the_same(notes: str) -> None:
    there = replace(public(), body="Notes\r\n\r\nMore")
    assert plan(desired(notes=notes, if_exists="update"), there).step == KeepRelease(release=there)
