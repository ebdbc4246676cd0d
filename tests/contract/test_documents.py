"""The documents agree with the rest of the repository."""

import re
import shlex
import subprocess
import sys
from datetime import date
from itertools import pairwise

import pytest
import yaml

from release_assets import __version__
from scripts.tables import TABLES, with_tables
from tests.support.document import (
    DOCUMENTS,
    anchors,
    blocks,
    leads_somewhere,
    links,
    ours,
    read,
    sections,
)
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.parametrize("document", TABLES)
def test_the_tables_of_inputs_and_outputs_match_action_yml(document: str) -> None:
    text, action = read(document), yaml.safe_load(read("action.yml"))
    assert with_tables(text, action, document) == text, "run `make tables`"


def test_every_document_is_checked() -> None:
    known = {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "examples/README.md"}
    assert known < set(DOCUMENTS)
    assert sum(name.startswith("docs/") for name in DOCUMENTS) >= 10


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_local_link_has_a_target(document: str) -> None:
    local = [link for link in links(read(document)) if not re.match(r"https?://|mailto:", link)]
    assert [link for link in local if not leads_somewhere(link, document)] == []


@pytest.mark.parametrize(
    ("link", "has_target"),
    [
        ("docs/inputs.md", True),
        ("docs/inputs.md#publish", True),
        ("#inputs", True),
        ("docs", True),
        ("docs/nowhere.md", False),
        ("docs/inputs.md#nowhere", False),
        ("#nowhere", False),
        ("../outside.md", False),
    ],
)
def test_a_broken_link_is_detected(link: str, has_target: bool) -> None:
    assert leads_somewhere(link, "README.md") == has_target


def test_anchors_match_those_of_github() -> None:
    text = "# `files`, and more\n## A: b\n```sh\n# none\n```\n## A: b\n"
    assert anchors(text) == ["files-and-more", "a-b", "a-b-1"]


def test_the_readme_links_to_every_document() -> None:
    more = links(sections(read("README.md"))["More"])
    more += [f"docs/decisions/{name}" for name in links(read("docs/decisions/README.md"))]
    documents = [name for name in DOCUMENTS if name.startswith("docs/")]
    assert [name for name in documents if name not in more] == []


def test_the_recipes_begin_with_a_complete_list() -> None:
    text = read("docs/recipes.md")
    listed = [link[1:] for link in links(text[: text.index("\n## ")]) if link.startswith("#")]
    assert sorted(listed) == sorted(anchors(text)[1:])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_documented_make_target_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", read(document), re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_documented_path_exists(document: str) -> None:
    """Paths in code spans that begin with a directory of this repository."""
    tops = "|".join(["src", "tests", "docs", "examples", "scripts", "bench", "native"])
    named = re.findall(rf"`((?:{tops})/[\w./-]+)`", read(document))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_each_example_of_the_readme_has_one_publish_step() -> None:
    assert [len(ours(block)) for block in blocks("README.md")] == [1, 1, 1]


def test_every_test_file_named_in_ci_exists() -> None:
    named = re.findall(r"tests/[\w/.]+", read(".github/workflows/ci.yml"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_commands_of_the_readme_succeed(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip"})
    commands = re.findall(r"^release-assets .*$", read("README.md"), re.MULTILINE)
    assert [command.split()[1] for command in commands] == [
        *("plan", "publish", "verify", "download")
    ]
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


def test_the_readme_starts_with_purpose_and_example() -> None:
    """The purpose and a step to copy come before any other section."""
    readme = read("README.md")
    start = readme[: readme.index("```yaml")]
    assert start.count("\n") <= 12
    assert re.findall(r"^(#+) ", start, re.MULTILINE) == ["#"]


def test_the_changelog_is_well_formed() -> None:
    text = read("CHANGELOG.md")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    released = [parse_version(heading) for heading in versions[1:]]
    assert all(newer > older for newer, older in pairwise(released))
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS
    for section in re.split(r"(?m)^### .+$", text)[1:]:
        assert re.match(r"\n\n- ", section), f"a kind of change without a change:\n{section}"


def parse_version(heading: str) -> tuple[date, list[int]]:
    """Return date and version of a heading such as `[1.2.0] - 2026-11-21`."""
    found = re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading)
    assert found, heading
    return date.fromisoformat(found[2]), [int(part) for part in found[1].split(".")]


def test_the_changelog_has_the_version_of_the_project() -> None:
    released = re.findall(r"^## \[(\d[^\]]*)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert not released or released[0] == __version__
