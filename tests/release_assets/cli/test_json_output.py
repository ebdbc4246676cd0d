"""JSON documents are as docs/cli-output.schema.json says; --jq filters them."""

import json

import pytest
from jsonschema import Draft202012Validator

from release_assets.cli.parser import COMMANDS, parsers
from tests.support.cli import Run
from tests.support.sandbox import ROOT, Sandbox

SCHEMA = json.loads((ROOT / "docs/cli-output.schema.json").read_text("utf-8"))
DOCUMENTED = [name for name in COMMANDS if name != "completion"]
CALLS = [
    ("publish", "v1", "dist/*", "--checksums", "SUMS"),
    ("publish", "v1", "dist/*"),
    ("publish", "v9", "dist/*"),
    ("plan", "v1", "dist/*", "new.zip"),
    ("plan", "v2", "dist/*"),
    ("list", "v1"),
    ("view", "v2"),
    ("view", "v9"),
    ("view",),
    ("download", "v1", "--dir", "out"),
    ("download", "v1", "none"),
    ("verify", "v1", "dist/*"),
    ("verify", "v1", "dist/*", "--expect", "SUMS"),
    ("verify", "v9", "dist/*"),
    ("update", "v1", "SUMS", "--label", "Checksums"),
    ("update", "v1", "none", "--label", "x"),
    ("delete", "v1", "SUMS", "--dry-run"),
    ("delete", "v1", "SUMS", "--yes"),
    ("list", "v1", "--api-url", "nonsense"),
]


def validator(command: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{command}"}]})


def fields_in_schema(command: str) -> set[str]:
    definitions = SCHEMA["$defs"]
    definition = definitions[command]
    if "properties" not in definition:
        definition = definitions[definition["$ref"].rpartition("/")[2]]
    return {*definition["properties"], *definitions["document"]["properties"]}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [option["$ref"].rpartition("/")[2] for option in SCHEMA["anyOf"]] == DOCUMENTED


@pytest.mark.parametrize("command", DOCUMENTED)
def test_the_schema_has_exactly_the_fields_that_json_takes(command: str) -> None:
    _, commands = parsers()
    assert fields_in_schema(command) == set(commands[command].get_default("fields"))


@pytest.fixture
def workspace(sandbox: Sandbox, cli: Run) -> Run:
    (cli.directory / "dist").mkdir()
    for name in ("dist/a.zip", "dist/b.zip", "new.zip"):
        (cli.directory / name).write_text(name)
    releases = [{"tag": "v1", "body": "Notes"}, {"tag": "v2", "draft": True}]
    sandbox.seed(
        {"repositories": [{"name": sandbox.repository, "tags": ["v1"], "releases": releases}]}
    )
    return cli


@pytest.mark.slow
def test_every_document_is_as_the_schema_says(workspace: Run) -> None:
    seen = set()
    for command, *arguments in CALLS:
        done = workspace(command, *arguments, "--json")
        document = json.loads(done.stdout)
        validator(command).validate(document)
        assert (document["errors"] == []) is (done.returncode == 0), (command, arguments)
        seen.add((command, done.returncode == 0))
    assert seen >= {(command, True) for command in DOCUMENTED}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "lines"),
    [
        (".tagName", ["v1"]),
        (".assets[].name", ["a.zip", "b.zip"]),
        (".assets[] | {name, size}", ['{"name":"a.zip","size":10}', '{"name":"b.zip","size":10}']),
        (".publishedAt == null, (.assets | length), null", ["false", "2", ""]),
        ("empty", []),
    ],
)
def test_jq_prints_texts_as_they_are_and_all_else_as_json(
    workspace: Run, expression: str, lines: list[str]
) -> None:
    workspace("publish", "v1", "dist/*")
    done = workspace("view", "v1", "--jq", expression)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == lines
    fields = workspace("view", "v1", "--json", "tagName,assets", "--jq", "keys | length")
    assert fields.stdout == "2\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "tokens"),
    [
        (["--json", "nme"], ["`nme`", "did you mean `name`?", "tagName"]),
        (["--json", "tagname,x"], ["`tagname`", "`x`", "did you mean `tagName`?"]),
        (["--json=release-id"], ["`release-id`"]),
        (["--jq", ".["], ["--jq '.['", "syntax error"]),
        (["--jq", "nosuch"], ["nosuch/0 is not defined"]),
    ],
)
def test_a_wrong_format_is_refused_and_nothing_is_read(
    sandbox: Sandbox, cli: Run, arguments: list[str], tokens: list[str]
) -> None:
    done = cli("view", "v1", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert [token for token in tokens if token not in done.stderr] == []
    assert sandbox.requests() == []


@pytest.mark.slow
def test_an_expression_that_fails_is_an_error_in_words(workspace: Run) -> None:
    done = workspace("view", "v1", "--jq", ".tagName.x")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: jq failed: " in done.stderr
    assert "Cannot index string" in done.stderr


@pytest.mark.slow
def test_without_the_package_jq_the_error_names_it(workspace: Run) -> None:
    (workspace.directory / "jq.py").write_text("raise ImportError")
    path = f"{ROOT / 'src'}:{workspace.directory}"
    done = workspace("view", "v1", "--jq", ".", PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "publish-release-assets[jq]" in done.stderr
