"""Write the tables of README.md and docs/architecture.md from their sources (`make tables`)."""

import ast
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "src" / "release_assets"


# In the order in which data passes through them.
PACKAGES = (
    "inputs",
    "files",
    "github",
    "plan",
    "report",
    "download",
    "publish",
    "action",
    "cli",
)


def main() -> None:
    """Update README.md and docs/architecture.md."""
    readme = ROOT / "README.md"
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    readme.write_text(with_tables(readme.read_text("utf-8"), action), "utf-8")
    architecture = ROOT / "docs" / "architecture.md"
    architecture.write_text(with_packages(architecture.read_text("utf-8")), "utf-8")


def with_tables(readme: str, action: dict[str, Any]) -> str:
    """Return readme with new tables of inputs and outputs from action."""
    readme = between_markers(readme, "inputs", inputs_table(action["inputs"]))
    return between_markers(readme, "outputs", outputs_table(action["outputs"]))


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
