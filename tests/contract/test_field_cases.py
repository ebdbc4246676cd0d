"""Problems that other projects reported when publishing releases: each must have the right result.

Retold from public reports of 2020 to 2026; each test names where the case was reported, if it was.
"""

import json
import os
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.github.errors import NameTakenError
from release_assets.names import backup_name, parse_swap_name, staging_name
from release_assets.plan.draft_mark import Mark, marked_notes, set_id
from release_assets.plan.errors import ReleaseChangedError, TargetNotFoundError
from release_assets.publish.cleanup import repair
from release_assets.report.outcome import Outcome
from release_assets.report.run_report import asset_digests, step_outputs
from release_assets.summary.document import job_summary
from tests.support.engine import Engine, results
from tests.support.job import Job
from tests.support.sandbox import Sandbox
from tests.support.unlisted import upload_unlisted

UPLOAD = {"origin": "uploads", "method": "POST"}
OLD_SHA, NEW_SHA = "1" * 40, "2" * 40
OURS = marked_notes("Old notes", Mark(files=set_id(["app.zip"]), run="1"))


@pytest.fixture(autouse=True)
def one_file(engine: Engine) -> None:
    engine.write({"dist/app.zip": b"new bytes"})


def seed(sandbox: Sandbox, *releases: dict[str, Any], **repository: Any) -> None:
    named = {"name": sandbox.repository, "releases": list(releases), **repository}
    sandbox.seed({"repositories": [named]})


def writes(sandbox: Sandbox) -> list[str]:
    sent = [one for one in sandbox.requests() if one.method not in {"GET", "HEAD"}]
    return [f"{one.method} {one.path}" for one in sent]


def commit_of(sandbox: Sandbox, tag: str) -> str:
    tags = sandbox.state()["repositories"][sandbox.repository]["tags"]
    sha: str = tags[tag]["sha"]
    return sha


def tags_of(sandbox: Sandbox) -> list[str]:
    return sorted(sandbox.state()["repositories"][sandbox.repository]["tags"])


def digest(content: bytes) -> Digest:
    return Digest.of(sha256(content))


# The release itself


@pytest.mark.parametrize("call", ["send", "refresh"])
def test_a_draft_that_loses_its_tag_during_uploads_is_published_with_its_tag(
    call: str, engine: Engine, sandbox: Sandbox
) -> None:
    """R1: rundock#235, esphome-desktop#81, cherry-studio#19902."""
    lists = {"method": "GET", "path": "/releases$"}
    match, skip = (UPLOAD, 0) if call == "send" else (lists, 2)
    sandbox.interfere("edit-body", when="before", match=match, skip=skip)
    outcome = engine.publish_well(notes="Notes")
    assert sandbox.interferences()
    (release,) = sandbox.releases()
    assert (release["tag_name"], release["draft"]) == ("v1", False)
    assert outcome.published
    assert tags_of(sandbox) == ["v1"]


def test_the_tag_is_created_at_the_target_of_this_run(engine: Engine, sandbox: Sandbox) -> None:
    """R2: woocommerce-pos#2003."""
    draft = {"tag": "v2", "draft": True, "body": OURS, "target_commitish": OLD_SHA}
    commits = [{"name": sha, "sha": sha} for sha in (OLD_SHA, NEW_SHA)]
    seed(sandbox, draft, commits=commits)
    assert engine.publish_well(tag="v2", target=NEW_SHA).published
    assert commit_of(sandbox, "v2") == NEW_SHA


def test_an_unknown_target_is_refused_before_any_write(engine: Engine, sandbox: Sandbox) -> None:
    """R3: softprops/action-gh-release#601, openhpsdr-zeus#442."""
    (error,) = engine.publish(tag="v2", target="mian").errors
    assert isinstance(error, TargetNotFoundError)
    assert writes(sandbox) == []
    assert engine.publish_well(tag="v2", target="main").published


