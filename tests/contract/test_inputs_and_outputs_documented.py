"""docs/inputs.md and docs/outputs.md describe every input and output, its values and effects."""

import json
import re
from collections.abc import Callable
from typing import get_args

import pytest
import yaml

from release_assets import limits
from release_assets.errors import ReleaseAssetsError
from release_assets.files.manifest import KEYS
from release_assets.github.limiter import INITIAL_CONCURRENCY, MAX_CONCURRENCY
from release_assets.inputs import reader as input_reader
from release_assets.inputs.contract import INPUTS
from release_assets.inputs.parse import parse_inputs
from release_assets.models import MAX_ASSET_SIZE, Status
from release_assets.names import asset_name
from release_assets.report import plan_report
from tests.support.document import headings, read, rows, sections
from tests.support.engine import Engine
from tests.support.job import Job
from tests.support.samples import REQUIRED
from tests.support.sandbox import Sandbox

INPUT_SECTIONS = sections(read("docs/inputs.md"))
OUTPUT_SECTIONS = sections(read("docs/outputs.md"))


def test_every_input_has_its_section_in_the_order_of_action_yml() -> None:
    assert headings(read("docs/inputs.md"), 2) == [given.name for given in INPUTS]


def test_every_output_has_its_section_in_the_order_of_action_yml() -> None:
    declared = yaml.safe_load(read("action.yml"))["outputs"]
    assert headings(read("docs/outputs.md"), 2) == list(declared)


def choices_of(name: str) -> set[str]:
    """Return the choices of an input, from the error for an invalid value."""
    job = input_reader.Job(api_url="https://api.github.com", workspace="/ws")
    try:
        parse_inputs(REQUIRED | {name: "no such word"}, job)
    except ReleaseAssetsError as error:
        is_choice = re.fullmatch("use (one of )?`[a-z]+`(, `[a-z]+`)* or `[a-z]+`", error.fix)
        return set(re.findall("`([a-z]+)`", error.fix)) if is_choice else set()
    return set()


CHOICES = {given.name: choices for given in INPUTS if (choices := choices_of(given.name))}


def test_inputs_with_choices_are_found() -> None:
    assert CHOICES["publish"] == {"auto", "always", "never"}
    assert CHOICES.keys() >= {given.name for given in INPUTS if given.boolean}


@pytest.mark.parametrize("name", [name for name in CHOICES if CHOICES[name] != {"true", "false"}])
def test_every_choice_of_an_input_is_documented(name: str) -> None:
    in_code = set(re.findall("`([a-z]+)`", INPUT_SECTIONS[name]))
    assert in_code >= CHOICES[name]
    in_tables = {row[0].strip("`") for row in rows(INPUT_SECTIONS[name])}
    assert not in_tables or name == "publish" or in_tables == CHOICES[name]


# The section without its subsections.
DRAFTS = {row[0]: row[1:] for row in rows(INPUT_SECTIONS["publish"].partition("\n### ")[0])}
EXPECT = {"complete": "app.zip", "missing": "app.zip\nlater.zip"}


@pytest.mark.parametrize("publish", ["auto", "always", "never"])
@pytest.mark.parametrize("row", DRAFTS)
def test_the_table_of_drafts_matches_the_program(
    row: str, publish: str, engine: Engine, sandbox: Sandbox
) -> None:
    column = ("auto", "always", "never").index(publish)
    engine.write({"dist/app.zip": b"zip"})
    if "interrupted" in row:
        sandbox.fault(match={"origin": "uploads"}, do="status", status=422)
        assert engine.publish().errors
        sandbox.disarm()
    elif not row.startswith("this run"):
        release = {"tag": "v1", "draft": True, "assets": []}
        sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    expect = next((names for word, names in EXPECT.items() if row.endswith(word)), "")
    engine.publish_well(publish=publish, expect=expect)
    (made,) = sandbox.releases()
    assert DRAFTS[row][column] == ("draft" if made["draft"] else "public")


