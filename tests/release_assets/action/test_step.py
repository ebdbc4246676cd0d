"""The action, run as a process like a runner does: log, outputs and job summary."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.job import ROOT, Job, Step
from tests.support.runner import decode_commands, decode_log
from tests.support.sandbox import Sandbox

FILES = {"dist/app.zip": b"zip", "dist/app.tar.gz": b"tar", "dist/notes.txt": b"notes"}
NAMES = ["app.tar.gz", "app.zip", "notes.txt"]


def errors(step: Step) -> list[str]:
    """Return title and message of each error annotation."""
    return [
        f"{command.properties.get('title', '')}: {command.data}"
        for command in decode_commands(step.log)
        if command.name == "error"
    ]


def test_new_files_are_uploaded_and_unchanged_ones_are_not(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    first = job.run_program({"files": "dist/*"})
    assert first.exit_code == 0, first.log
    assert first.results() == dict.fromkeys(NAMES, "uploaded")
    assert (first.outputs["published"], first.outputs["changed"]) == ("true", "true")

    sandbox.forget_requests()
    again = job.run_program({"files": "dist/*"})
    assert again.results() == dict.fromkeys(NAMES, "unchanged")
    assert (again.outputs["published"], again.outputs["changed"]) == ("false", "false")
    assert [request.method for request in sandbox.requests()] == ["GET", "GET"]

    job.write({"dist/app.zip": b"changed"})
    sandbox.forget_requests()
    refused = job.run_program({"files": "dist/*"})
    assert refused.exit_code == 1
    assert refused.results() == dict.fromkeys(NAMES, "unchanged") | {"app.zip": "failed"}
    assert {request.method for request in sandbox.requests()} == {"GET"}
    assert len(errors(refused)) == 1
    assert "`overwrite: true`" in errors(refused)[0]

    sandbox.forget_requests()
    swapped = job.run_program({"files": "dist/*", "overwrite": "true"})
    assert swapped.exit_code == 0, swapped.log
    assert swapped.results() == dict.fromkeys(NAMES, "unchanged") | {"app.zip": "replaced"}
    methods = [request.method for request in sandbox.requests()]
    assert methods == ["GET", "POST", "PATCH", "PATCH", "DELETE", "GET"]
    assert sandbox.content("v1", "app.zip") == b"changed"
    assert sandbox.asset_names("v1") == NAMES


def test_every_output_of_action_yml_is_written_also_on_failure(job: Job) -> None:
    declared = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["outputs"].keys()
    job.write(FILES)
    assert job.run_program({"files": "dist/*"}).outputs.keys() == declared
    assert job.run_program({"files": "nothing"}).outputs.keys() == declared
    assert job.run_program({"files": "", "overwrite": "perhaps"}).outputs.keys() == declared


def test_the_outputs_contain_the_urls_of_the_assets(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/app.zip"})
    release, (asset,) = sandbox.release("v1"), sandbox.assets("v1")
    url = f"{sandbox.server_url}/{sandbox.repository}/releases/download/v1/app.zip"
    assert step.outputs["url"] == step.outputs["urls"] == url
    assert json.loads(step.outputs["asset-urls"]) == {"app.zip": url}
    assert step.outputs["release-id"] == str(release["id"])
    assert step.outputs["tag"] == "v1"
    assert step.outputs["release-url"].endswith("/releases/tag/v1")
    assert step.outputs["upload-url"].startswith(sandbox.uploads_url)
    assert step.assets()["app.zip"] == {
        "name": "app.zip",
        "requested_name": "app.zip",
        "path": "dist/app.zip",
        "label": "",
        "id": asset["id"],
        "url": f"{sandbox.api_url}/repos/{sandbox.repository}/releases/assets/{asset['id']}",
        "browser_download_url": url,
        "size": 3,
        "digest": asset["digest"],
        "content_type": "application/zip",
        "result": "uploaded",
    }
    plan = json.loads(step.outputs["plan"])
    assert [entry["action"] for entry in plan["steps"]] == ["upload"]


def test_the_checksums_file_is_in_the_workspace_and_ignored_by_git(job: Job) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*"})
    path = job.workspace / step.outputs["checksums-file"]
    lines = [line.split("  ") for line in path.read_text("utf-8").splitlines()]
    assert [name for _, name in lines] == NAMES
    digests = {name: f"sha256:{digest}" for digest, name in lines}
    assert digests == {name: asset["digest"] for name, asset in step.assets().items()}
    assert (path.parent / ".gitignore").read_text("utf-8") == "*\n"


def test_the_log_lists_the_plan_and_the_results(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*"})
    log = decode_log(step.log)
    assert [command.data for command in log.commands if command.name == "group"] == ["Plan"]
    assert all(token in log.lines[0] for token in ("3 files", "11 B"))
    assert "3 to upload" in log.lines
    last = ("3 uploaded", "11 B", f"{len(sandbox.requests())} calls")
    assert all(token in log.lines[-1] for token in last)
    for name in NAMES:
        assert f"uploaded {name}, " in step.log
        assert name in step.summary


def test_the_log_lines_of_many_files_are_folded(job: Job) -> None:
    job.write({f"dist/{number}.txt": b"x" for number in range(31)})
    step = job.run_program({"files": "dist/*"})
    groups = [one.data for one in decode_commands(step.log) if one.name == "group"]
    assert groups == ["Plan", "Publish"]
    assert len([one for one in decode_commands(step.log) if one.name == "endgroup"]) == 2


def test_a_dry_run_changes_nothing_and_reports_its_cost(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*", "dry-run": "true"})
    assert step.exit_code == 0, step.log
    assert {request.method for request in sandbox.requests()} == {"GET"}
    plan = json.loads(step.outputs["plan"])
    assert plan["cost"] == {"calls": 10, "points": 13, "bytes": 11}
    for shown in (step.log, step.summary):
        assert all(token in shown for token in ("dry run", "11 B", "10 more calls", "13 for"))
    assert set(step.results().values()) == {"planned"}


def test_all_unused_patterns_are_reported_in_one_annotation(job: Job) -> None:
    job.write(FILES)
    files = "dist/*\nnone/*\nout/*\n!gone"
    step = job.run_program({"files": files, "if-no-files-found": "warn"})
    (warning,) = [one for one in decode_commands(step.log) if one.name == "warning"]
    assert warning.properties == {"title": "Patterns without effect"}
    for pattern in ("none/*", "out/*", "!gone"):
        assert f"`{pattern}`" in warning.data


def test_errors_that_exceed_an_annotation_are_all_in_the_log(job: Job) -> None:
    missing = [f"missing/{number}.txt" for number in range(100)]
    step = job.run_program({"files": "\n".join(missing)})
    (error,) = errors(step)
    assert len(error) <= 4096 + len("No files matched: ")
    lines = decode_log(step.log).lines
    for name in missing:
        assert any(line.startswith("No files matched: ") and f"`{name}`" in line for line in lines)


def test_a_release_event_selects_the_release(job: Job, sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": ["v2"]}]})
    release = sandbox.release("v2")
    job.write(FILES)
    event = job.root / "release-event.json"
    event.write_text(json.dumps({"release": {"id": release["id"], "tag_name": "v2"}}))
    variables = {"GITHUB_EVENT_PATH": str(event), "GITHUB_REF": "refs/heads/main"}
    step = job.run_program({"files": "dist/*"}, variables)
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names("v2") == NAMES


def test_a_bug_is_reported_without_a_traceback(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    # A deleted working directory is not an expected error.
    gone = ["sh", "-c", 'd=$(mktemp -d) && cd "$d" && rmdir "$d" && exec "$@"', "sh"]
    step = job.run_program({"files": "dist/*"}, {"GITHUB_WORKSPACE": ""}, launcher=gone)
    assert step.exit_code == 1
    (error,) = errors(step)
    assert error.startswith("Bug: ")
    assert "FileNotFoundError" in error
    assert not any(line.startswith("Traceback") for line in step.log.splitlines())
    assert step.outputs["published"] == "false"
    assert "**Bug**" in step.summary
    assert not sandbox.requests()


def sparse(path: Path, size: int) -> None:
    """Create a sparse file, which takes no space on the disk."""
    with path.open("wb") as stream:
        stream.truncate(size)


def seeded(assets: list[dict[str, Any]], **release: Any) -> dict[str, Any]:
    """Return the seed of a release v1 with these assets."""
    return {"releases": [{"tag": "v1", "assets": assets, **release}]}


BAD_INPUTS = [
    pytest.param({"files": "out/*"}, "No files matched", "`out/*`", id="nothing matches"),
    pytest.param({"files": "dist"}, "No files matched", "`dist`", id="a directory"),
    pytest.param({"files": "empty"}, "File cannot be published", "empty", id="an empty file"),
    pytest.param({"files": "huge"}, "File cannot be published", "2,147,483,648", id="over 2 GiB"),
    pytest.param(
        {"files": "one two\none.two"},
        "Two files with one name",
        "`one.two`",
        id="same name after GitHub's changes",
    ),
    pytest.param(
        {"files": "A.txt\na.txt"},
        "Two files with one name",
        "`A.txt`",
        id="same name except for case",
    ),
    pytest.param({"files": "dist/*", "tag": "v9"}, "Tag not found", "`v9`", id="unknown tag"),
    pytest.param(
        {"files": "dist/*", "release-id": "404404"},
        "Release not found",
        "404404",
        id="unknown release",
    ),
    pytest.param(
        {"files": "dist/*", "repository": "me"}, "Invalid input", "`repository`", id="repository"
    ),
    pytest.param(
        {"files": "dist/*", "prerelease": "yes"}, "Invalid input", "`prerelease`", id="boolean"
    ),
    pytest.param(
        {"files": "dist/*", "max-attempts": "no"}, "Invalid input", "`max-attempts`", id="number"
    ),
    pytest.param({"manifest": "- path: [a"}, "Invalid manifest", "line 1", id="not YAML"),
    pytest.param({"manifest": "- paths: a"}, "Invalid manifest", "'paths'", id="unknown key"),
    pytest.param({"files": "dist/*", "token": ""}, "Missing input", "`token`", id="no token"),
    pytest.param(
        {"files": "dist/*", "token": "ghs_wrong"}, "Token refused", "token", id="refused token"
    ),
    pytest.param({"files": "dist/*", "tag": "a b"}, "Invalid input", "'a b'", id="no tag's name"),
    pytest.param(
        {"files": "dist/*", "notes-file": "none.md"},
        "Invalid input",
        "`notes-file`",
        id="missing notes",
    ),
]


@pytest.mark.parametrize(("inputs", "title", "named"), BAD_INPUTS)
def test_bad_input_is_refused_before_the_first_byte(
    inputs: dict[str, str], title: str, named: str, job: Job, sandbox: Sandbox
) -> None:
    job.write(FILES | {"empty": b"", "one two": b"1", "one.two": b"2", "A.txt": b"1"})
    job.write({"a.txt": b"2"})
    sparse(job.workspace / "huge", 2**31 + 1)
    assert_refused(job.run_program(inputs), title, named, job, sandbox)


@pytest.mark.parametrize(
    ("server", "repository", "version", "page"),
    [
        *[("https://github.com", "o/action", "v1", "https://github.com/o/action/blob/v1/")],
        *[("https://github.com", "", "", ""), ("https://ghe.example.com", "o/action", "v1", "")],
    ],
    ids=["published", "of the workspace", "another server"],
)
def test_the_summary_links_to_the_explanation_of_an_error(
    server: str, repository: str, version: str, page: str, job: Job
) -> None:
    environment = {
        "GITHUB_SERVER_URL": server,
        "GITHUB_ACTION_REPOSITORY": repository,
        "GITHUB_ACTION_REF": version,
    }
    step = job.run_program({"files": "gone"}, environment)
    link = f'<a href="{page}docs/troubleshooting.md#no-files-matched">No files matched</a>'
    assert f"**{link if page else 'No files matched'}**" in step.summary


def assert_refused(step: Step, title: str, named: str, job: Job, sandbox: Sandbox) -> None:
    """Check the report of a refusal, and that it changed nothing on the release."""
    assert step.exit_code == 1, step.log
    (error,) = errors(step)
    assert error.startswith(f"{title}: ")
    assert named in error
    assert {request.method for request in sandbox.requests()} <= {"GET"}
    assert step.outputs["changed"] == step.outputs["published"] == "false"
    assert "❌" in step.summary
    shown = "".join(
        line for line in step.log.splitlines(keepends=True) if "::add-mask::" not in line
    )
    assert job.token not in shown + step.summary + str(step.outputs)
    assert "Traceback" not in step.log


def test_a_release_id_that_contradicts_the_tag_is_refused(job: Job, sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": ["v1", "v2"]}]})
    job.write(FILES)
    inputs = {"files": "dist/*", "tag": "v2", "release-id": str(sandbox.release("v1")["id"])}
    assert_refused(job.run_program(inputs), "Contradicting inputs", "`release-id`", job, sandbox)


def test_an_unreadable_file_is_refused(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    (job.workspace / "dist/app.zip").chmod(0)
    # Without these two capabilities, file permissions apply to root too.
    without_root_rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    launcher = without_root_rights if os.geteuid() == 0 else []
    step = job.run_program({"files": "dist/*"}, launcher=launcher)
    assert_refused(step, "File cannot be published", "dist/app.zip", job, sandbox)


def test_a_broken_link_is_refused(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    (job.workspace / "dist/gone").symlink_to("nowhere")
    step = job.run_program({"files": "dist/*"})
    assert_refused(step, "File cannot be published", "dist/gone", job, sandbox)


def test_more_than_1000_assets_are_refused(job: Job, sandbox: Sandbox) -> None:
    assets = [{"name": f"{number}.txt", "size": 1} for number in range(998)]
    sandbox.seed({"repositories": [{"name": sandbox.repository, **seeded(assets)}]})
    job.write(FILES)
    assert_refused(job.run_program({"files": "dist/*"}), "Too many assets", "1001", job, sandbox)


def test_a_change_of_an_immutable_release_is_refused(job: Job, sandbox: Sandbox) -> None:
    release = seeded([{"name": "app.zip", "text": "old"}], immutable=True)
    sandbox.seed({"repositories": [{"name": sandbox.repository, **release}]})
    job.write(FILES)
    inputs = {"files": "dist/*", "overwrite": "true"}
    assert_refused(job.run_program(inputs), "Release is immutable", "`v1`", job, sandbox)


def test_an_immutable_release_with_the_same_files_is_accepted(job: Job, sandbox: Sandbox) -> None:
    assets = [{"name": Path(name).name, "text": text.decode()} for name, text in FILES.items()]
    sandbox.seed({"repositories": [{"name": sandbox.repository, **seeded(assets, immutable=True)}]})
    job.write(FILES)
    step = job.run_program({"files": "dist/*"})
    assert step.exit_code == 0, step.log
    assert step.results() == dict.fromkeys(NAMES, "unchanged")


def test_several_errors_are_reported_together(job: Job, sandbox: Sandbox) -> None:
    job.write(FILES | {"empty": b""})
    inputs = {"files": "empty\ndist\nout/*", "tag": "v9"}
    step = job.run_program(inputs)
    assert_refused(step, "4 problems", "`v9`", job, sandbox)
    (error,) = errors(step)
    assert all(name in error for name in ("empty", "`dist`", "`out/*`"))


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("INPUT_TAG_NAME", "v1", "`tag: TAG`"),
        ("INPUT_ARTIFACTS", "dist/*", "`files: PATTERN`"),
        ("INPUT_REPO_TOKEN", "secret", "`token: TOKEN`"),
    ],
)
def test_an_input_of_another_action_is_refused(
    variable: str, value: str, named: str, job: Job, sandbox: Sandbox
) -> None:
    job.write(FILES)
    step = job.run_program({"files": "dist/*"}, {variable: value})
    assert_refused(step, "Input of another action", named, job, sandbox)
    assert value not in errors(step)[0].replace("dist/*`", "")


@pytest.mark.parametrize("release", [None, "v1"])
def test_a_read_only_token_is_reported_once(
    release: str | None, job: Job, sandbox: Sandbox
) -> None:
    """Only a write shows that the permission is missing: nothing is changed."""
    if release:
        sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    job.write(FILES)
    step = job.run_program({"files": "dist/*", "token": sandbox.read_token})
    assert step.exit_code == 1
    (error,) = errors(step)
    assert error.startswith("Permission missing: ")
    assert "`permissions: contents: write`" in error
    assert [one["assets"] for one in sandbox.releases()] == ([[]] if release else [])
    assert set(step.results().values()) <= {"failed"}
    assert sandbox.read_token not in step.summary + str(step.outputs)


WITHOUT_TEMPORARY_DIRECTORY = """
import runpy, sys, tempfile
def gettempdir():
    raise FileNotFoundError(2, "No usable temporary directory found")
tempfile.gettempdir = gettempdir
runpy.run_path(sys.argv[-1], run_name="__main__")
"""


def test_a_container_without_any_writable_directory_publishes(job: Job) -> None:
    """It cannot keep a note for a clean-up, which only a killed run needs."""
    job.write(FILES)
    launcher = [
        *("env", "--unset=RUNNER_TEMP", "RUNNER_DEBUG=1"),
        *(sys.executable, "-c", WITHOUT_TEMPORARY_DIRECTORY),
    ]
    step = job.run_program({"files": "dist/*"}, launcher=launcher)
    assert step.exit_code == 0, step.log
    assert step.results() == dict.fromkeys(NAMES, "uploaded")
    assert "no note for a clean-up" in step.log
    assert step.state == {}
