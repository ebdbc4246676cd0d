"""The documents say what is true of the rest of the repository."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date

import pytest
import yaml

from scripts.tables import with_tables
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

DOCUMENTS = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_tables_of_the_readme_are_those_of_action_yml() -> None:
    readme = read("README.md")
    assert with_tables(readme, yaml.safe_load(read("action.yml"))) == readme, "run `make tables`"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    text = read(document)
    broken = [
        link
        for link in re.findall(r"\]\(([^)\s]+)\)", text)
        if not link.startswith("https://") and not leads_somewhere(link, text)
    ]
    assert broken == []


def leads_somewhere(link: str, text: str) -> bool:
    """Return whether link, found in text, is a file of this repository or a heading."""
    file, _, heading = link.partition("#")
    if file and not (ROOT / file).is_file():
        return False
    return not heading or heading in headings(read(file) if file else text)


def headings(text: str) -> list[str]:
    """Return the anchors that GitHub gives the headings of text."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_for_make_has_a_target(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", read(document), re.MULTILINE)) <= targets


def test_every_input_in_the_examples_is_declared() -> None:
    declared = yaml.safe_load(read("action.yml"))["inputs"].keys()
    used = [set(step["with"]) for step in steps_that_publish()]
    assert len(used) == 2, "the examples of README.md publish once each"
    assert set().union(*used) <= declared


def steps_that_publish() -> Iterator[dict[str, dict[str, str]]]:
    for block in re.findall(r"(?s)```yaml\n(.*?)```", read("README.md")):
        for job in yaml.safe_load(block)["jobs"].values():
            yield from (step for step in job["steps"] if "/publish-release" in step.get("uses", ""))


def test_every_test_that_a_workflow_names_exists() -> None:
    named = re.findall(r"tests/[\w/.]+", read(".github/workflows/ci.yml"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_commands_of_the_readme_work(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip"})
    commands = re.findall(r"^release-assets .*$", read("README.md"), re.MULTILINE)
    assert [command.split()[1] for command in commands] == ["plan", "publish", "download"]
    for command in commands:
        line = command.replace("OWNER/NAME", job.repository).replace("v1.0.0", job.tag)
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(line.replace("-", "_", 1))],
            cwd=job.workspace,
            env={"GH_TOKEN": job.token, "GITHUB_API_URL": job.api_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout
    assert sandbox.asset_names(job.tag) == ["app.zip"]
    assert (job.workspace / "fetched/app.zip").read_bytes() == b"zip"


def test_the_changelog_is_well_formed() -> None:
    text = read("CHANGELOG.md")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    released = [parse_version(heading) for heading in versions[1:]]
    assert released == sorted(released, reverse=True)
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS
    for section in re.split(r"(?m)^### .+$", text)[1:]:
        assert re.match(r"\n\n- ", section), f"a kind of change without a change:\n{section}"


def parse_version(heading: str) -> tuple[date, list[int]]:
    """Return day and version of a heading such as `[1.2.0] - 2026-11-21`."""
    found = re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading)
    assert found, heading
    return date.fromisoformat(found[2]), [int(part) for part in found[1].split(".")]


def test_the_version_of_the_changelog_is_that_of_the_project() -> None:
    released = re.findall(r"^## \[(\d[^\]]*)\]", read("CHANGELOG.md"), re.MULTILINE)
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert not released or released[0] == version
