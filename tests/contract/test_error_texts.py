"""Every error and warning says what to do, and docs/troubleshooting.md tells each by its title."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import release_assets
from release_assets.errors import CombinedError, ReleaseAssetsError
from release_assets.files.errors import NoFilesError
from release_assets.report.outcome import Outcome
from release_assets.report.summary import job_summary
from tests.support.document import anchors, read, rows, sections
from tests.support.job import ROOT

DOCUMENT = "docs/troubleshooting.md"
SOURCES = sorted((ROOT / "src" / "release_assets").rglob("*.py"))
# What makes an annotation, or a value that becomes one.
MAKE_ANNOTATIONS = {
    "warning",
    "warn",
    "PlanWarning",
    "error",
    "notice",
    "set_failed",
    "issue_command",
}
# Functions that pass a title on that another one gives.
PASSES_ON = {
    "warning": "what reports a warning hands it to what shows it",
    "notice": "what reports a notice hands it to what shows it",
    "warn": "the titles of the calls of it",
    "report_warnings": "the titles of the values `PlanWarning`",
    "annotate": "the errors' own titles, or how many problems there are",
}


def every_class(
    of: type[ReleaseAssetsError] = ReleaseAssetsError,
) -> Iterator[type[ReleaseAssetsError]]:
    """Yield a kind of errors and all that are of it, in all modules of the program."""
    for module in pkgutil.walk_packages(release_assets.__path__, "release_assets."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = [of]
    while kinds:
        yield (kind := kinds.pop())
        kinds += kind.__subclasses__()


ERRORS = {kind.__name__: kind for kind in every_class()}


def is_combined(kind: type[ReleaseAssetsError]) -> bool:
    """Say whether an error has its title from the errors that it is made of."""
    return issubclass(kind, CombinedError)


def functions(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in a source, with the name of the function that it stands in."""

    def visit(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.Call]]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside = node.name
        if isinstance(node, ast.Call):
            yield inside, node
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside)

    yield from visit(ast.parse(path.read_text("utf-8")), "")


def name_of(call: ast.Call) -> str:
    """Return the last part of the name that is called."""
    called = call.func
    if isinstance(called, ast.IfExp):  # (One if full else Other)(...)
        called = called.body
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def argument(call: ast.Call, keyword: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == keyword), None)


def titles_of_annotations() -> Iterator[str]:
    """Yield what the program passes as the title of an annotation, wherever it makes one."""
    for path in SOURCES:
        for inside, call in functions(path):
            name = name_of(call)
            if name not in MAKE_ANNOTATIONS:
                continue
            title = argument(call, "title")
            if title is None and name in {"warning", "warn", "notice"}:
                title = call.args[0]
            if isinstance(title, ast.Constant):
                yield str(title.value)
            elif title is not None:
                assert inside in PASSES_ON, f"{path}:{call.lineno}: a title that is not told"


TITLES = {
    *(
        str(kind.title)
        for kind in ERRORS.values()
        if not is_combined(kind) and kind is not ReleaseAssetsError
    ),
    *titles_of_annotations(),
    # Of the form without Docker, before the program runs; and wherever one is written out.
    *(
        title
        for path in (*SOURCES, *ROOT.glob("*.py"), *(ROOT / "native").glob("*.*"))
        for title in re.findall(r"::(?:error|warning) title=([^:]+)::", path.read_text("utf-8"))
    ),
}


def test_titles_are_found_wherever_they_are_made() -> None:
    of_errors, of_warnings, of_bugs, of_native = (
        *("Invalid manifest", "Swap not undone"),
        *("Bug", "Python missing"),
    )
    assert {of_errors, of_warnings, of_bugs, of_native} <= TITLES
    assert len(TITLES) > 35


def test_every_kind_of_error_has_a_title_of_its_own_making() -> None:
    kinds = {name: kind for name, kind in ERRORS.items() if not is_combined(kind)}
    assert [name for name, kind in kinds.items() if "title" not in vars(kind)] == []


def test_no_error_gets_its_title_elsewhere() -> None:
    given = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "title"
        if isinstance(node.ctx, ast.Store)
    ]
    # An error of several is called by what they have in common, or by how many there are.
    assert [place.split(":")[0] for place in given] == ["errors.py"]


def told() -> dict[str, str]:
    """Return the document's sections by title."""
    found: dict[str, str] = {}
    for part in ("Errors", "Warnings", "Notices"):
        found |= sections(sections(read(DOCUMENT))[part], 3)
    return found


@pytest.mark.parametrize("title", sections(sections(read(DOCUMENT))["Errors"], 3))
def test_the_summary_leads_to_the_section_of_an_error(title: str) -> None:
    error = type("_", (ReleaseAssetsError,), {"title": title})("what")
    shown = job_summary(Outcome(errors=(error,)), "https://example.org/page.md")
    (address,) = re.findall(r'href="https://example.org/page.md#([^"]+)">', shown)
    assert address in anchors(read(DOCUMENT))


def test_the_document_tells_every_title_and_no_other() -> None:
    assert sorted(told()) == sorted(TITLES)


@pytest.mark.parametrize("title", sorted(TITLES))
def test_every_section_says_why_and_what_to_do(title: str) -> None:
    text = told()[title]
    assert re.search(r"(?m)^\*\*Why:?\*\* ", text)
    assert re.search(r"(?m)^\*\*What to do:?\*\* ", text)


def test_the_table_of_what_a_person_sees_leads_to_sections() -> None:
    leads = [cell for row in rows(sections(read(DOCUMENT))["Find it"]) for cell in row[1:]]
    assert len(leads) >= 10
    assert all("](" in cell for cell in leads)


def is_passed_on(call: ast.Call) -> bool:
    """Whether a call wraps what another error says, to say it in a line of the log."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Attribute) and first.attr == "what"


# Logged while the request is retried, and never shown as an error.
NEVER_SHOWN = {"GitHub does not know it yet", "GitHub does not list it yet"}


def calls_without_fix() -> Iterator[str]:
    """Yield where an error is made that says not what to do."""
    plain = {name for name, kind in ERRORS.items() if "__init__" not in vars(kind)}
    plain |= {"ReleaseAssetsError", "GitHubError"}
    for path in SOURCES:
        for inside, call in functions(path):
            makes = name_of(call) in plain or (
                name_of(call) == "__init__" and path.name in {"errors.py", "refusals.py"}
            )
            known = {ast.unparse(one).strip("'\"") for one in call.args} & NEVER_SHOWN
            given = argument(call, "fix") is not None
            if (
                makes
                and not given
                and not is_passed_on(call)
                and not known
                and inside not in {"Faults", "CombinedError", "ManyFailedError"}
            ):
                yield f"{path.name}:{call.lineno}"


def test_every_error_says_what_to_do() -> None:
    # The base of all, to which it is handed on, and the one of several, which say it each.
    in_base = [place for place in calls_without_fix() if place.startswith("errors.py:")]
    assert len(in_base) == 2
    assert [place for place in calls_without_fix() if place not in in_base] == []


@pytest.mark.parametrize(
    ("pattern", "fix"),
    [
        ("dist/a.zip,dist/b.zip", "one pattern a line"),
        ("dist/a.zip=>b.zip", "a blank before `=>`"),
        ("dist/{a,b}.zip", "check that the build made the file"),
    ],
)
def test_a_pattern_without_a_match_is_told_by_its_likely_cause(pattern: str, fix: str) -> None:
    assert fix in NoFilesError(pattern, "/ws").fix
