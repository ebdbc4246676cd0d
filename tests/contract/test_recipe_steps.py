"""The scripts of docs/recipes.md, run unchanged, and this action before or after them."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.document import Block, blocks, ours, read, sections
from tests.support.job import Job, Step
from tests.support.sandbox import Sandbox
from tests.support.script import install, run_script, try_script

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


def step_of_a_job(recipe: str, name: str) -> dict[str, Any]:
    """Return the step with this name in a workflow or job of a section."""
    found = (block for block in blocks("docs/recipes.md") if block.text in RECIPES[recipe])
    return next(
        step for block in found if block.jobs for step in block.steps() if step.get("name") == name
    )


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
    (step,) = of_this_action("Change the notes of an existing release")
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


CHANGELOG = b"""# Changelog

## [Unreleased]

- Later

## [1] - 2026-01-31

### Added

- Now

## [0] - 2026-01-30

- Before
"""


def test_notes_are_extracted_from_a_changelog(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip", "CHANGELOG.md": CHANGELOG})
    script, step = steps("Notes from a changelog")
    run_script(script, job)
    publish(step, job)
    assert sandbox.release("v1")["body"].split() == ["###", "Added", "-", "Now"]


@pytest.mark.parametrize("changelog", [b"## [10] - 2026-01-31\n\n- Ten\n", b"## [1]\n\n## [0]\n"])
def test_a_missing_section_of_a_changelog_fails(changelog: bytes, job: Job) -> None:
    job.write({"CHANGELOG.md": changelog})
    script, _ = steps("Notes from a changelog")
    done, _ = try_script(script, job)
    assert done.returncode == 1


@pytest.mark.parametrize("immutable", [False, True])
def test_only_the_last_nightly_releases_are_kept(
    immutable: bool, job: Job, sandbox: Sandbox
) -> None:
    nights = [f"nightly-2026-01-{day:02}" for day in range(1, 9)]
    releases = [{"tag": tag, "immutable": immutable} for tag in ("v1", *nights)]
    settings = {"immutable_releases": immutable, "commits": ["c0ffee" * 6 + "c0ff"]}
    sandbox.seed({"repositories": [{"name": job.repository, "releases": releases, **settings}]})
    job.write({"dist/app.zip": b"zip"})
    date, step, delete = steps("Keep the last nightly releases")
    today = run_script(date, job).strip()
    assert re.fullmatch(r"date=\d{4}-\d\d-\d\d", today)
    tag = today.replace("date=", "nightly-")
    made = publish({"with": step["with"] | {"tag": tag, "target": "c0ffee" * 6 + "c0ff"}}, job)
    assert made.outputs["immutable"] == str(immutable).lower()
    run_script(delete, job)
    left = sorted(release["tag_name"] for release in sandbox.releases())
    assert left == [*nights[2:], tag, "v1"]


# Verifying needs GitHub's signatures, so a stand-in logs what it is asked to verify. It fails until an attempt.
VERIFIER = """echo "$@" >> asked.txt
test "$2" != verify || test "$(grep --count ' verify ' asked.txt)" -ge {}"""


@pytest.mark.parametrize(("first_success", "attempts"), [(3, 3), (99, 12)])
def test_an_immutable_release_is_verified(first_success: int, attempts: int, job: Job) -> None:
    job.write({"dist/app.zip": b"zip", "dist/lib.zip": b"zip"})
    install("gh", VERIFIER.format(first_success), job)
    step = steps("Verify an immutable release")[1]
    assert "sleep 15" in step["run"]
    done, _ = try_script(step | {"run": step["run"].replace("sleep 15", "true")}, job, TAG="v1")
    asked = (job.workspace / "asked.txt").read_text().splitlines()
    of_release = f"release verify v1 --repo {job.repository}"
    of_files = [
        f"release verify-asset v1 dist/{name}.zip --repo {job.repository}"
        for name in ("app", "lib")
    ]
    is_verified = attempts == first_success
    assert asked == [of_release] * attempts + (of_files if is_verified else [])
    assert (done.returncode == 0) == is_verified


@pytest.fixture
def gpg_home() -> Iterator[str]:
    """A home with a new key. Its path is short: gpg-agent has a socket there."""
    if shutil.which("gpg") is None:
        pytest.skip("there is no gpg")
    with tempfile.TemporaryDirectory() as home:
        new_key = ("--passphrase", "", "--quick-generate-key", "octocat@example.com")
        gpg(home, *new_key)
        yield home
        subprocess.run(["gpgconf", "--kill", "all"], env={"HOME": home, "PATH": os.environ["PATH"]})


def gpg(home: str, *arguments: str) -> str:
    """Run gpg, and return its output."""
    return subprocess.run(
        ["gpg", "--batch", "--quiet", *arguments],
        env={"HOME": home, "PATH": os.environ["PATH"]},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def test_signatures_of_gpg_are_published(
    gpg_home: str, job: Job, sandbox: Sandbox, tmp_path: Path
) -> None:
    job.write({"dist/app.zip": b"zip"})
    key = gpg(gpg_home, "--armor", "--export-secret-keys")
    script, step = steps("Sign before publishing")
    for _ in range(2):  # the second run replaces the signature
        run_script(script, job, GPG_KEY=key, HOME=gpg_home)
        publish(step, job)
        (job.workspace / "dist/app.zip.asc").rename(tmp_path / "app.zip.asc")
    assert sandbox.asset_names("v1") == ["app.zip", "app.zip.asc"]
    (tmp_path / "app.zip.asc").write_bytes(sandbox.content("v1", "app.zip.asc"))
    gpg(gpg_home, "--verify", str(tmp_path / "app.zip.asc"), str(job.workspace / "dist/app.zip"))


def test_every_file_is_signed_with_cosign(job: Job) -> None:
    job.write({"dist/app.zip": b"zip", "dist/my lib.zip": b"zip"})
    install("cosign", '[[ "$1 $2 $3" == "sign-blob --yes --bundle" ]] && cp "$5" "$4"', job)
    run_script(step_of_a_job("Sign before publishing", "Sign"), job)
    assert sorted(path.name for path in (job.workspace / "dist").iterdir()) == [
        *("app.zip", "app.zip.sigstore.json", "my lib.zip", "my lib.zip.sigstore.json")
    ]


def test_a_preview_is_deleted(job: Job, sandbox: Sandbox) -> None:
    releases = [{"tag": "v1"}, {"tag": "pr-1"}]
    sandbox.seed({"repositories": [{"name": job.repository, "releases": releases}]})
    run_script(step_of_a_job("Pull request previews", "Delete the preview"), job, TAG="pr-1")
    assert [release["tag_name"] for release in sandbox.releases()] == ["v1"]


def test_the_tag_of_semantic_release_is_found(job: Job) -> None:
    def git(*command: str) -> None:
        who = ("-c", "user.name=Octocat", "-c", "user.email=octocat@example.com")
        subprocess.run(["git", *who, *command], cwd=job.workspace, check=True)

    job.write({"README.md": b"# App"})
    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "--message=First")
    step = step_of_a_job("semantic-release", "Find the tag")
    assert run_script(step, job) == "tag=\n"
    git("tag", "v1.0.0")
    assert run_script(step, job).splitlines()[-1] == "tag=v1.0.0"


def test_the_commands_for_other_ci_systems_publish(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip"})
    section = RECIPES["Other CI systems"]
    commands = re.findall(r"(?m)^[- ]+(?:\.venv/bin/)?(release-assets publish .+)$", section)
    for number, command in enumerate(commands, 1):
        tag = f"v{number}"
        sandbox.seed({"repositories": [{"name": job.repository, "tags": [tag]}]})
        script = {"run": command.replace("OWNER/NAME", job.repository)}
        run_script(
            script,
            job,
            CI_COMMIT_TAG=tag,
            TAG_NAME=tag,
            GITHUB_API_URL=job.api_url,
            HTTP_PROXY="",
            GH_HOST="",
        )
        assert sandbox.asset_names(tag) == ["app.zip"]
    assert len(commands) == 2


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
