"""Uploads of one asset: failures are resolved by a refresh, and interrupted swaps are finished."""

import os
import random
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.files.errors import FileChangedError
from release_assets.files.find import find_files
from release_assets.models import LocalFile
from release_assets.names import backup_name, staging_name
from release_assets.publish import send as sending
from release_assets.publish.send import Body
from tests.release_assets.publish.test_finalize import BusyTime
from tests.support.engine import Engine, results
from tests.support.sandbox import Sandbox
from tests.support.unlisted import upload_unlisted

NEW = b"new bytes"
UPLOAD = {"origin": "uploads", "method": "POST"}


@pytest.fixture(autouse=True)
def one_file(engine: Engine) -> None:
    engine.write({"dist/app.zip": NEW})


def seed(sandbox: Sandbox, *assets: dict[str, Any]) -> None:
    """Create a release v1 with assets."""
    release = {"tag": "v1", "assets": list(assets)}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})


def assets_of(sandbox: Sandbox) -> list[tuple[str, str, bytes]]:
    """Return name, state and content of the assets of the release."""
    return [
        (asset["name"], asset["state"], sandbox.content("v1", asset["name"]))
        for asset in sandbox.assets("v1")
    ]


COMPLETE = [("app.zip", "uploaded", NEW)]


@pytest.mark.parametrize(
    ("fault", "uploads"),
    [
        ({"do": "status", "status": 502, "leave": None}, 2),
        ({"do": "status", "status": 502, "leave": "starter"}, 2),
        ({"do": "status", "status": 502, "leave": "uploaded"}, 1),
        ({"do": "status", "status": 500, "leave": None}, 2),
        ({"do": "lose"}, 1),
        ({"do": "garbage"}, 1),
        ({"do": "truncate"}, 1),
        ({"do": "reset", "when": "before"}, 2),
        ({"do": "reset", "when": "during", "bytes": 4}, 2),
        ({"do": "reset", "when": "after"}, 2),
        ({"do": "corrupt"}, 2),
        ({"do": "secondary-limit", "status": 403}, 2),
        ({"do": "secondary-limit", "status": 429, "retry_after": None}, 2),
        ({"do": "primary-limit", "status": 403}, 2),
    ],
    ids=str,
)
def test_after_one_failure_a_run_succeeds_without_a_needless_upload(
    fault: dict[str, Any], uploads: int, engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox)
    sandbox.fault(match=UPLOAD, **fault)
    assert results(engine.publish_well()) == {"app.zip": "uploaded"}
    assert assets_of(sandbox) == COMPLETE
    assert sum(request.origin == "uploads" for request in sandbox.requests()) == uploads


def test_a_permanent_failure_is_reported_after_the_last_attempt(
    engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox)
    sandbox.fault(match=UPLOAD, do="status", status=502, times=None)
    outcome = engine.publish(max_attempts="3")
    (error,) = outcome.errors
    assert error.title == "GitHub failed"
    assert results(outcome) == {"app.zip": "failed"}
    assert sum(request.origin == "uploads" for request in sandbox.requests()) == 3
    assert sum("attempt 1 of 3" in line for line in engine.reporter.lines) == 1


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_swap_is_completed_after_the_response_to_the_last_attempt_is_lost(
    attempts: int, engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {"name": "app.zip", "text": "old"})
    sandbox.fault(match=UPLOAD, do="reset", when="after", leave="uploaded", times=attempts)
    outcome = engine.publish_well(overwrite="true", max_attempts=str(attempts))
    assert results(outcome) == {"app.zip": "replaced"}
    assert assets_of(sandbox) == COMPLETE


def test_one_file_that_fails_does_not_stop_the_others(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox)
    engine.write({f"dist/{number}.txt": b"x" for number in range(5)})
    match = UPLOAD | {"query": "name=3.txt"}
    sandbox.fault(match=match, do="status", status=502, times=None)
    outcome = engine.publish(max_attempts="2")
    up = {f"{number}.txt": "uploaded" for number in range(5)} | {"app.zip": "uploaded"}
    assert results(outcome) == up | {"3.txt": "failed"}
    assert results(engine.publish(max_attempts="1"))["3.txt"] == "failed"


