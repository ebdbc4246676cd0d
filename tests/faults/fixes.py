"""Finds the error fixes in the code that name an input."""

import ast
import re
from collections.abc import Iterator, Mapping

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
        for owner, text in _fixes(tree, "", _constants(tree)):
            for name in re.findall(r"[`{]([a-z-]+)(?:: [^`}]*)?[`}]", text):
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


def _constants(tree: ast.Module) -> Mapping[str, str]:
    """Return the text of each constant of a module."""
    return {
        target.id: _text(node.value, {})
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _fixes(node: ast.AST, owner: str, constants: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the class or function that holds each fix, and the fix's text."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name != "__init__":
        owner = node.name
    values: list[ast.expr | None] = []
    if isinstance(node, ast.Call):
        values += [one.value for one in node.keywords if one.arg == "fix"]
        if ast.unparse(node.func) in {"MissingInputError", "self._report_missing"}:
            values += node.args[1:]
    if isinstance(node, ast.arguments):  # a default
        named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
        values += [default for argument, default in named if argument.arg == "fix"]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    # A constant counts where it is used, except in another module.
    names = [one.id for one in targets if isinstance(one, ast.Name)]
    is_fix = any(name.lower().endswith("fix") for name in names)
    if is_fix and (owner or names == ["PERMISSION_FIX"]):
        values.append(getattr(node, "value", None))
        owner = owner or names[0]
    for value in values:
        if value is not None:
            yield owner, _text(value, constants)
    for child in ast.iter_child_nodes(node):
        yield from _fixes(child, owner, constants)


def _text(node: ast.expr, constants: Mapping[str, str]) -> str:
    """Return the strings in an expression, and those of the constants that it names."""
    found = []
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            found.append(one.value)
        elif isinstance(one, ast.Name) and one.id in constants:
            found.append(constants[one.id])
    return "".join(found)
