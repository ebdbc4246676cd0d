"""Write action.yml's inputs, and the tables of the documents, from their sources (`make tables`)."""

import ast
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from release_assets.inputs import INPUTS

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "src" / "release_assets"


# In the order in which data passes through them.
PACKAGES = (
    "inputs",
    "files",
    "github",
    "plan",
    "report",
    "summary",
    "download",
    "publish",
    "action",
    "cli",
)


# Defaults that only a workflow can give.
DEFAULTS_IN_WORKFLOW = {"repository": "${{ github.repository }}", "token": "${{ github.token }}"}


# Document -> the inputs and outputs in its tables; an empty tuple: all of them.
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "README.md": {
        "inputs": (
            *("files", "tag", "overwrite", "expect", "publish", "if-release-exists"),
            *("notes-file", "generate-notes", "target", "checksums"),
        ),
        "outputs": (
            "release-url",
            "asset-urls",
            "assets",
            "published",
            "missing",
            "checksums-file",
        ),
    },
    "docs/inputs.md": {"inputs": ()},
    "docs/outputs.md": {"outputs": ()},
}


class Folded(str):
    """A text that YAML shows folded."""

    __slots__ = ()


yaml.SafeDumper.add_representer(
    Folded, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style=">")
)


def main() -> None:
    """Update action.yml, README.md and docs/architecture.md."""
    manifest = ROOT / "action.yml"
    manifest.write_text(with_inputs(manifest.read_text("utf-8")), "utf-8")
    action = yaml.safe_load(manifest.read_text("utf-8"))
    for document in TABLES:
        path = ROOT / document
        path.write_text(with_tables(path.read_text("utf-8"), action, document), "utf-8")
    architecture = ROOT / "docs" / "architecture.md"
    architecture.write_text(with_packages(architecture.read_text("utf-8")), "utf-8")


def with_inputs(manifest: str) -> str:
    """Return the text of an action.yml with the inputs of the contract."""
    inputs = {}
    for one in INPUTS:
        is_long = len(one.help) > 100
        inputs[one.name] = {"description": Folded(one.help) if is_long else one.help}
        if default := DEFAULTS_IN_WORKFLOW.get(one.name, one.default):
            inputs[one.name]["default"] = default
    text = yaml.safe_dump({"inputs": inputs}, sort_keys=False, width=112, allow_unicode=True)
    return re.sub(r"(?ms)^inputs:\n.*?(?=^outputs:)", lambda _: f"{text}\n", manifest)


def with_tables(text: str, action: dict[str, Any], document: str) -> str:
    """Return the text of a document of TABLES with new tables from action."""
    for kind, table in (("inputs", inputs_table), ("outputs", outputs_table)):
        if (names := TABLES[document].get(kind)) is not None:
            chosen = {name: action[kind][name] for name in names or action[kind]}
            text = between_markers(text, kind, table(chosen))
    return text


def with_packages(document: str) -> str:
    """Return document with a new table of the program's packages."""
    titles = {name: title_of(PROGRAM / name / "__init__.py") for name in PACKAGES}
    rows = [f"| `{name}/` | {cell(title)} |" for name, title in titles.items()]
    return between_markers(
        document, "packages", "\n".join(["| package | what it does |", "|---|---|", *rows])
    )


def title_of(module: Path) -> str:
    """Return the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0]


def inputs_table(inputs: dict[str, dict[str, Any]]) -> str:
    """Return a Markdown table with a row for each input."""
    rows = [
        f"| `{name}` | {code(str(entry.get('default', '')))} | {cell(entry['description'])} |"
        for name, entry in inputs.items()
    ]
    return "\n".join(["| input | default | what it does |", "|---|---|---|", *rows])


def outputs_table(outputs: dict[str, dict[str, Any]]) -> str:
    """Return a Markdown table with a row for each output."""
    rows = [f"| `{name}` | {cell(entry['description'])} |" for name, entry in outputs.items()]
    return "\n".join(["| output | what it holds |", "|---|---|", *rows])


def between_markers(text: str, name: str, content: str) -> str:
    """Return text with content between the comments `name` and `/name`.

    Raises:
        SystemExit: text does not have the two comments exactly once.
    """
    start, end = f"<!-- {name}: `make tables` writes this -->", f"<!-- /{name} -->"
    replaced, count = re.subn(
        f"(?s){re.escape(start)}.*?{re.escape(end)}",
        lambda _: f"{start}\n{content}\n{end}",
        text,
    )
    if count != 1:
        sys.exit(f"expected one pair of {start} and {end}, found {count}")
    return replaced


def code(value: str) -> str:
    """Return value as Markdown code, or nothing when it is empty."""
    return f"`{cell(value)}`" if value else ""


def cell(text: str) -> str:
    """Return text escaped for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
