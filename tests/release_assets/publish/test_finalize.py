"""The end of a run while other jobs work on the same release."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.models import Release
from release_assets.names import backup_name, staging_name
from release_assets.plan.draft_mark import Mark, find_mark, marked_notes, set_id
from release_assets.plan.leader import LAG_SECONDS, TAKEOVER_SECONDS
from release_assets.report.outcome import Outcome
from tests.support.engine import Engine, FakeTime, RecordingReporter, results
from tests.support.sandbox import Sandbox
from tests.support.unlisted import upload_unlisted

NEW = Digest("sha256:" + "0" * 64)
BOTH = "a.zip\nb.zip"


def seed(sandbox: Sandbox, *releases: dict[str, Any]) -> None:
    """Create releases of v1 in the sandbox, drafts by default."""
    given = [{"tag": "v1", "draft": True, **release} for release in releases]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": given}]})


def asset(name: str, text: str = "x", **fields: str) -> dict[str, Any]:
    return {"name": name, "text": text, **fields}


LONG_AGO = {"created_at": "2025-07-01T00:00:00Z"}


@dataclass(slots=True)
class Interrupted(RecordingReporter):
    """Calls a function once, at the first line that contains a text."""

    happenings: dict[str, Callable[[], object]] = field(default_factory=dict)

    def line(self, text: str) -> None:
        RecordingReporter.line(self, text)
        for cue in [cue for cue in self.happenings if cue in text]:
            self.happenings.pop(cue)()

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        self.line(f"{title}:")
        yield


@dataclass(slots=True)
class BusyTime(FakeTime):
    """A clock whose waits run functions instead, as if other jobs acted then."""

    seconds: float = field(default_factory=time.time)  # like the clock of the sandbox
    meanwhile: list[Callable[[], object]] = field(default_factory=list)  # one function per wait

    def clock(self) -> Any:
        clock = FakeTime.clock(self)

        def sleep(seconds: float) -> None:
            clock.sleep(seconds)
            if self.meanwhile:
                self.meanwhile.pop(0)()

        return type(clock)(now=clock.now, elapsed=clock.elapsed, sleep=sleep, chance=clock.chance)


@pytest.fixture
def other(sandbox: Sandbox, engine: Engine) -> Engine:
    """Another job, with a file of its own."""
    job = Engine(sandbox, engine.workspace / "other")
    job.write({"dist/b.zip": b"b"})
    engine.write({"dist/a.zip": b"a"})
    return job


def addresses(outcome: Outcome) -> list[str]:
    return [result.asset.browser_download_url for result in outcome.results if result.asset]


# After an interrupted run


@pytest.mark.parametrize("checksums", ["", "z.txt"])
@pytest.mark.parametrize(("file", "name"), [("b.zip", "b.zip"), ("b 1.zip", "b.1.zip")])
def test_the_next_run_of_the_same_set_publishes_the_draft(
    file: str, name: str, checksums: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a", f"dist/{file}": b"b"})
    sandbox.fault(match={"origin": "uploads"}, do="status", status=500, times=None, skip=1)
    assert engine.publish(notes="Notes.", checksums=checksums, max_attempts="2").errors
    assert sandbox.release("v1")["draft"]
    sandbox.disarm()
    outcome = engine.publish_well(notes="Notes.", checksums=checksums)
    assert (outcome.published, outcome.created) == (True, False)
    assert sandbox.release("v1")["body"] == "Notes."
    assert sandbox.asset_names("v1") == ["a.zip", name, *checksums.split()]


def test_a_run_of_another_set_does_not_publish_the_draft(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"body": marked_notes("Notes.", Mark(files=set_id(["a.zip", "c.zip"])))})
    engine.write({"dist/a.zip": b"a"})
    assert not engine.publish_well().published
    (warning,) = engine.reporter.warnings
    assert warning.startswith("Draft not published")
    assert engine.publish_well(publish="always").published
    assert sandbox.release("v1")["body"] == "Notes."


def test_edits_of_a_person_during_the_run_stay(engine: Engine, sandbox: Sandbox) -> None:
    engine.write({"dist/a.zip": b"a"})

    def edit() -> None:
        (release,) = sandbox.releases()
        body = "Better. " + release["body"]
        engine.github().update_release(release["id"], "v1", {"body": body})

    engine.reporter = Interrupted(happenings={"uploaded a.zip": edit})
    assert engine.publish_well(notes="Notes.").published
    assert sandbox.release("v1")["body"] == "Better. Notes."


@pytest.mark.parametrize(("publish", "parse_swap_name"), [("auto", True), ("never", False)])
def test_a_draft_that_no_run_publishes_has_no_mark(
    publish: str, *, parse_swap_name: bool, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    bodies: list[str] = []
    look = {"uploaded a.zip": lambda: bodies.append(sandbox.releases()[0]["body"])}
    engine.reporter = Interrupted(happenings=dict(look))
    engine.publish_well(notes="Notes.", publish=publish)
    assert [find_mark(body) is not None for body in bodies] == [parse_swap_name]
    assert [body.partition("\n")[0] for body in bodies] == ["Notes."]
    assert sandbox.release("v1")["body"] == "Notes."


# The last job of a set


def test_the_leader_makes_seven_calls_more_than_files(
    engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    first = other.publish_well(expect=BOTH)
    assert (first.published, first.missing) == (False, ("a.zip",))
    sandbox.forget_requests()
    last = engine.publish_well(expect=BOTH)
    assert (last.published, last.missing) == (True, ())
    # Find, refresh, publish and read back the release; resolve the tag before and after.
    assert len(sandbox.requests()) == 1 + 7
    assert [event["what"] for event in sandbox.history()] == ["published"]
    assert all("untagged" not in address for address in addresses(last))


def test_a_job_that_is_not_the_leader_makes_four_calls_more_than_files(
    engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {"assets": [asset("c.zip")]})
    engine.write({"dist/a.zip": b"a"})
    outcome = engine.publish_well(expect=BOTH)
    assert (outcome.published, outcome.missing) == (False, ("b.zip",))
    assert len(sandbox.requests()) == 1 + 4
    assert any("the release has: a.zip, c.zip" in line for line in engine.reporter.lines)
    assert engine.time.waits == [LAG_SECONDS]


def test_assets_missing_from_a_lagging_list_are_found_by_a_refresh(
    engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {})
    other_uploads = {"uploaded a.zip": lambda: upload_unlisted(other, sandbox, "b.zip", b"b")}
    engine.reporter = Interrupted(happenings=dict(other_uploads))
    outcome = engine.publish_well(expect=BOTH)
    assert outcome.published
    assert LAG_SECONDS in engine.time.waits


def test_only_the_leader_publishes(engine: Engine, other: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {})
    engine.time = other.time = BusyTime()
    done: list[Outcome] = []

    def end() -> None:
        # The other job came last, and sees the complete set.
        done.append(other.publish_well(expect=BOTH))

    engine.reporter = Interrupted(happenings={"uploaded a.zip": lambda: upload(other)})
    engine.time = BusyTime(meanwhile=[end])
    outcome = engine.publish_well(expect=BOTH)
    assert not outcome.published
    assert [event["what"] for event in sandbox.history()] == ["published"]
    assert any("the job that uploaded" in line for line in engine.reporter.lines)
    assert all("untagged" not in address for address in addresses(outcome))


def upload(job: Engine) -> None:
    """Let a job upload its files and do nothing else."""
    time.sleep(1.1)  # times of the sandbox are whole seconds
    assert job.publish_well(publish="never").errors == ()


def test_another_job_takes_over_from_a_killed_leader(
    engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {})
    engine.time = BusyTime()
    engine.reporter = Interrupted(happenings={"uploaded a.zip": lambda: upload(other)})
    outcome = engine.publish_well(expect=BOTH)
    assert outcome.published
    assert max(engine.time.waits) >= TAKEOVER_SECONDS


@pytest.mark.parametrize("came_last", ["a.zip", "b.zip"])
def test_the_rank_of_a_re_run_job_depends_on_its_assets(
    came_last: str, engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {})
    jobs = {"a.zip": engine, "b.zip": other}
    for name in sorted(jobs, reverse=came_last == "a.zip"):
        upload(jobs[name])
    engine.time = BusyTime()
    assert engine.publish_well(expect=BOTH).published
    (wait,) = engine.time.waits
    assert TAKEOVER_SECONDS + 1 <= wait <= TAKEOVER_SECONDS + 2


def test_a_slow_refresh_does_not_delay_a_takeover_too_long(
    engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {})
    engine.time = BusyTime()

    def interrupt() -> None:
        upload(other)
        look = {"method": "GET", "path": "/releases$"}
        sandbox.fault(match=look, do="secondary-limit", status=429, retry_after=300)

    engine.reporter = Interrupted(happenings={"uploaded a.zip": interrupt})
    assert engine.publish_well(expect=BOTH).published
    waits = [wait for wait in engine.time.waits if wait < 300]
    assert len(waits) < len(engine.time.waits)
    assert TAKEOVER_SECONDS < max(waits) <= TAKEOVER_SECONDS + 4 + 1


def test_a_run_after_all_others_does_not_wait(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"assets": [asset("a.zip", "a", **LONG_AGO), asset("b.zip", "b", **LONG_AGO)]})
    engine.write({"dist/a.zip": b"a"})
    assert engine.publish_well(expect=BOTH).published
    assert engine.time.waits == []


def test_a_draft_published_during_an_upload_is_no_error(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"assets": [asset("b.zip")]})
    engine.write({"dist/a.zip": b"a"})

    def publish() -> None:
        (release,) = sandbox.releases()
        engine.github().update_release(release["id"], "v1", {"draft": False})

    engine.reporter = Interrupted(happenings={"uploaded a.zip": publish})
    outcome = engine.publish_well(publish="always")
    assert not outcome.published
    assert all("untagged" not in address for address in addresses(outcome))


def test_publish_always_warns_of_an_incomplete_set(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"assets": [asset("b.zip")]})
    outcome = engine.publish_well(files="", publish="always", expect=BOTH)
    assert (outcome.published, outcome.missing) == (False, ("a.zip",))
    (warning,) = engine.reporter.warnings
    assert warning.startswith("Set not complete: ")
    assert "a.zip" in warning


# Swaps of other jobs


def test_nothing_is_published_during_a_swap(engine: Engine, sandbox: Sandbox) -> None:
    names = [staging_name("b.zip", NEW), "b.zip"]
    seed(sandbox, {"assets": [asset(name) for name in names]})
    engine.write({"dist/a.zip": b"a"})
    engine.time = BusyTime()
    outcome = engine.publish_well(expect=BOTH)
    assert not outcome.published
    assert outcome.missing == ("the end of the swap of b.zip",)
    assert sandbox.asset_names("v1") == sorted([*names, "a.zip"])


def test_a_stale_swap_is_finished(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"assets": [asset(backup_name("b.zip", NEW), **LONG_AGO)]})
    engine.write({"dist/a.zip": b"a"})
    assert engine.publish_well(expect=BOTH).published
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip"]


# The checksums file and pruning


def test_only_the_job_that_completes_the_set_lists_it(
    engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    inputs = {"expect": f"{BOTH}\nSUMS", "checksums": "SUMS"}
    other.publish_well(**inputs)
    assert sandbox.asset_names("v1") == ["b.zip"]
    outcome = engine.publish_well(**inputs)
    assert results(outcome) == {"a.zip": "uploaded", "SUMS": "uploaded"}
    lines = sandbox.content("v1", "SUMS").decode().splitlines()
    assert [line[66:] for line in lines] == BOTH.split()
    assert outcome.published


@pytest.mark.parametrize("draft", [True, False])
def test_a_list_of_checksums_that_another_job_replaced_is_reported_as_it_is(
    draft: bool, engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {"draft": draft, "assets": [asset("old.zip", **LONG_AGO)]})

    def replace() -> None:
        assert other.publish_well(checksums="SUMS", publish="never").errors == ()

    engine.reporter = Interrupted(happenings={"deleted old.zip": replace})
    outcome = engine.publish_well(checksums="SUMS", prune="old*", publish="always")
    assert outcome.published == draft
    (on_release,) = [one for one in sandbox.assets("v1") if one["name"] == "SUMS"]
    (reported,) = [one.asset for one in outcome.results if one.asset and one.asset.name == "SUMS"]
    assert (reported.id, reported.digest) == (on_release["id"], on_release["digest"])
    lines = sandbox.content("v1", "SUMS").decode().splitlines()
    assert [line[66:] for line in lines] == BOTH.split()


def test_a_draft_that_another_job_publishes_while_it_is_read_back_is_no_error(
    engine: Engine, other: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {"assets": [asset("old.zip", **LONG_AGO)]})
    other.write({"dist/a.zip": b"a"})

    def delete() -> None:
        (ours,) = [one for one in sandbox.assets("v1") if one["name"] == "a.zip"]
        engine.github().delete_asset(ours["id"])
        engine.time.seconds += 1  # so that the release is read again before it is published

    def upload_and_publish() -> None:
        assert other.publish_well(publish="always").published

    engine.time = BusyTime(meanwhile=[upload_and_publish])
    engine.reporter = Interrupted(happenings={"deleted old.zip": delete})
    assert not engine.publish_well(prune="old*", publish="always").published
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip"]


def test_assets_that_another_job_uploads_or_replaced_are_not_pruned(
    engine: Engine, sandbox: Sandbox
) -> None:
    names = ["b.zip", "c.zip", "d.zip"]
    seed(sandbox, {"draft": False, "assets": [asset(name) for name in names]})
    engine.write({"dist/a.zip": b"a"})

    def begin_swap() -> None:
        (swapped,) = [one for one in sandbox.assets("v1") if one["name"] == "c.zip"]
        github = engine.github()
        github.update_asset(github.get_asset(swapped["id"]), name=backup_name("c.zip", NEW))

    engine.reporter = Interrupted(happenings={"uploaded a.zip": begin_swap})
    outcome = engine.publish_well(prune="*.zip", expect=BOTH)
    assert [one.name for one in outcome.pruned] == ["d.zip"]
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip", backup_name("c.zip", NEW)]


def test_nothing_is_pruned_from_an_incomplete_draft(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"assets": [asset("old.zip")]})
    engine.write({"dist/a.zip": b"a"})
    assert engine.publish_well(prune="*", expect=BOTH).pruned == ()
    assert sandbox.asset_names("v1") == ["a.zip", "old.zip"]


# Superseded releases


def test_a_draft_deleted_during_uploads_is_created_again(engine: Engine, sandbox: Sandbox) -> None:
    engine.write({"dist/a.zip": b"a"})

    def vanish() -> None:
        (release,) = sandbox.releases()
        engine.github().delete_release(release["id"])

    engine.reporter = Interrupted(happenings={"created draft": vanish})
    outcome = engine.publish_well()
    assert (outcome.published, outcome.created) == (True, True)
    assert sandbox.asset_names("v1") == ["a.zip"]
    assert len(sandbox.releases()) == 1


def test_a_draft_deleted_after_uploads_is_created_again(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {})
    engine.write({"dist/a.zip": b"a"})

    def vanish() -> None:
        (release,) = sandbox.releases()
        engine.github().delete_release(release["id"])

    engine.reporter = Interrupted(happenings={"uploaded a.zip": vanish})
    assert engine.publish_well(publish="always").published
    assert sandbox.asset_names("v1") == ["a.zip"]


def test_a_release_that_only_the_list_shows_fails_the_run(engine: Engine, sandbox: Sandbox) -> None:
    engine.write({"dist/a.zip": b"a"})
    gone = {"message": "Not Found"}
    for path in (r"/releases/\d+/assets", r"/releases/\d+$"):
        sandbox.fault(match={"path": path}, do="status", status=404, body=gone, times=None)
    (error,) = engine.publish().errors
    assert error.title == "Unexpected answer"
    assert not sandbox.assets("v1")


def hidden_draft(job: Engine, sandbox: Sandbox) -> Release:
    """Return a draft that GitHub hides from a job for a while, so that it takes a later one."""
    sandbox.fault(match={"method": "POST"}, do="lag", requests=1)
    github = job.github()
    older = github.create_release({"tag_name": "v1", "draft": True})
    sandbox.disarm()
    github.create_release(
        {"tag_name": "v1", "draft": True, "body": marked_notes("", Mark(files=set_id(["a.zip"])))}
    )
    return older


def test_uploads_to_a_superseded_draft_are_repeated(other: Engine, sandbox: Sandbox) -> None:
    older = hidden_draft(other, sandbox)
    outcome = other.publish_well(expect="b.zip")
    assert outcome.published
    assert [release["id"] for release in sandbox.releases()] == [older.id]
    assert sandbox.asset_names("v1") == ["b.zip"]
    assert sandbox.count("POST", "/assets") == 2


def test_assets_that_cannot_be_deleted_are_deleted_with_their_draft(
    other: Engine, sandbox: Sandbox
) -> None:
    """GitHub did not know the new asset when it was to be deleted."""
    older = hidden_draft(other, sandbox)
    sandbox.fault(match={"method": "DELETE", "path": "/assets/"}, do="status", status=404)
    outcome = other.publish_well(expect="b.zip\nz.zip")
    assert outcome.release is not None
    assert (outcome.release.id, outcome.published) == (older.id, False)
    assert [release["id"] for release in sandbox.releases()] == [older.id]


def test_a_duplicate_draft_with_other_assets_stays(other: Engine, sandbox: Sandbox) -> None:
    """A job of this run created it, but somebody has added another asset."""
    seed(
        sandbox,
        {},
        {"body": marked_notes("", Mark(files=set_id(["a.zip"]))), "assets": [asset("c.zip")]},
    )
    assert other.publish_well(expect="b.zip").published
    assert len(sandbox.releases()) == 2


def test_a_duplicate_draft_with_the_same_assets_is_deleted(other: Engine, sandbox: Sandbox) -> None:
    """Another job used the wrong draft, and has repeated its uploads since."""
    duplicate = {
        "body": marked_notes("", Mark(files=set_id(["a.zip"]))),
        "assets": [asset("b.zip", "b")],
    }
    seed(sandbox, {}, duplicate)
    assert other.publish_well(expect="b.zip").published
    assert len(sandbox.releases()) == 1


# Many assets


def test_a_job_of_hundreds_finds_missing_assets_with_one_call(
    engine: Engine, sandbox: Sandbox
) -> None:
    names = [f"x{number}.zip" for number in range(800)]
    seed(sandbox, {"assets": [asset(name) for name in names[:600]]})
    engine.write({f"dist/{names[-1]}": b"x"})
    outcome = engine.publish_well(expect="\n".join(names))
    assert outcome.missing == ("all of 800 assets",)
    assert sandbox.count("GET", "/assets") == 6 + 2, "the whole list to plan, its end twice"
    assert any("800 assets" in line for line in engine.reporter.lines)
