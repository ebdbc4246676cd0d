"""Editing and publishing a release while GitHub delays the request."""

from typing import Any

import pytest

from release_assets.plan import find_mark, without_mark
from tests.release_assets.publish.test_finalize import Interrupted, asset, seed
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox

LIMITED: dict[str, Any] = {"do": "secondary-limit", "status": 429, "retry_after": 60}
FAILED: dict[str, Any] = {"do": "status", "status": 502}
DELAYS = pytest.mark.parametrize(
    ("fault", "cue"),
    [
        pytest.param(LIMITED, "all requests wait", id="rate limit"),
        pytest.param(FAILED, "trying again", id="502"),
    ],
)
UPDATE = {"method": "PATCH", "path": r"/releases/\d+$"}


def begin_draft(engine: Engine) -> None:
    """Publish one of two expected files, so that the release stays a draft of this action."""
    engine.write({"dist/a.zip": b"a"})
    engine.publish_well(expect="a.zip\nb.zip")


@DELAYS
def test_a_draft_that_another_job_publishes_meanwhile_is_not_published_again(
    fault: dict[str, Any], cue: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    seed(sandbox, {"body": "Notes"})
    sandbox.fault(match=UPDATE, **fault)

    def publish_meanwhile() -> None:
        (release,) = sandbox.releases()
        engine.github().update_release(release["id"], "v1", {"draft": False})

    engine.reporter = Interrupted(happenings={cue: publish_meanwhile})
    outcome = engine.publish_well(publish="always")
    assert not sandbox.release("v1")["draft"]
    # After a 502 this run may be the one that published it.
    assert outcome.published is (fault is FAILED)
    assert sandbox.count("PATCH") == 2


@DELAYS
def test_a_set_that_becomes_incomplete_meanwhile_is_not_published(
    fault: dict[str, Any], cue: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    seed(sandbox, {"body": "Notes", "assets": [asset("b.zip")]})
    sandbox.fault(match=UPDATE, **fault)

    def delete_meanwhile() -> None:
        (other,) = (one for one in sandbox.assets("v1") if one["name"] == "b.zip")
        engine.github().delete_asset(other["id"])

    engine.reporter = Interrupted(happenings={cue: delete_meanwhile})
    outcome = engine.publish_well(publish="always", expect="a.zip\nb.zip")
    assert sandbox.release("v1")["draft"]
    assert outcome.missing == ("b.zip",)
    assert sandbox.count("PATCH") == 1


@DELAYS
def test_a_draft_that_stays_as_it_was_is_published_after_the_delay(
    fault: dict[str, Any], cue: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    sandbox.fault(match=UPDATE, times=2, **fault)
    engine.reporter = Interrupted(happenings={cue: lambda: None})
    assert engine.publish_well().published
    assert not sandbox.release("v1")["draft"]


def test_a_failure_that_stays_ends_the_run_after_the_last_attempt(
    engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    sandbox.fault(match=UPDATE, times=None, **FAILED)
    (error,) = engine.publish(max_attempts="3").errors
    assert error.title == "GitHub failed"
    assert sandbox.count("PATCH") == 3


@DELAYS
def test_notes_that_a_person_edits_meanwhile_stay(
    fault: dict[str, Any], cue: str, engine: Engine, sandbox: Sandbox
) -> None:
    begin_draft(engine)
    sandbox.fault(match=UPDATE, **fault)

    def edit_meanwhile() -> None:
        (draft,) = sandbox.releases()
        body = f"By hand\n\n{draft['body']}"
        engine.github().update_release(draft["id"], "v1", {"body": body})

    engine.reporter = Interrupted(happenings={cue: edit_meanwhile})
    engine.publish_well(expect="a.zip\nb.zip", title="New")
    draft = sandbox.release("v1")
    assert draft["name"] == "New"
    assert draft["body"].startswith("By hand")
    assert find_mark(draft["body"]) is not None


@DELAYS
def test_an_edit_brings_no_mark_back_to_a_release_that_another_job_publishes_meanwhile(
    fault: dict[str, Any], cue: str, engine: Engine, sandbox: Sandbox
) -> None:
    begin_draft(engine)
    sandbox.fault(match=UPDATE, **fault)

    def publish_meanwhile() -> None:
        (draft,) = sandbox.releases()
        fields = {"draft": False, "body": without_mark(draft["body"])}
        engine.github().update_release(draft["id"], "v1", fields)

    engine.reporter = Interrupted(happenings={cue: publish_meanwhile})
    engine.publish(expect="a.zip\nb.zip", title="New")
    release = sandbox.release("v1")
    assert not release["draft"]
    assert find_mark(release["body"]) is None


def test_a_lost_response_is_a_publication_of_this_run_even_if_the_next_answer_lags(
    engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    sandbox.fault(match=UPDATE, do="reset", when="after", effect=True)
    lag = {"method": "GET", "path": r"/releases/\d+$"}
    sandbox.fault(match=lag, do="lie", fields={"draft": True})
    assert engine.publish_well().published
    assert sandbox.count("PATCH") == 1
