"""Whole runs, with the calls that the sandbox counts."""

from typing import Any

import pytest

from tests.support.engine import Engine, results
from tests.support.sandbox import Sandbox

FILES = {"dist/a.zip": b"aaa", "dist/b.zip": b"bb", "dist/c.txt": b"c"}
NAMES = ["a.zip", "b.zip", "c.txt"]
UPLOADED = dict.fromkeys(NAMES, "uploaded")


def seed(sandbox: Sandbox, *assets: dict[str, Any], **release: Any) -> None:
    """Create a release v1 with assets."""
    document = {"tag": "v1", "assets": list(assets), **release}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [document]}]})


def calls(sandbox: Sandbox) -> list[str]:
    """Return the calls since the last call of this function as `METHOD last-part-of-path`."""
    found = [f"{r.method} {r.path.rpartition('/')[2]}" for r in sandbox.requests()]
    sandbox.forget_requests()
    return found


def test_a_new_set_takes_two_calls_more_than_files(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox)
    engine.write(FILES)
    assert results(engine.publish_well()) == UPLOADED
    first, *uploads, last = calls(sandbox)
    assert (first, uploads) == ("GET v1", ["POST assets"] * 3)
    assert last == f"GET {sandbox.releases()[0]['id']}", "the end is read back"
    assert sandbox.asset_names("v1") == NAMES


def test_without_a_release_a_draft_is_created_filled_and_published(
    engine: Engine, sandbox: Sandbox
) -> None:
    engine.write(FILES)
    outcome = engine.publish_well(title="One", notes="First.", prerelease="true")
    (release,) = sandbox.releases()
    assert (release["name"], release["body"], release["prerelease"]) == ("One", "First.", True)
    assert (release["draft"], release["tag_name"]) == (False, "v1")
    assert outcome.published
    assert outcome.created
    first, *_, last = [r for r in sandbox.requests() if r.method in {"POST", "PATCH"}]
    assert (first.method, last.method) == ("POST", "PATCH")
    urls = [result.asset.browser_download_url for result in outcome.results if result.asset]
    assert urls == [
        f"{sandbox.server_url}/{sandbox.repository}/releases/download/v1/{name}" for name in NAMES
    ]


@pytest.mark.parametrize("values", [{}, {"expect": "a.zip\nb.zip\nc.txt"}])
def test_releases_with_many_assets_are_skipped_in_the_list(
    values: dict[str, str], engine: Engine, sandbox: Sandbox
) -> None:
    """GitHub cannot list them all on one page."""
    assets = [{"name": f"{number}.txt", "size": 1} for number in range(40)]
    old = [{"tag": f"v0.{number}", "assets": assets} for number in range(25)]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": old}]})
    sandbox.settings(most_shown=250)
    engine.write(FILES)
    outcome = engine.publish_well(**values)
    assert results(outcome) == UPLOADED
    assert outcome.published
    asked = [r for r in sandbox.requests() if r.method == "GET" and r.path.endswith("/releases")]
    assert [r.status for r in asked[:3]] == [502, 502, 200]
    assert {r.status for r in asked[2:]} == {200}, "how large a page may be is remembered"
    assert results(engine.publish_well(**values)) == dict.fromkeys(NAMES, "unchanged")


def test_publish_never_keeps_the_draft(engine: Engine, sandbox: Sandbox) -> None:
    engine.write(FILES)
    assert not engine.publish_well(publish="never").published
    assert [release["draft"] for release in sandbox.releases()] == [True]


def test_a_job_that_finds_its_draft_takes_four_calls_more_than_files(
    engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, draft=True)
    engine.write(FILES)
    assert results(engine.publish_well()) == UPLOADED
    assert len(calls(sandbox)) == len(NAMES) + 4
    assert sandbox.release("v1")["draft"], "who did not make a draft does not make it public"