@pytest.mark.parametrize("target", [NEW_SHA[:8], "v0", "refs/pull/7/merge", "refs/heads/next"])
def test_any_name_of_a_commit_is_a_valid_target(
    target: str, engine: Engine, sandbox: Sandbox
) -> None:
    seed(
        sandbox,
        commits=[{"name": NEW_SHA, "sha": NEW_SHA}],
        tags=[{"name": "v0", "sha": NEW_SHA}],
        branches=[{"name": "next", "sha": NEW_SHA}],
        references=[{"name": "pull/7/merge", "sha": NEW_SHA}],
    )
    assert engine.publish_well(tag="v2", target=target).published
    assert commit_of(sandbox, "v2") == NEW_SHA


def test_the_inputs_of_the_next_run_replace_those_of_an_interrupted_run(
    engine: Engine, sandbox: Sandbox
) -> None:
    """R4: softprops#795."""
    sandbox.fault(match=UPLOAD, do="status", status=500, times=None)
    assert engine.publish(title="Old", notes="Old", max_attempts="1").errors
    sandbox.disarm()
    engine.publish_well(title="New", notes="New", prerelease="true")
    (release,) = sandbox.releases()
    assert (release["name"], release["body"], release["prerelease"]) == ("New", "New", True)
    assert sandbox.state()["repositories"][sandbox.repository]["latest"] is None


@pytest.mark.parametrize("is_rerun", [False, True])
def test_a_rerun_uses_its_inputs_but_a_job_of_the_same_attempt_gets_a_warning(
    is_rerun: bool, job: Job, sandbox: Sandbox
) -> None:
    """R4: a re-run keeps the id of its workflow run, and `vars` may have been corrected since."""
    job.write({"dist/app.zip": b"new bytes"})
    inputs = {"files": "dist/*", "expect": "app.zip\nother.zip"}
    assert job.run_program(inputs | {"title": "Old"}).exit_code == 0
    environment = {"GITHUB_RUN_ATTEMPT": "2"} if is_rerun else {}
    step = job.run_program(inputs | {"title": "New"}, environment)
    assert step.exit_code == 0, step.log
    (release,) = sandbox.releases()
    assert release["name"] == ("New" if is_rerun else "Old")
    assert ("Jobs disagree" in step.log) is not is_rerun


def test_a_job_with_another_target_is_refused(job: Job, sandbox: Sandbox) -> None:
    """R2, in a matrix: the tag would name the commit of one job's files."""
    commits = [{"name": sha, "sha": sha} for sha in (OLD_SHA, NEW_SHA)]
    seed(sandbox, commits=commits)
    job.write({"dist/app.zip": b"new bytes"})
    inputs = {"tag": "v2", "files": "dist/*", "expect": "app.zip\nother.zip"}
    assert job.run_program(inputs | {"target": OLD_SHA}).exit_code == 0
    sandbox.forget_requests()
    step = job.run_program(inputs | {"target": NEW_SHA, "overwrite": "true"})
    assert step.exit_code == 1
    assert "::error title=Jobs disagree::" in step.log
    assert writes(sandbox) == []
    again = job.run_program(inputs | {"target": NEW_SHA}, {"GITHUB_RUN_ATTEMPT": "2"})
    assert again.exit_code == 0, again.log
    assert [release["target_commitish"] for release in sandbox.releases()] == [NEW_SHA]


GIVEN = {"title": "New", "notes": "New", "prerelease": "true", "make_latest": "false"}


def test_inputs_that_an_existing_release_ignores_are_reported(
    engine: Engine, sandbox: Sandbox
) -> None:
    """R5: 13 of 108 real steps need these inputs to take effect."""
    seed(sandbox, {"tag": "v1", "name": "Old", "body": "Old"})
    outcome = engine.publish_well(**GIVEN, target="main", generate_notes="true")
    warnings = " ".join(outcome.warnings)
    for name in ("title", "notes", "prerelease", "make-latest", "target"):
        assert f"`{name}`" in warnings
    assert sandbox.release("v1")["name"] == "Old"