def test_a_starter_is_always_replaced(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "app.zip", "state": "starter"})
    assert results(engine.publish_well()) == {"app.zip": "uploaded"}
    assert assets_of(sandbox) == COMPLETE


# In an unknown state, although its reported digest is that of the file.
DIGEST = Digest.of(sha256(NEW))
MAYBE = {"name": "app.zip", "state": "open", "size": len(NEW), "digest": DIGEST, "id": 5}


@pytest.mark.parametrize(("overwrite", "stays"), [("false", True), ("skip", True), ("true", False)])
def test_an_asset_in_an_unknown_state_is_no_starter(
    engine: Engine, sandbox: Sandbox, overwrite: str, stays: bool
) -> None:
    seed(sandbox, MAYBE)
    outcome = engine.publish(overwrite=overwrite)
    assert sandbox.count("DELETE") == (0 if stays else 1)
    (there,) = sandbox.assets("v1")
    assert (there["id"] == 5) is stays
    assert there["state"] == ("open" if stays else "uploaded")
    if overwrite == "false":
        (error,) = outcome.errors
        assert error.title == "Asset in an unknown state"
        assert sandbox.count("POST") == 0
    else:
        assert outcome.errors == ()
        assert results(outcome) == {"app.zip": "skipped" if stays else "replaced"}


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_asset_in_an_unknown_state_stays_if_its_swap_fails(
    engine: Engine, sandbox: Sandbox, method: str
) -> None:
    seed(sandbox, MAYBE)
    sandbox.fault(match={"method": method}, do="status", status=502, times=None)
    assert len(engine.publish(overwrite="true", max_attempts="2").errors) == 1
    assert 5 in {asset["id"] for asset in sandbox.assets("v1")}
    sandbox.disarm()
    assert results(engine.publish_well(overwrite="true")) == {"app.zip": "replaced"}
    assert assets_of(sandbox) == COMPLETE