def test_publish_always_publishes_an_existing_draft(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, draft=True)
    engine.write(FILES)
    assert engine.publish_well(publish="always").published
    assert not sandbox.release("v1")["draft"]
    assert sandbox.release("v1")["tag_name"] == "v1"


def test_of_several_drafts_the_lowest_id_is_elected(engine: Engine, sandbox: Sandbox) -> None:
    for number in (7, 5, 6):
        seed(sandbox, draft=True, id=number)
    engine.write(FILES)
    outcome = engine.publish_well()
    assert outcome.release is not None
    assert outcome.release.id == 5


def test_the_last_job_of_a_matrix_publishes_the_draft(engine: Engine, sandbox: Sandbox) -> None:
    engine.write(FILES)
    expected = "*.zip\nc.txt"
    first = engine.publish_well(files="dist/*.zip", expect=expected)
    assert (first.published, first.missing) == (False, ("c.txt",))
    last = engine.publish_well(files="dist/c.txt", expect=expected)
    assert (last.published, last.missing) == (True, ())
    assert sandbox.asset_names("v1") == NAMES


def test_a_starter_does_not_complete_the_expected_set(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "d.zip", "state": "starter"}, draft=True)
    engine.write(FILES)
    assert engine.publish_well(expect="d.zip").missing == ("d.zip",)


def test_an_unchanged_set_takes_two_calls_and_sends_nothing(
    engine: Engine, sandbox: Sandbox
) -> None:
    engine.write(FILES)
    engine.publish_well()
    sandbox.forget_requests()
    outcome = engine.publish_well(overwrite="true")
    assert results(outcome) == dict.fromkeys(NAMES, "unchanged")
    assert not outcome.changed
    assert calls(sandbox) == ["GET v1", f"GET {sandbox.releases()[0]['id']}"]


def test_replacing_takes_four_calls_a_file_and_two(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, *({"name": name, "text": "old"} for name in NAMES))
    engine.write(FILES)
    outcome = engine.publish_well(overwrite="true")
    assert results(outcome) == dict.fromkeys(NAMES, "replaced")
    assert len(calls(sandbox)) == 4 * 3 + 2
    assert {name: sandbox.content("v1", name) for name in sandbox.asset_names("v1")} == {
        name.removeprefix("dist/"): content for name, content in FILES.items()
    }


def test_concurrent_swaps_stay_below_the_limit_of_assets(engine: Engine, sandbox: Sandbox) -> None:
    others = [{"name": f"{number}.txt", "size": 1} for number in range(996)]
    seed(sandbox, *({"name": name, "text": "old"} for name in NAMES), *others)
    engine.write(FILES)
    # Each upload waits, so that swaps overlap if they may.
    sandbox.fault(match={"origin": "uploads"}, do="delay", seconds=0.2, times=None)
    outcome = engine.publish_well(overwrite="true")
    assert results(outcome) == dict.fromkeys(NAMES, "replaced")
    assert sandbox.count("POST") == len(NAMES), "none met the limit"


def test_the_list_of_checksums_counts_for_the_limit_of_assets(
    engine: Engine, sandbox: Sandbox
) -> None:
    seed(sandbox, *({"name": f"{number}.txt", "size": 1} for number in range(997)))
    engine.write(FILES)
    (error,) = engine.publish(checksums="SUMS").errors
    assert "1001" in error.what
    assert sandbox.count("POST") == 0
    engine.publish_well()


def test_overwrite_skip_keeps_other_content(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "a.zip", "text": "old"}, {"name": "b.zip", "text": "bb"})
    engine.write(FILES)
    outcome = engine.publish_well(overwrite="skip")
    assert results(outcome) == {"a.zip": "skipped", "b.zip": "unchanged", "c.txt": "uploaded"}
    assert sandbox.content("v1", "a.zip") == b"old"


def test_all_refusals_are_reported_and_nothing_is_sent(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "a.zip", "text": "old"}, {"name": "b.zip", "text": "older"})
    engine.write(FILES)
    outcome = engine.publish()
    assert [error.title for error in outcome.errors] == ["Asset exists", "Asset exists"]
    assert results(outcome) == dict.fromkeys(NAMES, "failed")
    assert sandbox.count("POST") == 0
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip"]


