"""docs/architecture.md tells modules that exist, and decisions that are made."""

import ast
import re

import pytest

from release_assets.models import Asset
from release_assets.names import backup_name, staging_name
from release_assets.plan import Known, Overwrite, plan
from release_assets.report import action_of
from scripts.tables import with_modules
from tests.contract.test_rules import MODULES, MOST_LINES, THIRD_PARTIES
from tests.support.document import prose, read, rows, sections
from tests.support.job import ROOT
from tests.support.samples import A, B, asset, local_file

DOCUMENT = "docs/architecture.md"
TEXT = read(DOCUMENT)
PARTS = sections(TEXT)


def test_the_tables_of_modules_are_those_of_the_sources() -> None:
    assert with_modules(TEXT) == TEXT, "run `make tables`"


def test_every_module_that_is_named_exists() -> None:
    names = set(re.findall(r"`((?:\w+/)*\w+\.py)`", prose(TEXT)))
    package = ROOT / "src" / "release_assets"
    known = {path.name for path in (ROOT / "src").rglob("*.py")}
    assert len(names) > 60
    lost = [
        name
        for name in names
        if name not in known and not (package / name).exists() and not (ROOT / name).exists()
    ]
    assert lost == []


def test_every_station_of_the_way_is_imported_by_who_conducts() -> None:
    way = PARTS["The way of a file"]
    stations = set(re.findall(r"`(\w+)\.py`", way)) & {
        path.stem for path in (ROOT / "src" / "release_assets").glob("*.py")
    }
    reached = {"release_assets.publish", "release_assets.action"}
    grown = True
    while grown:
        more = {other for name in reached for other in MODULES[name].imports() if other in MODULES}
        grown = not more <= reached
        reached |= more
    assert stations
    assert {f"release_assets.{name}" for name in stations} <= reached


def test_the_rules_are_those_that_are_held() -> None:
    rules = PARTS["What may know what"]
    assert f"at most {MOST_LINES} lines" in rules
    for library, places in THIRD_PARTIES.items():
        if f"`{library}`" in rules and len(places) == 1:
            (place,) = places
            module = place.removeprefix("release_assets.").replace(".", "/")
            assert f"`{library}` in `{module}" in " ".join(rules.split())


FILE = local_file("app.zip", label="The app")
SAME = asset("app.zip", digest=A, label="The app")
OTHER = asset("app.zip", digest=B)
NEW = asset(staging_name("app.zip", A), id=2, digest=A)
OLD = asset(backup_name("app.zip", A), id=3, digest=B)
HELD: dict[str, list[Asset]] = {
    "nothing": [],
    "the same bytes": [SAME],
    "the same bytes, another label": [asset("app.zip", digest=A, label="An app")],
    "other bytes": [OTHER],
    "an empty asset of a failed upload": [asset("app.zip", digest=None, state="starter", size=0)],
    "other bytes, and the new ones aside": [OTHER, NEW],
    "the new bytes aside, the old ones aside": [NEW, OLD],
    "the new bytes aside alone": [NEW],
    "other bytes aside alone": [OLD],
    "the same bytes aside alone": [asset(backup_name("app.zip", B), id=3, digest=A)],
}
DECISIONS = {row[0]: row[1:] for row in rows(PARTS["The decision"])}


def test_every_decision_has_a_case() -> None:
    assert DECISIONS.keys() == HELD.keys()


@pytest.mark.parametrize("held", HELD)
def test_the_decisions_are_those_of_the_plan(held: str) -> None:
    policies: tuple[Overwrite, ...] = ("false", "true", "skip")
    made = [
        action_of(step)
        for overwrite in policies
        for step in plan(
            [FILE], HELD[held], overwrite=overwrite, known=Known(local={"app.zip": A})
        ).steps
    ]
    assert made == DECISIONS[held]


def test_the_steps_to_an_input_name_what_holds_inputs() -> None:
    steps = PARTS["To add an input"]
    named = re.findall(r"`(src/[\w/]+\.py|action\.yml)`", steps)
    for path in named:
        text = (ROOT / path).read_text("utf-8")
        assert "max-attempts" in text, f"{path} knows no inputs"
        if path.endswith(".py"):
            ast.parse(text)
    assert len(named) == 3