def test_update_applies_inputs_to_an_existing_release(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"tag": "v1", "name": "Old", "body": "Old"})
    outcome = engine.publish_well(**GIVEN, if_release_exists="update")
    release = sandbox.release("v1")
    assert (release["name"], release["body"], release["prerelease"]) == ("New", "New", True)
    assert outcome.warnings == ()
    sandbox.forget_requests()
    assert not engine.publish_well(**GIVEN, if_release_exists="update").changed
    assert writes(sandbox) == []


def test_a_release_that_becomes_a_draft_during_the_run_is_an_error(
    engine: Engine, sandbox: Sandbox
) -> None:
    """R6: agave#5722, softprops#772. The tag is deleted and pushed again while files upload."""
    seed(sandbox, {"tag": "v1"})
    again: list[str | dict[str, Any]] = ["delete-tag", {"do": "create-tag", "tag": "v1"}]
    sandbox.interfere(*again, when="before", match=UPLOAD)
    outcome = engine.publish()
    (error,) = outcome.errors
    assert isinstance(error, ReleaseChangedError)
    outputs = step_outputs(outcome)
    assert outputs["draft"] == "true"
    assert "/v1/" not in outputs["urls"], "the public URLs do not work for a draft"


@pytest.mark.parametrize(
    "body", ["By hand", marked_notes("", Mark(files=set_id(["app-1234.zip"])))]
)
def test_a_draft_that_is_not_published_has_a_warning_with_cause_and_fix(
    body: str, engine: Engine, sandbox: Sandbox
) -> None:
    """R7: convex-panel#51, km#1121."""
    seed(sandbox, {"tag": "v1", "draft": True, "body": body})
    outcome = engine.publish_well()
    (warning,) = engine.reporter.warnings
    assert warning.startswith("Draft not published: ")
    assert "`publish: always`" in warning
    assert "publish&#58; always" in job_summary(outcome)
    assert step_outputs(outcome)["draft"] == "true"


def test_later_jobs_upload_to_the_draft_of_a_first_job(engine: Engine, sandbox: Sandbox) -> None:
    """R8: ripgrep, zellij, PCSX2."""
    assert engine.publish_well(files="", publish="never", title="One").created
    assert results(engine.publish_well(publish="never")) == {"app.zip": "uploaded"}
    assert engine.publish_well(files="", publish="always").published
    (release,) = sandbox.releases()
    assert (release["name"], [one["name"] for one in release["assets"]]) == ("One", ["app.zip"])


def test_a_run_for_a_deleted_and_recreated_release_is_an_error(
    job: Job, sandbox: Sandbox, tmp_path: Path
) -> None:
    """R9: terraform-provider-onelogin#234."""
    seed(sandbox, {"tag": "v1", "id": 77})
    job.write({"dist/app.zip": b"new bytes"})
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"release": {"id": 42, "tag_name": "v1"}}))
    step = job.run_program({"files": "dist/*"}, {"GITHUB_EVENT_PATH": str(event)})
    assert step.exit_code == 1
    assert "title=Release not found::" in step.log
    assert all(number in step.log for number in ("42", "77"))
    assert "`release-id`" not in step.log


# Answers and lists


@pytest.fixture
def ghes(sandbox: Sandbox) -> Sandbox:
    sandbox.settings(digests=False)
    return sandbox


def test_without_digests_a_staged_asset_is_read_back_before_the_swap(
    engine: Engine, ghes: Sandbox
) -> None:
    """A1: the answer to the upload is lost, and damaged bytes of the same size are there."""
    seed(ghes, {"tag": "v1", "assets": [{"name": "app.zip", "text": "old bytes"}]})
    broken = staging_name("app.zip", digest(b"new bytes"))
    upload_unlisted(engine, ghes, broken, b"bad bytes")
    engine.publish_well(overwrite="true")
    assert ghes.content("v1", "app.zip") == b"new bytes"
    assert ghes.asset_names("v1") == ["app.zip"]


