"""The workflows of docs/recipes.md that need only this action, run on act."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.act import Act, Event
from tests.support.document import blocks, read, sections
from tests.support.job import Job
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.slow]

RECIPES = sections(read("docs/recipes.md"))


def workflow(recipe: str) -> str:
    """Return the first complete workflow of a recipe."""
    return next(
        block.text
        for block in blocks("docs/recipes.md")
        if block.is_whole and block.text in RECIPES[recipe]
    )


@pytest.fixture
def act(base_image: str, machine: Path, tmp_path: Path) -> Act:
    return Act(home=tmp_path / "home", base=base_image, lock=machine / "docker.lock")


def pushes(job: Job, sandbox: Sandbox) -> Callable[[str], None]:
    """Return a function that adds a commit to the sandbox, so that `target: ${{ github.sha }}` exists."""

    def push(commit: str) -> None:
        sandbox.seed({"repositories": [{"name": job.repository, "commits": [commit]}]})

    return push


def test_a_pull_request_makes_a_dry_run(act: Act, job: Job, sandbox: Sandbox) -> None:
    payload = {"pull_request": {"number": 1, "head": {"ref": "topic"}, "base": {"ref": "main"}}}
    text = workflow("Dry run in a pull request")
    done = act.run(
        text, job, Event(name="pull_request", payload=payload), pushed=pushes(job, sandbox)
    )
    assert done.exit_code == 0, done.log
    assert "dry run" in done.log
    assert {one.method for one in sandbox.requests()} == {"GET"}


def test_the_same_workflow_publishes_for_a_tag(act: Act, job: Job, sandbox: Sandbox) -> None:
    act.push_tag(workflow("Dry run in a pull request"), job, pushes(job, sandbox))
    assert sandbox.asset_names("v1") == ["app.tar.gz"]


def test_a_release_created_by_a_person_gets_its_files(act: Act, job: Job, sandbox: Sandbox) -> None:
    release = {"tag": "v1", "name": "Mine", "assets": []}
    sandbox.seed({"repositories": [{"name": job.repository, "releases": [release]}]})
    made = {"id": sandbox.release("v1")["id"], "tag_name": "v1"}
    event = Event(name="release", payload={"action": "published", "release": made})
    done = act.run(workflow("A release that a person creates"), job, event)
    assert done.exit_code == 0, done.log
    assert sandbox.asset_names("v1") == ["app.tar.gz"]
    assert sandbox.release("v1")["name"] == "Mine"


def test_a_draft_is_created_before_its_files(act: Act, job: Job, sandbox: Sandbox) -> None:
    log = act.push_tag(workflow("A draft first, then the files"), job)
    assert log.count("Job succeeded") == 4
    (made,) = sandbox.releases()
    assert (made["draft"], made["name"], made["body"]) == (False, "Version v1", "What is new.")
    assert sandbox.asset_names("v1") == ["app-linux.txt", "app-macos.txt"]


def test_a_manually_started_workflow_publishes(act: Act, job: Job, sandbox: Sandbox) -> None:
    payload = {"inputs": {"version": "7.0.0"}}
    text = workflow("Start a release by hand")
    done = act.run(
        text, job, Event(name="workflow_dispatch", payload=payload), pushed=pushes(job, sandbox)
    )
    assert done.exit_code == 0, done.log
    (made,) = sandbox.releases()
    assert (made["draft"], made["tag_name"]) == (False, "v7.0.0")


def test_one_of_several_releases_is_published(act: Act, job: Job, sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": job.repository, "tags": ["cli/v1"]}]})
    text = workflow("Several releases from one repository")
    done = act.run(text, job, Event.push("refs/tags/cli/v1"))
    assert done.exit_code == 0, done.log
    assert sandbox.asset_names("cli/v1") == ["cli.tar.gz"]
    assert sandbox.release("cli/v1")["name"] == "Command line cli/v1"


def test_the_artifacts_of_a_matrix_are_published_once(act: Act, job: Job, sandbox: Sandbox) -> None:
    log = act.push_tag(workflow("Artifacts of a matrix"), job)
    assert log.count("Job succeeded") == 4
    names = [f"app-{target}.txt" for target in ("linux", "macos", "windows")]
    assert sandbox.asset_names("v1") == ["SHA256SUMS", *names]
    assert not sandbox.release("v1")["draft"]


@pytest.mark.parametrize("repository", ["octo-org/app", "stranger/fork"])
def test_a_pull_request_gets_a_preview(
    repository: str, act: Act, job: Job, sandbox: Sandbox
) -> None:
    preview = {"tag": "pr-1", "name": "Before", "assets": [{"name": "old.zip", "text": "old"}]}
    sandbox.seed({"repositories": [{"name": job.repository, "releases": [preview]}]})
    head = {"ref": "topic", "sha": "topic", "repo": {"full_name": repository}}
    request = {"number": 1, "head": head, "base": {"ref": "main"}}
    payload = {"action": "synchronize", "number": 1, "pull_request": request}
    text = workflow("Pull request previews")
    done = act.run(text, job, Event(name="pull_request", payload=payload))
    assert done.exit_code == 0, done.log
    made = sandbox.release("pr-1")
    if repository == job.repository:
        assert "git push --force origin HEAD:refs/tags/pr-1" in done.log
        assert (made["name"], made["prerelease"]) == ("Preview of #1", True)
        assert sandbox.asset_names("pr-1") == ["app.tar.gz"]
    else:
        assert (made["name"], sandbox.asset_names("pr-1")) == ("Before", ["old.zip"])
