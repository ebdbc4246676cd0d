"""Drafts that no job uses are deleted, and no other."""

from tests.release_assets.publish.test_finalize import Interrupted
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox
from tests.support.unlisted import Body


def test_an_orphan_that_another_job_fills_during_a_retry_is_kept(
    engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/a.zip": b"a"})
    sandbox.fault(match={"method": "POST"}, do="lag", requests=1)
    older = engine.github().create_release({"tag_name": "v1", "name": "v1", "draft": True})
    sandbox.disarm()
    sandbox.fault(match={"method": "DELETE"}, do="status", status=502)

    def fill_orphan() -> None:
        github = engine.github()
        (orphan,) = (one["id"] for one in sandbox.releases() if one["id"] != older.id)
        github.upload_asset(
            github.get_release(orphan),
            name="b.zip",
            label=None,
            content_type="application/zip",
            body=Body(b"b"),
            known_ids=(),
        )

    engine.reporter = reporter = Interrupted(happenings={"trying again": fill_orphan})
    assert engine.publish_well(publish="always").published
    assert sorted(len(one["assets"]) for one in sandbox.releases()) == [1, 1]
    (warning,) = reporter.warnings
    assert warning.startswith("Duplicate drafts: ")