WITHOUT_FILES = {
    row[0].strip("`"): row[1:]
    for row in rows(INPUT_SECTIONS["publish"].partition("### Without files")[2])
}
BEFORE: tuple[dict[str, object] | None, ...] = (None, {"draft": True}, {"draft": False})


@pytest.mark.parametrize("publish", WITHOUT_FILES)
@pytest.mark.parametrize("column", range(len(BEFORE)))
def test_the_table_of_releases_without_files_matches_the_program(
    publish: str, column: int, engine: Engine, sandbox: Sandbox
) -> None:
    before = BEFORE[column]
    if before is not None:
        release = {"tag": "v1", "assets": [], **before}
        sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    engine.publish_well(files="", publish=publish)
    (made,) = sandbox.releases()
    is_draft = "draft" in WITHOUT_FILES[publish][column]
    assert made["draft"] is is_draft


def test_every_row_about_releases_without_files_has_cases() -> None:
    assert list(WITHOUT_FILES) == ["never", "always"]
    assert all(len(cells) == len(BEFORE) for cells in WITHOUT_FILES.values())


# Value of `if-release-exists` -> title and assets of a release of somebody else after the run.
EXISTING = {
    "use": ("Before", ["app.zip"]),
    "update": ("After", ["app.zip"]),
    "skip": ("Before", []),
    "error": ("Before", []),
}


@pytest.mark.parametrize(
    "value", [row[0].strip("`") for row in rows(INPUT_SECTIONS["if-release-exists"])]
)
def test_the_table_of_existing_releases_matches_the_program(
    value: str, engine: Engine, sandbox: Sandbox
) -> None:
    release = {"tag": "v1", "name": "Before", "assets": []}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    engine.write({"dist/app.zip": b"zip"})
    outcome = engine.publish(title="After", **{"if-release-exists": value})
    (made,) = sandbox.releases()
    assert (made["name"], sandbox.asset_names("v1")) == EXISTING[value]
    assert bool(outcome.errors) is (value == "error")


def test_every_row_about_drafts_has_a_case() -> None:
    assert [row.split()[0] for row in DRAFTS] == ["this", "an", "a", "anyone,", "anyone,"]
    assert [row.split()[-1] for row in list(DRAFTS)[-2:]] == list(EXPECT)


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("files", f"{MAX_ASSET_SIZE:,} bytes"),
        ("title", f"{limits.MAX_TITLE} characters"),
        ("notes", f"{limits.MAX_NOTES:,} characters"),
        ("concurrency", f"1 to {limits.MAX_CONCURRENCY}"),
        ("concurrency", f"begins at {INITIAL_CONCURRENCY}"),
        ("concurrency", f"up to {MAX_CONCURRENCY}"),
        ("max-attempts", f"1 to {limits.MAX_ATTEMPTS}"),
    ],
)
def test_documented_limits_match_the_program(name: str, figure: str) -> None:
    assert figure in " ".join(INPUT_SECTIONS[name].split())


def test_the_keys_of_a_manifest_are_documented() -> None:
    assert tuple(row[0].strip("`") for row in rows(INPUT_SECTIONS["manifest"])) == KEYS


