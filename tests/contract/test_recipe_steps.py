"""The preparing steps of docs/recipes.md, run unchanged, and this action after them."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.document import Block, blocks, ours, read, sections
from tests.support.job import Job, Step
from tests.support.sandbox import Sandbox
from tests.support.script import run_script

pytestmark = pytest.mark.slow

RECIPES = sections(read("docs/recipes.md"))


def steps(recipe: str) -> list[dict[str, Any]]:
    """Return the steps of the first workflow in a section that runs a script."""
    found: list[Block] = [
        block
        for block in blocks("docs/recipes.md")
        if block.is_steps and block.text in RECIPES[recipe]
    ]
    return next(one.steps() for one in found if any("run" in step for step in one.steps()))


def publish(step: dict[str, Any], job: Job) -> Step:
    """Run this action with the inputs of a step."""
    given = {name: str(value) for name, value in step["with"].items()}
    given |= {name: str(value).lower() for name, value in step["with"].items() if value is True}
    done = job.run_program(given)
    assert done.exit_code == 0, done.log
    return done


def test_all_files_of_a_pattern_are_renamed(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"a", "dist/my tool.zip": b"b"})
    script, step = steps("Rename files")
    run_script(script, job)
    publish(step, job)
    assert sandbox.asset_names("v1") == ["app-v1.zip", "my.tool-v1.zip"]


def test_a_large_file_is_split_and_can_be_joined(job: Job, sandbox: Sandbox) -> None:
    content = os.urandom(5_000_000)
    job.write({"dist/app.img": content})
    script, step = steps("Large files")
    assert "--bytes=2000M" in script["run"]
    smaller = script | {"run": script["run"].replace("--bytes=2000M", "--bytes=2M")}
    run_script(smaller, job)
    publish(step, job)
    names = sandbox.asset_names("v1")
    assert names == [f"app.img.part-0{number}" for number in range(3)]
    assert b"".join(sandbox.content("v1", name) for name in names) == content


def of_this_action(recipe: str) -> list[dict[str, Any]]:
    """Return the steps in a section that use this action, in their order."""
    found = (block for block in blocks("docs/recipes.md") if block.text in RECIPES[recipe])
    return [step for block in found for step in ours(block)]


def test_generated_notes_start_at_the_chosen_tag(job: Job, sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": job.repository, "tags": ["v0", "v1.0.0"]}]})
    job.write({"dist/app.zip": b"zip"})
    (step,) = of_this_action("Notes since a tag of your choice")
    publish(step, job)
    assert "v1.0.0...v1" in sandbox.release("v1")["body"]


def test_an_existing_release_gets_new_notes(job: Job, sandbox: Sandbox) -> None:
    release = {"tag": "v1.2.0", "name": "Before", "assets": []}
    sandbox.seed({"repositories": [{"name": job.repository, "releases": [release]}]})
    job.write({"CHANGES.md": b"What is new."})
    (step,) = of_this_action("Other notes for a release that exists")
    assert publish(step, job).outputs["changed"] == "true"
    made = sandbox.release("v1.2.0")
    assert (made["name"], made["body"]) == ("Version 1.2.0", "What is new.")
    assert publish(step, job).outputs["changed"] == "false"


def test_a_draft_is_created_before_its_files(job: Job, sandbox: Sandbox) -> None:
    draft, build, last = of_this_action("A draft first, then the files")
    title = {"title": "Version v1"}
    made = publish({"with": draft["with"] | title}, job).outputs
    assert (made["draft"], made["published"]) == ("true", "false")
    job.write({"dist/app.zip": b"zip"})
    for step in (build, last):
        publish({"with": step["with"] | {"release-id": made["release-id"]}}, job)
    (release,) = sandbox.releases()
    assert (release["draft"], release["name"], release["body"]) == (
        *(False, "Version v1"),
        "What is new.",
    )
    assert sandbox.asset_names("v1") == ["app.zip"]


@pytest.mark.parametrize("there", [True, False])
def test_an_existing_release_is_skipped(there: bool, job: Job, sandbox: Sandbox) -> None:
    if there:
        sandbox.seed({"repositories": [{"name": job.repository, "releases": [{"tag": "v1"}]}]})
    job.write({"dist/app.zip": b"zip"})
    (step,) = of_this_action("Only if there is no release yet")
    publish(step, job)
    assert sandbox.asset_names("v1") == ([] if there else ["app.zip"])


def test_an_archive_is_reproducible(job: Job) -> None:
    (script,) = steps("Again, after a failure")
    archives = []
    for moment in (1_000_000_000, 1_700_000_000):
        job.write({"dist/app": b"app", "dist/lib": b"lib"})
        for path in (job.workspace / "dist").iterdir():
            os.utime(path, (moment, moment))
        run_script(script, job)
        archives.append((job.workspace / "app.tar.gz").read_bytes())
    assert archives[0] == archives[1]


def test_every_preparing_step_is_tested() -> None:
    prepares = {
        title
        for title, text in RECIPES.items()
        for block in blocks("docs/recipes.md")
        if block.is_steps and block.text in text and any("run" in step for step in block.steps())
    }
    source = Path(__file__).read_text("utf-8")
    # This recipe starts a workflow, which the sandbox cannot do.
    assert [title for title in prepares if f'steps("{title}")' not in source] == [
        "Start other workflows"
    ]
