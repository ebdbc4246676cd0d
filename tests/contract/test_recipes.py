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
    text = workflow("Start it by hand")
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
