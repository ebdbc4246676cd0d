"""Every error and warning has a fix, and a section in docs/troubleshooting.md."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import release_assets
from release_assets.errors import CombinedError, ReleaseAssetsError
from release_assets.report.outcome import Outcome
from release_assets.summary.document import job_summary
from tests.support.document import anchors, read, rows, sections
from tests.support.job import ROOT

DOCUMENT = "docs/troubleshooting.md"
SOURCES = sorted((ROOT / "src" / "release_assets").rglob("*.py"))
# Functions and classes that create an annotation, or a value that becomes one.
ANNOTATION_SOURCES = {
    "warning",
    "warn",
    "PlanWarning",
    "error",
    "notice",
    "set_failed",
    "issue_command",
}
# Functions that pass on a title from their caller -> where the title comes from.
TITLE_FROM_CALLER = {
    "warning": "a report passes the warning to the reporter",
    "notice": "a report passes the notice to the reporter",
    "warn": "the titles of its callers",
    "report_warnings": "the titles of the `PlanWarning` values",
    "annotate": "the titles of the errors, or the number of problems",
}


def error_classes(
    of: type[ReleaseAssetsError] = ReleaseAssetsError,
) -> Iterator[type[ReleaseAssetsError]]:
    """Yield an error class and all its subclasses, from all modules of the program."""
    for module in pkgutil.walk_packages(release_assets.__path__, "release_assets."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = [of]
    while kinds:
        yield (kind := kinds.pop())
        kinds += kind.__subclasses__()


ERRORS = {kind.__name__: kind for kind in error_classes()}


def is_combined(kind: type[ReleaseAssetsError]) -> bool:
    """Say whether an error class takes its title from the errors that it combines."""
    return issubclass(kind, CombinedError)


def functions(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in a source file, with the name of the function that contains it."""

    def visit(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.Call]]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside = node.name
        if isinstance(node, ast.Call):
            yield inside, node
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside)

    yield from visit(ast.parse(path.read_text("utf-8")), "")


def name_of(call: ast.Call) -> str:
    """Return the last part of the name of the called function."""
    called = call.func
    if isinstance(called, ast.IfExp):  # (One if full else Other)(...)
        called = called.body
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def argument(call: ast.Call, keyword: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == keyword), None)


def titles_of_annotations() -> Iterator[str]:
    """Yield every title that the program gives to an annotation."""
    for path in SOURCES:
        for inside, call in functions(path):
            name = name_of(call)
            if name not in ANNOTATION_SOURCES:
                continue
            title = argument(call, "title")
            if title is None and name in {"warning", "warn", "notice"}:
                title = call.args[0]
            if isinstance(title, ast.Constant):
                yield str(title.value)
            elif title is not None:
                assert inside in TITLE_FROM_CALLER, (
                    f"{path}:{call.lineno}: a title that is not literal"
                )


TITLES = {
    *(
        str(kind.title)
        for kind in ERRORS.values()
        if not is_combined(kind) and kind is not ReleaseAssetsError
    ),
    *titles_of_annotations(),
    # Of the native action, before the program starts, and of literal workflow commands.
    *(
        title
        for path in (*SOURCES, *ROOT.glob("*.py"), *(ROOT / "native").glob("*.*"))
        for title in re.findall(r"::(?:error|warning) title=([^:]+)::", path.read_text("utf-8"))
    ),
}


def test_titles_of_errors_warnings_bugs_and_the_native_action_are_found() -> None:
    of_errors, of_warnings, of_bugs, of_native = (
        *("Invalid manifest", "Swap not undone"),
        *("Bug", "Python missing"),
    )
    assert {of_errors, of_warnings, of_bugs, of_native} <= TITLES
    assert len(TITLES) > 35


def test_every_error_class_defines_its_title() -> None:
    kinds = {name: kind for name, kind in ERRORS.items() if not is_combined(kind)}
    assert [name for name, kind in kinds.items() if "title" not in vars(kind)] == []


def test_only_errors_py_assigns_titles() -> None:
    given = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "title"
        if isinstance(node.ctx, ast.Store)
    ]
    # A combined error takes its title from what its errors share, or from their number.
    assert [place.split(":")[0] for place in given] == ["errors.py"]