@pytest.mark.parametrize("order", ["made", "id", "name"])
@pytest.mark.parametrize("change", ["shift", "repeat", "shrink"])
def test_a_list_that_changes_during_a_repair_loses_no_content(
    change: str, order: str, engine: Engine, sandbox: Sandbox
) -> None:
    """A2: between two pages another job's upload shifts the list, and one asset is listed twice."""
    new = digest(b"new bytes")
    names = {
        "app.zip": "old bytes",
        backup_name("app.zip", new): "older",
        staging_name("app.zip", new): "new bytes",
        "b.zip": "b",
        "c.zip": "c",
    }
    assets = [{"name": name, "text": text} for name, text in names.items()]
    seed(sandbox, {"tag": "v1", "assets": assets})
    sandbox.settings(most_per_page=2, list_order=order)
    for page in ("2", "3"):
        match = {"method": "GET", "path": "/assets$", "query": f"(^|&)page={page}"}
        sandbox.fault(do="list", change=change, match=match, times=1)
    (release,) = sandbox.releases()
    with suppress(NameTakenError):  # an asset that no page listed still has its name
        repair(engine.github(), release["id"], {"app.zip": None}, engine.reporter)
    there = {asset["name"]: asset["id"] for asset in sandbox.assets("v1")}
    finals = {mark.final if (mark := parse_swap_name(name)) else name for name in there}
    assert finals == {"app.zip", "b.zip", "c.zip"}


@pytest.mark.parametrize("skip", [0, 1])
def test_an_unconfirmed_rename_is_checked_before_any_deletion(
    skip: int, engine: Engine, sandbox: Sandbox
) -> None:
    """A3: a rename is answered 200, with the old name."""
    seed(sandbox, {"tag": "v1", "assets": [{"name": "app.zip", "text": "old bytes"}]})
    sandbox.lie(match={"method": "PATCH"}, effect=False, skip=skip)
    engine.publish_well(overwrite="true")
    assert sandbox.content("v1", "app.zip") == b"new bytes"
    assert sandbox.asset_names("v1") == ["app.zip"]


def test_an_answer_with_a_draft_does_not_confirm_publishing(
    engine: Engine, sandbox: Sandbox
) -> None:
    """A4: publishing is answered 200, `draft: true`."""
    match = {"method": "PATCH", "path": r"/releases/\d+$"}
    sandbox.lie(match=match, effect=False, times=None)
    outcome = engine.publish()
    assert outcome.errors
    assert not outcome.published
    assert step_outputs(outcome)["draft"] == "true"
    sandbox.disarm()
    assert engine.publish_well().published


@pytest.mark.parametrize("digests", [True, False])
def test_a_skipped_file_is_in_no_list_of_digests(
    digests: bool, engine: Engine, sandbox: Sandbox
) -> None:
    """A5: `overwrite: skip`, and other content is there."""
    sandbox.settings(digests=digests)
    seed(sandbox, {"tag": "v1", "assets": [{"name": "app.zip", "text": "foreign"}]})
    outcome = engine.publish_well(overwrite="skip")
    assert asset_digests(outcome) == []
    (asset,) = json.loads(step_outputs(outcome)["assets"])
    assert asset["result"] == "skipped"
    assert asset["digest"] == (digest(b"foreign") if digests else None)


def test_an_interim_answer_does_not_confirm_a_deletion(engine: Engine, sandbox: Sandbox) -> None:
    """A6: 103 before a refused DELETE."""
    seed(sandbox, {"tag": "v1", "assets": [{"name": "old.zip", "text": "old"}]})
    sandbox.settings(interim=True)
    refusal = {"message": "Resource not accessible by integration"}
    sandbox.fault(match={"method": "DELETE"}, do="status", status=403, body=refusal)
    outcome = engine.publish(prune="old*")
    assert outcome.errors
    assert outcome.pruned == ()
    assert "old.zip" in sandbox.asset_names("v1")


# Ends of runs


VARIABLES = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_STATE")


