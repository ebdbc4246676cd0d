"""Finds the error fixes in the code that name an input."""

import ast
import re
from collections.abc import Iterator

from release_assets.inputs.contract import DEFAULTS
from tests.support.job import ROOT

PROGRAM = ROOT / "src" / "release_assets"
SOURCES = sorted(PROGRAM.rglob("*.py"))
REFUSING = {
    "InputError",
    "choice",
    "boolean",
    "optional_boolean",
    "number",
    "github_text",
    "checksums_name",
}


def find_places() -> Iterator[tuple[str, str]]:
    """Yield each place whose fix names an input: `file:function or class`, and the input.

    If an input's value is refused as it is parsed, the place is `input NAME`.
    """
    for path in SOURCES:
        if "cli" in path.parts:
            continue
        tree, file = ast.parse(path.read_text("utf-8")), str(path.relative_to(PROGRAM))
        for owner, text in _fixes(tree, ""):
            for name in re.findall(r"`([a-z-]+)(?:: [^`]*)?`", text):
                if name in DEFAULTS:
                    yield f"{file}:{owner}", name
        for name in _read_names(tree):
            yield f"input {name}", name


def _read_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names of the inputs that are refused as they are parsed."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if called in REFUSING and name in DEFAULTS:
            yield str(name)


def _fixes(node: ast.AST, owner: str) -> Iterator[tuple[str, str]]:
    """Yield the class or function that holds each fix, and the fix's text."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name != "__init__":
        owner = node.name
    values: list[ast.expr] = []
    if isinstance(node, ast.Call):
        values += [one.value for one in node.keywords if one.arg == "fix"]
        if isinstance(node.func, ast.Name) and node.func.id == "MissingInputError":
            values += node.args[1:]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AugAssign):
        targets = [node.target]
    if isinstance(node, ast.Assign | ast.AugAssign) and any(
        isinstance(one, ast.Name) and one.id.lower().endswith("fix") for one in targets
    ):
        values.append(node.value)
        if not owner:
            owner = "".join(ast.unparse(one) for one in targets)
    for value in values:
        parts = [one.value for one in ast.walk(value) if isinstance(one, ast.Constant)]
        yield owner, "".join(part for part in parts if isinstance(part, str))
    for child in ast.iter_child_nodes(node):
        yield from _fixes(child, owner)
