"""docs/sandbox.md describes every fault, and every call of the control API."""

import dataclasses
import re

import pytest

from github_sandbox.control import ROUTES
from github_sandbox.faults import ACTIONS, KINDS, Fault
from github_sandbox.seed import REPOSITORY_FIELDS, SEED_FIELDS
from tests.support.document import read

TEXT = read("docs/sandbox.md")


@pytest.mark.parametrize("name", [*KINDS, *ACTIONS])
def test_the_document_has_a_row_for_every_fault_and_action(name: str) -> None:
    rows = [line.partition("|")[2].partition("|")[0] for line in TEXT.splitlines()]
    assert any(f"`{name}`" in row for row in rows)


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Fault)])
def test_the_document_names_every_field_of_a_fault(name: str) -> None:
    assert re.search(rf'[`"]{name}[`"]', TEXT)


@pytest.mark.parametrize("name", sorted(REPOSITORY_FIELDS | SEED_FIELDS))
def test_the_document_names_every_field_of_a_seed(name: str) -> None:
    assert re.search(rf'[`"]{name}[`"]', TEXT)


@pytest.mark.parametrize(("method", "path"), [route[:2] for route in ROUTES])
def test_the_document_names_every_call_of_the_control_api(method: str, path: str) -> None:
    shown = path.replace(r"(\d+)", "ID")
    assert re.search(rf"^\|.*`{method}\b.*{shown}`", TEXT, re.MULTILINE)
