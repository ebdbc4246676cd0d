import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from release_assets import wording
from release_assets.errors import MultipleErrors
from release_assets.files.errors import NoFilesError
from release_assets.inputs import DEFAULTS
from release_assets.inputs.errors import InputError
from release_assets.plan.errors import TagNotFoundError
from release_assets.wording import in_terminal, input_name, joined, words

PROGRAM = Path(wording.__file__).parent
# Only workflows see these texts, and the contract words its help for both.
FOR_WORKFLOWS = ("action/", "inputs/contract.py", "inputs/unknown_inputs.py")
_INPUT = re.compile(rf"`(?:{'|'.join(DEFAULTS)})(?:: [^`]*)?`")


@pytest.mark.parametrize(
    ("text", "workflow", "terminal"),
    [
        (words("correct {tag}"), "correct `tag`", "correct `--tag`"),
        (words("set {overwrite: true}"), "set `overwrite: true`", "set `--overwrite true`"),
        (words("set {target: {}}", "main"), "set `target: main`", "set `--target main`"),
        (words("correct {files} or {token}"), "correct `files` or `token`", "correct `FILE` or `GH_TOKEN`"),
        (words("then {RUN_AGAIN}"), "then run the job again", "then run the command again"),
        (words("{} has {:,} bytes, {!r}", "a", 1000, "b"), *["a has 1,000 bytes, 'b'"] * 2),
        (words("{}", "{tag}"), "{tag}", "{tag}"),
        (words("{}, please", words("{tag}")), "`tag`, please", "`--tag`, please"),
        (joined(" or ", [input_name("tag"), "{}"]), "`tag` or {}", "`--tag` or {}"),
        ("plain", "plain", "plain"),
    ],
)  # fmt: skip
def test_a_text_has_one_wording_for_workflows_and_one_for_the_command_line(
    text: str, workflow: str, terminal: str
) -> None:
    assert str(text) == workflow
    assert in_terminal(text) == terminal


@pytest.mark.parametrize(
    ("error", "tokens"),
    [
        (InputError("release-id", "x", "the number of a release"), ["`--release-id`", "'x'"]),
        (NoFilesError("x", "/w"), ["`--if-no-files-found warn`"]),
        (TagNotFoundError("v1", "octo-org/app"), ["`v1`", "`--tag`", "`--target`"]),
        (
            MultipleErrors([TagNotFoundError("v1", "r"), InputError("tag", "", "one")]),
            ["correct `--tag`", "- `--tag` is"],
        ),
    ],
)
def test_an_error_names_options_on_the_command_line(
    error: TagNotFoundError, tokens: list[str]
) -> None:
    text = in_terminal(error.text)
    assert all(token in text for token in tokens)
    assert "input" not in text
    assert _INPUT.search(text) is None


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PROGRAM.rglob("*.py")):
        name = path.relative_to(PROGRAM).as_posix()
        if path.name != "wording.py" and not name.startswith(FOR_WORKFLOWS):
            yield name, ast.parse(path.read_text("utf-8"))


def templates(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the template of each call of `words`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "words":
            yield node.args[0]


def test_every_template_is_a_literal_that_names_inputs_or_phrases() -> None:
    names = []
    for source, tree in sources():
        for template in templates(tree):
            assert isinstance(template, ast.Constant), f"{source}:{template.lineno}"
            fields = [name for _, name, _, _ in Formatter().parse(str(template.value)) if name]
            unknown = (
                set(fields) - DEFAULTS.keys() - {"RUN_AGAIN", "BEFORE", "DEBUG_LOG", "OWN_TOKEN"}
            )
            assert not unknown, f"{source}:{template.lineno}: {unknown}"
            names += fields
    assert "overwrite" in names


def test_no_other_text_names_an_input_as_a_workflow_does() -> None:
    found = []
    for source, tree in sources():
        allowed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Wording":
                allowed |= {id(argument) for argument in node.args}
        found += [
            f"{source}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in allowed
            and _INPUT.search(node.value)
        ]
    assert found == []