@pytest.mark.parametrize("succeeds", [True, False])
def test_without_runner_files_the_exit_code_is_that_of_the_run(
    succeeds: bool, job: Job, sandbox: Sandbox
) -> None:
    """E1: act, other runners, `docker run`."""
    job.write({"dist/app.zip": b"new bytes"})
    if not succeeds:
        sandbox.fault(
            match=UPLOAD, do="status", status=422, body={"message": "Not today"}, times=None
        )
    without = ["env", *(f"--unset={name}" for name in VARIABLES)]
    step = job.run_program({"files": "dist/*"}, launcher=without)
    assert step.exit_code == (0 if succeeds else 1)
    assert "this is a bug" not in step.log
    assert ("Not today" in step.log) is not succeeds


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
def test_a_file_name_that_is_not_utf8_is_refused_before_any_write(
    job: Job, sandbox: Sandbox
) -> None:
    """E2."""
    job.write({"dist/app.zip": b"new bytes"})
    (job.workspace / "dist" / os.fsdecode(b"b\xff.zip")).write_bytes(b"x")
    step = job.run_program({"files": "dist/*"})
    assert step.exit_code == 1
    assert writes(sandbox) == []
    assert "UTF-8" in step.log
    assert step.outputs["published"] == "false"


@pytest.mark.parametrize(
    ("inputs", "variables", "named"),
    [
        ({"expect": "{a,b}" * 20}, {}, "expect"),
        ({}, {"GITHUB_API_URL": "http://[::1"}, "GITHUB_API_URL"),
        ({"notes-file": "/proc/self/environ"}, {}, "notes-file"),
        ({"notes-file": "/dev/zero"}, {}, "notes-file"),
        ({"notes-file": "linked.md"}, {}, "notes-file"),
        ({"notes-file": "pipe"}, {}, "notes-file"),
    ],
)
def test_an_unreadable_or_unbounded_input_is_an_error_with_outputs(
    inputs: dict[str, str], variables: dict[str, str], named: str, job: Job, sandbox: Sandbox
) -> None:
    """E3 and E4: endless, secret or invalid input is not read to its end."""
    job.write({"dist/app.zip": b"new bytes"})
    (job.workspace / "linked.md").symlink_to("/proc/self/environ")
    os.mkfifo(job.workspace / "pipe")
    step = job.run_program({"files": "dist/*", **inputs}, variables)
    assert step.exit_code == 1
    assert f"`{named}`" in step.log
    assert "this is a bug" not in step.log
    assert step.outputs["published"] == "false"
    assert writes(sandbox) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away"
)
def test_files_left_in_the_workspace_have_its_owner(job: Job) -> None:
    """E5: TileOPs#687, actions/runner#434."""
    job.write({"dist/app.zip": b"new bytes"})
    os.chown(job.workspace, 12345, 23456)
    step = job.run_program({"files": "dist/*"})
    assert step.exit_code == 0, step.log
    left = job.workspace / step.outputs["checksums-file"]
    for path in (left, left.parent, left.parent / ".gitignore"):
        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_shared_error_of_many_files_is_reported_once_with_counts(
    engine: Engine, sandbox: Sandbox
) -> None:
    """E6: 40 uploads of 300 failing with 502."""
    names = [f"{number:03}.zip" for number in range(30)]
    engine.write({f"dist/{name}": b"x" for name in names})
    match = UPLOAD | {"query": r"name=00\d"}
    sandbox.fault(match=match, do="status", status=502, times=None)
    outcome = engine.publish(max_attempts="2")
    (error,) = outcome.errors
    assert error.title == "GitHub failed"
    assert all(number in error.what for number in ("10 of 31", "502", "21"))
    assert "10" in error.fix
    assert "`000.zip`" in error.where
    assert "5 more" in error.where


def test_a_cancelled_run_has_one_error(engine: Engine, sandbox: Sandbox) -> None:
    """E6: Ctrl-C with 520 files."""
    engine.write({f"dist/{number:03}.zip": b"x" for number in range(40)})
    seed(sandbox, {"tag": "v1"})
    stop = engine.stop

    class Stopping(type(engine.reporter)):  # type: ignore[misc]
        def line(self, text: str) -> None:
            super().line(text)
            if text.startswith("uploaded"):
                stop.set(2)

    engine = replace(engine, reporter=Stopping())
    outcome: Outcome = engine.publish(concurrency="1")
    (error,) = outcome.errors
    assert error.title == "Cancelled"