SWAP = [
    ("POST", "uploads", None),
    ("PATCH", "api", 0),
    ("PATCH", "api", 1),
    ("DELETE", "api", None),
]
FAULTS: list[dict[str, Any]] = [
    {"do": "status", "status": 502},
    {"do": "lose"},
    {"do": "reset", "when": "after"},
    {"do": "garbage"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize(("method", "origin", "skip"), SWAP)
def test_each_call_of_a_swap_may_fail_once(
    method: str,
    origin: str,
    skip: int | None,
    fault: dict[str, Any],
    engine: Engine,
    sandbox: Sandbox,
) -> None:
    seed(sandbox, {"name": "app.zip", "text": "old"})
    sandbox.fault(match={"origin": origin, "method": method}, skip=skip or 0, **fault)
    assert results(engine.publish_well(overwrite="true")) == {"app.zip": "replaced"}
    assert assets_of(sandbox) == COMPLETE


@pytest.mark.parametrize(("method", "origin", "skip"), SWAP)
def test_a_swap_that_fails_permanently_loses_nothing_and_the_next_run_finishes_it(
    method: str, origin: str, skip: int | None, engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, {"name": "app.zip", "text": "old"})
    match = {"origin": origin, "method": method}
    sandbox.fault(match=match, skip=skip or 0, do="status", status=500, times=None)
    outcome = engine.publish(overwrite="true", max_attempts="2")
    assert outcome.errors
    contents = [content for _, _, content in assets_of(sandbox)]
    assert b"old" in contents or NEW in contents
    sandbox.disarm()
    assert engine.publish_well(overwrite="true").errors == ()
    assert assets_of(sandbox) == COMPLETE
    if method != "POST":
        sent = [r for r in sandbox.requests() if r.origin == "uploads"]
        assert len(sent) == 1, "what was staged is not sent again"


def test_a_refused_rename_rolls_the_swap_back(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "app.zip", "text": "old"})
    sandbox.fault(
        match={"method": "PATCH"}, skip=1, do="status", status=422, body={"message": "No"}
    )
    assert engine.publish(overwrite="true").errors
    assert ("app.zip", "uploaded", b"old") in assets_of(sandbox)


def leftover(name: str, content: bytes, **fields: Any) -> dict[str, Any]:
    return {"name": name, "text": content.decode(), **fields}


def states() -> list[Any]:
    """Return the leftovers of interrupted swaps, with the uploads of the next run for each."""
    digest = Digest.of(sha256(NEW))
    staged = leftover(staging_name("app.zip", digest), NEW)
    torn = {"name": staging_name("app.zip", digest), "state": "starter"}
    stale = leftover(staging_name("app.zip", Digest("sha256:" + "0" * 64)), b"stale")
    old = leftover("app.zip", b"old")
    new = leftover("app.zip", NEW)
    aside = leftover(backup_name("app.zip", digest), b"old")
    aside_same = leftover(backup_name("app.zip", digest), NEW)
    return [
        pytest.param([old, torn], 1, id="the staged asset is a starter"),
        pytest.param([old, staged], 0, id="staged and final: finish the swap"),
        pytest.param([old, stale], 1, id="staged other content: delete it"),
        pytest.param([staged, aside], 0, id="between the renames: finish the swap"),
        pytest.param([new, aside], 0, id="before the deletion: delete the backup"),
        pytest.param([aside], 1, id="only the backup"),
        pytest.param([aside_same], 0, id="the backup has the wanted content: restore it"),
        pytest.param([staged], 0, id="only the staged asset"),
        pytest.param([stale], 1, id="only staged other content"),
        pytest.param([old, staged, aside], 0, id="restored, with both leftovers"),
        pytest.param([new, staged, aside], 0, id="all leftovers twice"),
    ]


@pytest.mark.parametrize(("assets", "uploads"), states())
def test_leftovers_of_an_interrupted_swap_are_used_or_deleted(
    assets: list[dict[str, Any]], uploads: int, engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, *assets)
    engine.publish_well(overwrite="true")
    assert assets_of(sandbox) == COMPLETE
    assert sandbox.count("POST") == uploads


def test_a_name_similar_to_a_staging_name_is_not_changed(engine: Engine, sandbox: Sandbox) -> None:
    name = staging_name("app.zip", Digest("sha256:" + "0" * 64))
    lookalike = name[:-1] + ("0" if name[-1] != "0" else "1")
    seed(sandbox, leftover(lookalike, b"mine"), leftover("app.zip", b"old"))
    engine.publish_well(overwrite="true")
    assert assets_of(sandbox)[0] == (lookalike, "uploaded", b"mine")


def test_the_wait_between_two_attempts_is_not_part_of_the_duration(
    engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox)
    sandbox.fault(match=UPLOAD, do="status", status=502, leave=None)
    (result,) = engine.publish_well().results
    assert sum(engine.time.waits) > 0
    assert result.seconds == 0


def test_a_name_taken_by_another_job_causes_a_replan(engine: Engine, sandbox: Sandbox) -> None:
    """The list lags: another job has just uploaded the name."""
    seed(sandbox)
    upload_unlisted(engine, sandbox, "app.zip", NEW)
    assert results(engine.publish_well()) == {"app.zip": "unchanged"}
    assert sandbox.count("POST") == 2, "one upload was done, one met already_exists"


def test_a_large_file_is_read_and_hashed_at_every_attempt(engine: Engine, sandbox: Sandbox) -> None:
    content = random.Random(1).randbytes(17 * 1024 * 1024)
    engine.write({"large.bin": content})
    seed(sandbox)
    sandbox.fault(match=UPLOAD, do="reset", when="during", bytes=9_000_000, leave="starter")
    outcome = engine.publish_well(files="large.bin")
    assert [result.digest for result in outcome.results] == [Digest.of(sha256(content))]
    assert assets_of(sandbox) == [("large.bin", "uploaded", content)]
    assert sandbox.count("POST") == 2


def test_a_body_raises_an_error_when_the_file_changes(engine: Engine) -> None:
    (file,) = find_files(engine.inputs()).files
    body = iter(Body(file, engine.stop))
    os.utime(file.path, ns=(1, 1))
    with pytest.raises(FileChangedError):
        list(body)


def test_an_answer_with_the_id_of_an_older_asset_is_not_believed(
    engine: Engine, sandbox: Sandbox
) -> None:
    """Even if content and name are right: an asset that this run uploaded has a new id."""
    seed(sandbox, {"name": "older.zip", "text": NEW.decode()})
    (older,) = sandbox.assets("v1")
    sandbox.fault(match=UPLOAD, do="status", status=201, body=older | {"name": "app.zip"})
    outcome = engine.publish_well()
    assert results(outcome) == {"app.zip": "uploaded"}
    assert sandbox.count("POST") == 2
    assert assets_of(sandbox) == [("older.zip", "uploaded", NEW), *COMPLETE]


def test_a_file_that_changes_during_its_upload_leaves_no_asset(
    engine: Engine, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(sandbox)
    large = bytes(64 * 1024)  # a smaller one is read before it is sent
    engine.write({"dist/app.zip": large})

    def changing(file: LocalFile, block: int, held: int) -> Iterator[memoryview]:
        del block, held
        yield memoryview(large)[:-4]
        while not sandbox.assets("v1"):
            time.sleep(0.01)
        raise FileChangedError(file.shown)

    monkeypatch.setattr(sending, "read_blocks", changing)
    (error,) = engine.publish().errors
    assert isinstance(error, FileChangedError)
    assert assets_of(sandbox) == []


@pytest.mark.parametrize("unknown", [1, 2])
def test_a_corrupt_upload_that_is_not_listed_yet_is_deleted(
    unknown: int, engine: Engine, sandbox: Sandbox
) -> None:
    """The asset exists and is corrupt; its deletion is answered with 404 for a while."""
    seed(sandbox)
    sandbox.fault(match=UPLOAD, do="corrupt")
    gone = {"message": "Not Found"}
    sandbox.fault(match={"method": "DELETE"}, do="status", status=404, body=gone, times=unknown)
    outcome = engine.publish(max_attempts="2")
    assert outcome.errors == ()
    assert [asset["name"] for asset in sandbox.assets("v1")] == ["app.zip"]
    assert sandbox.count("POST") == 2


@pytest.fixture
def without_digests(sandbox: Sandbox) -> Iterator[Sandbox]:
    """A server that reports no digests, like GitHub Enterprise Server."""
    sandbox.settings(digests=False)
    yield sandbox
    sandbox.settings(digests=True)


@pytest.mark.parametrize(
    "fault",
    [{"do": "lose"}, {"do": "garbage"}, {"do": "status", "status": 502, "leave": "uploaded"}],
    ids=str,
)
def test_without_digests_an_unconfirmed_upload_is_read_back_once(
    fault: dict[str, Any], engine: Engine, without_digests: Sandbox
) -> None:
    without_digests.fault(match=UPLOAD, **fault)
    outcome = engine.publish_well()
    assert assets_of(without_digests) == COMPLETE
    assert results(outcome) == {"app.zip": "uploaded"}
    assert len([r for r in without_digests.requests() if r.origin == "uploads"]) == 1
    assert len([r for r in without_digests.requests() if r.origin == "storage"]) == 1


def test_without_digests_the_content_of_another_job_is_not_kept(
    engine: Engine, without_digests: Sandbox
) -> None:
    """It appears while the answer to our upload is lost, and has the same size."""
    seed(without_digests)
    other = Engine(without_digests, engine.workspace / "other")
    other.write({"dist/app.zip": b"not ours!"})
    engine.time = BusyTime(meanwhile=[other.publish_well])
    without_digests.fault(match=UPLOAD, do="status", status=502, leave=None)
    (error,) = engine.publish().errors
    assert error.title == "Asset exists"
    assert "`app.zip`" in error.what
    assert assets_of(without_digests) == [("app.zip", "uploaded", b"not ours!")]


def test_without_digests_earlier_assets_are_not_read(
    engine: Engine, without_digests: Sandbox
) -> None:
    seed(without_digests, {"name": "app.zip", "text": "same size"})
    outcome = engine.publish()
    (error,) = outcome.errors
    assert error.title == "Asset exists"
    assert "`verify: download`" in error.fix
    assert not [r for r in without_digests.requests() if r.origin == "storage"]
