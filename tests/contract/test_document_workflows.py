"""The workflows in the documents: linted, and their inputs parsed by the program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.parse import parse_inputs
from release_assets.inputs.reader import Job
from tests.support.document import DOCUMENTS, Block, blocks, ours, read
from tests.support.samples import REQUIRED

BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]
TOOLS = Path(sys.executable).parent
# README.md shows actions by tag; examples/ pins them by commit, and is linted for it.
ZIZMOR = """
rules:
  unpinned-uses: {config: {policies: {'*': ref-pin}}}
  artipacked: {disable: true}
  excessive-permissions: {disable: true}
"""
# Values for expressions in inputs that the program does not parse as free text.
VALUES = {
    r"\$\{\{ [^}]+ && '(\w+)' \|\| '\w+' \}\}": r"\1",
    r"\$\{\{ contains\([^}]+\) \}\}": "true",
    r"\$\{\{ github\.ref \}\}": "refs/tags/v1",
    r"\$\{\{ secrets\.\w+ \}\}": "ghs_token",
    r"\$\{\{ [^}]*[!=]= [^}]*\}\}": "true",
    r"\$\{\{ [\w.-]+\.outputs\.release-id \}\}": "7",
    r"\$\{\{ [^}]+ \}\}": "v1.0",
}
OUTPUTS = yaml.safe_load(read("action.yml"))["outputs"].keys()


def each(found: list[Block]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", found, ids=lambda block: block.place)


def test_workflows_are_found() -> None:
    assert len(BLOCKS) > 30
    assert {block.place.partition(":")[0] for block in BLOCKS} > {"README.md", "docs/recipes.md"}


@each(BLOCKS)
def test_every_yaml_block_is_a_workflow_or_a_part_of_one(block: Block) -> None:
    assert block.is_steps or block.jobs
    assert all(isinstance(job, dict) for job in block.jobs.values())
    assert all({"uses", "run"} & step.keys() for step in block.steps())


def written(found: list[Block], directory: Path) -> list[Path]:
    """Write blocks to workflow files that are named after their positions."""
    assert found
    paths = []
    for block in found:
        path = directory / f"{re.sub(r'[^a-zA-Z0-9]', '-', block.place)}.yml"
        path.write_text(block.workflow(), "utf-8")
        paths.append(path)
    return paths


def check(program: str, *arguments: str | Path) -> None:
    command = [TOOLS / program, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


def test_workflows_match_the_schema(tmp_path: Path) -> None:
    schema = "vendor.github-workflows"
    check("check-jsonschema", "--builtin-schema", schema, *written(BLOCKS, tmp_path))


def test_the_pipeline_for_gitlab_matches_the_schema(tmp_path: Path) -> None:
    (pipeline,) = re.findall(r"(?ms)^```yml\n(.*?)^```$", read("docs/recipes.md"))
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(pipeline, "utf-8")
    check("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", path)


def test_actionlint_finds_nothing_in_whole_workflows(tmp_path: Path) -> None:
    check("actionlint", *written([block for block in BLOCKS if block.is_whole], tmp_path))


def test_actionlint_finds_nothing_in_parts_of_workflows(tmp_path: Path) -> None:
    parts = written([block for block in BLOCKS if not block.is_whole], tmp_path)
    # A part may name a step, a job or an input of another part.
    check("actionlint", "-ignore", r'property "[\w-]+" is not defined in object type', *parts)


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    config = tmp_path / "zizmor.yaml"
    config.write_text(ZIZMOR)
    mine = written([block for block in BLOCKS if ours(block)], tmp_path)
    check("zizmor", "--offline", "--quiet", "--config", config, *mine)


@each([block for block in BLOCKS if ours(block)])
def test_the_program_accepts_the_inputs(block: Block) -> None:
    for step in ours(block):
        given = {name: plain(value) for name, value in step.get("with", {}).items()}
        assert given.keys() <= DEFAULTS.keys()
        job = Job(api_url="https://api.github.com", workspace="/ws", ref="refs/tags/v1")
        known = {name: REQUIRED[name] for name in ("repository", "token")}
        parse_inputs(known | given, job)


def plain(value: object) -> str:
    """Return a value as the runner passes it, with a sample value for each expression."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    for expression, sample_value in VALUES.items():
        text = re.sub(expression, sample_value, text)
    return text


@each([block for block in BLOCKS if "outputs." in block.text])
def test_used_outputs_of_this_action_are_declared(block: Block) -> None:
    named = {step["id"] for step in ours(block) if "id" in step} | {"publish"}
    used = re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", block.text)
    assert {output for step, output in used if step in named} <= OUTPUTS
