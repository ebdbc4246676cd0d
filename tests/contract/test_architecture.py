"""docs/architecture.md names modules that exist, and its tables match the planned steps."""

import ast
import re
from typing import Literal

import pytest

from release_assets.light_dataclasses import replace
from release_assets.models import Asset, Release
from release_assets.names import backup_name, staging_name
from release_assets.plan.assets import Overwrite, plan_assets
from release_assets.plan.desired_release import ActualRelease, DesiredRelease
from release_assets.plan.draft_mark import Mark, marked_notes, set_id
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.release import plan_release
from release_assets.report.plan_report import action_of, release_action
from scripts.tables import with_packages
from tests.contract.test_rules import (
    MEDIAN_LINES,
    MODULES,
    MOST_FUNCTION_LINES,
    MOST_LINES,
    THIRD_PARTIES,
)
from tests.support.document import prose, read, rows, sections
from tests.support.job import ROOT
from tests.support.samples import A, B, asset, local_file, release

Publish = Literal["auto", "always", "never"]
IfExists = Literal["use", "update", "skip", "error"]

DOCUMENT = "docs/architecture.md"
TEXT = read(DOCUMENT)
PARTS = sections(TEXT)


def test_the_table_of_packages_matches_the_sources() -> None:
    assert with_packages(TEXT) == TEXT, "run `make tables`"


def test_the_page_has_at_most_110_lines() -> None:
    assert len(TEXT.splitlines()) <= 110


def test_every_named_module_exists() -> None:
    names = set(re.findall(r"`((?:\w+/)*\w+\.py)`", prose(TEXT)))
    package = ROOT / "src" / "release_assets"
    assert len(names) > 20
    assert [
        name for name in names if not (package / name).exists() and not (ROOT / name).exists()
    ] == []


def test_the_entry_points_import_every_module_of_a_run() -> None:
    documented_modules = {
        f"release_assets.{name.replace('/', '.')}"
        for name in re.findall(r"`((?:\w+/)?\w+)\.py`", PARTS["A run"])
    }
    reached = {"release_assets.action.step", "release_assets.cli.publish"}
    while (
        more := {other for name in reached for other in MODULES[name].imports() & MODULES.keys()}
        - reached
    ):
        reached |= more
    assert len(documented_modules) > 10
    assert documented_modules <= reached


def test_the_documented_rules_are_those_that_the_tests_enforce() -> None:
    rules = PARTS["Rules"]
    assert f"at most {MOST_LINES} lines" in rules
    assert f"fewer than {MEDIAN_LINES}." in rules
    assert f"fewer than {MOST_FUNCTION_LINES} lines" in rules
    assert f"fewer than {MOST_FUNCTION_LINES // 2}, docstring included" in rules
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
EXISTING_ASSETS: dict[str, list[Asset]] = {
    "nothing": [],
    "the same content": [SAME],
    "the same content, another label": [asset("app.zip", digest=A, label="An app")],
    "other content": [OTHER],
    "an empty asset of a failed upload": [asset("app.zip", digest=None, state="starter", size=0)],
    "other content, and the new one staged": [OTHER, NEW],
    "the new content staged, the old one as a backup": [NEW, OLD],
    "the new content staged alone": [NEW],
    "other content as a backup alone": [OLD],
    "the same content as a backup alone": [asset(backup_name("app.zip", B), id=3, digest=A)],
}
TABLES = PARTS["Decisions"].partition("\nWhat `plan/release.py`")
DECISIONS = {row[0]: row[1:] for row in rows(TABLES[0])}


RELEASE_DECISIONS = {row[0]: row[1:] for row in rows(TABLES[2])}
OURS = marked_notes("Notes", Mark(files=set_id(["app.zip"])))
RELEASES: dict[str, tuple[Release, Publish]] = {
    "an unfinished draft of this action, for these files": (
        replace(release(draft=True), body=OURS),
        "auto",
    ),
    "an unfinished draft of this action, with `publish: never`": (
        replace(release(draft=True), body=OURS),
        "never",
    ),
    "a draft of somebody else": (release(draft=True), "auto"),
    "a draft of somebody else, with `publish: always`": (release(draft=True), "always"),
    "public": (release(draft=False), "auto"),
}


def test_every_row_about_a_release_has_a_case() -> None:
    assert RELEASE_DECISIONS.keys() == RELEASES.keys()


@pytest.mark.parametrize("what", RELEASES)
def test_the_table_about_releases_matches_the_plan(what: str) -> None:
    found, publish = RELEASES[what]
    policies: tuple[IfExists, ...] = ("use", "update", "skip", "error")
    made = []
    for policy in policies:
        desired = DesiredRelease(
            tag=found.tag, names=("app.zip",), publish=publish, if_exists=policy, title="Another"
        )
        planned = plan_release(desired, ActualRelease(release=found))
        made.append("refuse" if planned.refusals else release_action(planned))
    assert made == RELEASE_DECISIONS[what]


def test_every_row_about_an_asset_has_a_case() -> None:
    assert DECISIONS.keys() == EXISTING_ASSETS.keys()


@pytest.mark.parametrize("existing", EXISTING_ASSETS)
def test_the_table_about_assets_matches_the_plan(existing: str) -> None:
    policies: tuple[Overwrite, ...] = ("false", "true", "skip")
    made = [
        action_of(step)
        for overwrite in policies
        for step in plan_assets(
            [FILE],
            EXISTING_ASSETS[existing],
            overwrite=overwrite,
            known=KnownDigests(local={"app.zip": A}),
        ).steps
    ]
    assert made == DECISIONS[existing]


def test_the_guide_to_a_new_input_names_files_that_define_inputs() -> None:
    steps = PARTS["Adding an input"]
    named = re.findall(r"`(src/[\w/]+\.py|action\.yml)`", steps)
    for path in named:
        text = (ROOT / path).read_text("utf-8")
        assert "max-attempts" in text, f"{path} knows no inputs"
        if path.endswith(".py"):
            ast.parse(text)
    assert len(named) == 3