def test_a_dry_run_only_reads(engine: Engine, sandbox: Sandbox) -> None:
    engine.write(FILES)
    outcome = engine.publish_well(dry_run="true")
    assert results(outcome) == dict.fromkeys(NAMES, "planned")
    assert {request.method for request in sandbox.requests()} == {"GET"}
    assert sandbox.releases() == []
    assert not outcome.changed


def test_a_name_that_github_rewrites_is_kept_in_the_label(engine: Engine, sandbox: Sandbox) -> None:
    engine.write({"dist/My App.zip": b"app"})
    engine.publish_well()
    (asset,) = sandbox.assets("v1")
    assert (asset["name"], asset["label"]) == ("My.App.zip", "My App.zip")
    sandbox.forget_requests()
    assert results(engine.publish_well()) == {"My.App.zip": "unchanged"}


def test_another_label_is_changed_without_an_upload(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "a.zip", "text": "aaa", "label": "Old"})
    engine.write(FILES)
    outcome = engine.publish_well(files="", manifest="- {path: dist/a.zip, label: New}")
    assert outcome.changed
    assert [asset["label"] for asset in sandbox.assets("v1")] == ["New"]
    assert sandbox.count("POST") == 0


def test_name_label_and_type_come_from_the_manifest(engine: Engine, sandbox: Sandbox) -> None:
    engine.write(FILES)
    manifest = "- path: dist/a.zip\n  name: app.bin\n  label: The App\n  content-type: x/y"
    engine.publish_well(files="", manifest=manifest)
    (asset,) = sandbox.assets("v1")
    found = (asset["name"], asset["label"], asset["content_type"])
    assert found == ("app.bin", "The App", "x/y")


def test_prune_comes_last_and_keeps_the_set_and_leftovers(engine: Engine, sandbox: Sandbox) -> None:
    names = ("old.zip", "a.zip", "readme.md")
    seed(sandbox, *({"name": name, "text": "aaa"} for name in names))
    engine.write(FILES)
    outcome = engine.publish_well(prune="*.zip")
    assert [asset.name for asset in outcome.pruned] == ["old.zip"]
    assert sandbox.asset_names("v1") == ["a.zip", "b.zip", "c.txt", "readme.md"]
    assert calls(sandbox)[-2].startswith("DELETE")


def test_nothing_is_pruned_after_a_failure(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "old.zip", "text": "x"})
    engine.write(FILES)
    sandbox.fault(match={"origin": "uploads"}, do="status", status=500, times=None)
    outcome = engine.publish(prune="*.zip")
    assert outcome.errors
    assert sandbox.asset_names("v1") == ["old.zip"]


def test_checksums_are_of_the_whole_release(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "other.zip", "text": "other"}, {"name": "SUMS", "text": "stale"})
    engine.write(FILES)
    outcome = engine.publish_well(checksums="SUMS")
    assert results(outcome) == UPLOADED | {"SUMS": "replaced"}
    lines = sandbox.content("v1", "SUMS").decode().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a.zip", "b.zip", "c.txt", "other.zip"]
    digests = {asset["name"]: asset["digest"] for asset in sandbox.assets("v1")}
    assert all(digests[line[66:]] == f"sha256:{line[:64]}" for line in lines)
    assert results(engine.publish_well(checksums="SUMS"))["SUMS"] == "unchanged"


def test_without_files_no_release_is_created(engine: Engine, sandbox: Sandbox) -> None:
    outcome = engine.publish_well(if_no_files_found="warn")
    (warning,) = outcome.warnings
    assert "`dist/*`" in warning
    assert sandbox.releases() == []


def test_a_draft_is_published_without_files(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "a.zip", "text": "x"}, draft=True)
    outcome = engine.publish_well(files="", publish="always", expect="*.zip")
    assert (outcome.published, outcome.results) == (True, ())
    assert not sandbox.release("v1")["draft"]