def documented_titles() -> dict[str, str]:
    """Return the sections of the document by title."""
    return sections(read(DOCUMENT), 3)


@pytest.mark.parametrize("title", documented_titles())
def test_the_summary_links_to_the_section_of_an_error(title: str) -> None:
    error = type("_", (ReleaseAssetsError,), {"title": title})("what")
    shown = job_summary(Outcome(errors=(error,)), "https://example.org/page.md")
    (address,) = re.findall(r'href="https://example.org/page.md#([^"]+)">', shown)
    assert address in anchors(read(DOCUMENT))


def test_the_document_has_exactly_one_section_per_title() -> None:
    assert sorted(documented_titles()) == sorted(TITLES)


@pytest.mark.parametrize("title", sorted(TITLES))
def test_every_section_has_a_message_a_cause_and_a_fix(title: str) -> None:
    text = documented_titles()[title]
    assert re.search(r"(?m)^\*\*(?:Error|Warning|Notice):\*\* .*`", text)
    assert re.search(r"(?m)^\*\*Why:?\*\* ", text)
    assert re.search(r"(?m)^\*\*What to do:?\*\* ", text)


def test_the_table_of_symptoms_links_to_sections() -> None:
    leads = [cell for row in rows(sections(read(DOCUMENT))["Symptoms"]) for cell in row[1:]]
    assert len(leads) >= 10
    assert all("](" in cell for cell in leads)


def is_passed_on(call: ast.Call) -> bool:
    """Whether a call wraps the text of another error, to log it."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Attribute) and first.attr == "what"


# Logged while the request is retried, and never shown as an error.
ONLY_LOGGED = {"GitHub does not know it yet", "GitHub does not list it yet"}


def calls_without_fix() -> Iterator[str]:
    """Yield the places that create an error without a fix."""
    plain = {name for name, kind in ERRORS.items() if "__init__" not in vars(kind)}
    plain |= {"ReleaseAssetsError", "GitHubError"}
    for path in SOURCES:
        for inside, call in functions(path):
            creates_error = name_of(call) in plain or (
                name_of(call) == "__init__" and path.name in {"errors.py", "refusals.py"}
            )
            known = {ast.unparse(one).strip("'\"") for one in call.args} & ONLY_LOGGED
            given = argument(call, "fix") is not None
            if (
                creates_error
                and not given
                and not is_passed_on(call)
                and not known
                and inside not in {"Faults", "CombinedError", "ManyFailedError"}
            ):
                yield f"{path.name}:{call.lineno}"


def test_every_error_has_a_fix() -> None:
    # The base class, which receives the fix, and the combined error, whose parts have one each.
    in_base = [place for place in calls_without_fix() if place.startswith("errors.py:")]
    assert len(in_base) == 2
    assert [place for place in calls_without_fix() if place not in in_base] == []


def spoken() -> str:
    """Return everything that the program says: the snapshot of messages, and its string constants."""
    found = [read("tests/contract/data/messages.md"), read("native/start.sh")]
    for path in (*SOURCES, *(ROOT / "native").glob("*.py")):
        found += [
            re.sub(r"\{([a-z-]+(?:: [a-z]+)?)\}", r"`\1`", node.value)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    return "\n".join(found)


SPOKEN = spoken()
# Quotes that the program puts together from several texts.
COMPOSED = {
    "already has a release",
    "already has a draft",
    "GitHub lists a draft of",
    "already exists with different content",
    "and that file is not JSON",
    "and so outputs of this step are missing",
    "and so the note for the clean-up of a killed job is missing",
    "already exists, and the server reports no digest to compare it with",
    "cannot be written: No space left on device",
}
QUOTES = [
    (title, quote.strip())
    for title, section in sections(read(DOCUMENT), 3).items()
    for line in re.findall(r"(?m)^\*\*(?:Error|Warning|Notice):\*\* (.+(?:\n(?!\n).+)*)", section)
    for quote in [
        one or two for one, two in re.findall(r"``(.+?)``|`(.+?)`", line.replace("\n", " "))
    ]
]


@pytest.mark.parametrize(("title", "quote"), QUOTES)
def test_a_quoted_message_is_one_of_the_program(title: str, quote: str) -> None:
    parts = list(filter(None, map(str.strip, quote.split("…"))))
    assert all(part in SPOKEN or part in COMPOSED for part in parts), title