# The patterns of the documented table -> the files among FILES that they match.
FILES = (
    "dist/a1.zip",
    "dist/b2.zip",
    "dist/ab.map",
    "dist/sub/c.map",
    "dist/.dot",
    "dist/sub/.h/d",
)
PATTERNS = {
    "dist/*": ["a1.zip", "ab.map", "b2.zip"],
    "dist/**": ["a1.zip", "ab.map", "b2.zip", "c.map"],
    "dist/?1.zip": ["a1.zip"],
    "dist/[ab]?.zip": ["a1.zip", "b2.zip"],
    "dist/?[0-9].zip": ["a1.zip", "b2.zip"],
    "dist/[!a]?.zip": ["b2.zip"],
    "dist/{a,b}?.zip": ["a1.zip", "b2.zip"],
    "dist/a{1..3}.zip": ["a1.zip"],
    "dist/.*": [".dot"],
    "dist/**\n!**/*.map": ["a1.zip", "b2.zip"],
    "!dist/sub\ndist/**": ["a1.zip", "ab.map", "b2.zip"],
    "# text\ndist/a1.zip": ["a1.zip"],
    "dist/*.zip\ndist/a1.zip => c.zip": ["b2.zip", "c.zip"],
    "dist/a1.zip => c.zip\ndist/a1.zip => d.zip": ["c.zip", "d.zip"],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_documented_patterns_match_as_described(pattern: str, job: Job) -> None:
    job.write(dict.fromkeys(FILES, b"x"))
    done = job.run_program({"files": pattern, "dry-run": "true"})
    assert done.exit_code == 0, done.log
    assets = json.loads(done.outputs["assets"])
    assert sorted(one["requested_name"] for one in assets) == PATTERNS[pattern]


def test_documented_names_are_rewritten_as_described() -> None:
    examples = re.findall("`([^`]+)` becomes `([^`]+)`", INPUT_SECTIONS["files"])
    assert len(examples) >= 2
    assert [asset_name(name) for name, _ in examples] == [becomes for _, becomes in examples]


def test_every_documented_kind_of_pattern_is_tested() -> None:
    kinds = [row[0] for row in rows(INPUT_SECTIONS["files"])]
    shown = [code for kind in kinds for code in re.findall("`([^`]+)`", kind)]
    tried = "\n".join(PATTERNS)
    plain = {"!pattern": "!dist/sub", "pattern => name": "=> c.zip", "{a,b}": "{a,b}"}
    assert [code for code in shown if plain.get(code, code) not in tried] == []


def test_every_field_of_the_output_assets_is_documented(job: Job) -> None:
    job.write({"dist/app.zip": b"zip"})
    done = job.run_program({"files": "dist/*"})
    (asset,) = json.loads(done.outputs["assets"])
    documented = {row[0].strip("`"): row[1] for row in rows(OUTPUT_SECTIONS["assets"])}
    assert list(documented) == list(asset)
    assert set(re.findall("`([a-z]+)`", documented["result"])) == set(get_args(Status))


def test_every_field_of_the_output_plan_is_documented(job: Job) -> None:
    job.write({"dist/app.zip": b"zip"})
    plan = json.loads(job.run_program({"files": "dist/*"}).outputs["plan"])
    documented = {row[0].strip("`"): row[1] for row in rows(OUTPUT_SECTIONS["plan"])}
    assert list(documented) == list(plan)
    words = set(re.findall("`([a-z]+)`", documented["release"]))
    assert words == set(plan_report._RELEASE_ACTIONS.values()) | plan["release"].keys()
    words = set(re.findall("`([a-z]+)`", documented["steps"]))
    assert words == set(plan_report._ACTIONS.values()) | plan["steps"][0].keys()
    assert set(re.findall("`([a-z]+)`", documented["cost"])) == plan["cost"].keys()


OUTPUTS_WITHOUT_RELEASE: dict[str, Callable[[str], bool]] = {
    "release-id": lambda value: value == "",
    "release-url": lambda value: value == "",
    "url": lambda value: value == "",
    "checksums-file": lambda value: value == "",
    "draft": lambda value: value == "",
    "immutable": lambda value: value == "false",
    "missing": lambda value: value == "",
    "changed": lambda value: value == "false",
    "tag": lambda value: value == "v1",
    "assets": lambda value: {one["result"] for one in json.loads(value)} == {"planned"},
}


@pytest.mark.parametrize("name", OUTPUTS_WITHOUT_RELEASE)
def test_a_dry_run_without_a_release_has_the_documented_outputs(name: str, job: Job) -> None:
    job.write({"dist/app.zip": b"zip"})
    done = job.run_program({"files": "dist/*", "dry-run": "true"})
    assert done.exit_code == 0, done.log
    assert OUTPUTS_WITHOUT_RELEASE[name](done.outputs[name])