@pytest.mark.parametrize(("publish", "draft"), [("never", True), ("always", False)])
def test_without_patterns_the_release_is_created_once(
    publish: str, *, draft: bool, engine: Engine, sandbox: Sandbox
) -> None:
    inputs = {"files": "", "publish": publish, "title": "One", "notes": "First."}
    assert engine.publish_well(**inputs).created
    again = engine.publish_well(**inputs)
    assert (again.created, again.changed, again.warnings) == (False, False, ())
    (release,) = sandbox.releases()
    assert (release["draft"], release["name"], release["body"]) == (draft, "One", "First.")


def test_without_files_nothing_is_pruned(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, {"name": "a.zip", "text": "x"})
    engine.publish_well(if_no_files_found="ignore", prune="*")
    assert sandbox.asset_names("v1") == ["a.zip"]


def test_a_draft_is_found_after_a_lost_response(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(match={"method": "POST", "path": "/releases$"}, do="lose")
    engine.write(FILES)
    assert engine.publish_well().published
    assert [release["tag_name"] for release in sandbox.releases()] == ["v1"]


def test_a_new_draft_is_deleted_if_another_job_created_an_older_one(
    engine: Engine, sandbox: Sandbox
) -> None:
    # The first list does not contain the new draft of another job yet.
    sandbox.fault(match={"method": "POST"}, do="lag", requests=1)
    other = engine.github().create_release({"tag_name": "v1", "draft": True})
    engine.write(FILES)
    outcome = engine.publish_well()
    assert outcome.release is not None
    assert outcome.release.id == other.id
    assert [release["id"] for release in sandbox.releases()] == [other.id]
    assert sandbox.count("DELETE") == 1


def test_generated_notes_follow_the_given_ones(engine: Engine, sandbox: Sandbox) -> None:
    engine.write(FILES)
    engine.publish_well(notes="By hand.", generate_notes="true")
    body = sandbox.release("v1")["body"]
    assert body.startswith("By hand.\n\n")
    assert len(body) > len("By hand.\n\n")


def test_a_target_creates_the_tag(engine: Engine, sandbox: Sandbox) -> None:
    engine.write(FILES)
    engine.publish_well(tag="v7", target="main")
    assert sandbox.release("v7")["draft"] is False


@pytest.mark.parametrize("target", ["main", None])
def test_a_job_without_a_target_publishes_what_one_with_it_created(
    target: str | None, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write(FILES)
    expect = {"expect": "a.zip\nb.zip\nc.txt"}
    engine.publish_well(tag="v7", target="main", files="dist/a.zip", **expect)
    rest = {"target": target} if target else {}
    engine.publish_well(tag="v7", files="dist/b.zip\ndist/c.txt", **expect, **rest)
    assert sandbox.release("v7")["draft"] is False


def test_all_pages_of_assets_are_read(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, *({"name": f"{number}.txt", "text": "x"} for number in range(500)))
    engine.write({"dist/499.txt": b"x"})
    assert results(engine.publish_well()) == {"499.txt": "unchanged"}


@pytest.mark.parametrize("flavour", ["ghe.com", "ghes"])
def test_other_flavours_of_github_are_supported(
    flavour: str, engine: Engine, sandbox_with: Any
) -> None:
    engine.sandbox = sandbox_with("--flavour", flavour, "--tag", "v1")
    engine.write(FILES)
    assert results(engine.publish_well()) == UPLOADED
    engine.write({"dist/a.zip": b"new"})
    outcome = engine.publish_well(overwrite="true", verify="download")
    assert results(outcome) == dict.fromkeys(NAMES, "unchanged") | {"a.zip": "replaced"}
    versions = {
        "x-github-api-version" in {name.lower() for name in request.headers}
        for request in engine.sandbox.requests()
        if request.origin == "api"
    }
    assert versions == {flavour == "ghe.com"}
