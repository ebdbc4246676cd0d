from pathlib import Path
from typing import Any

import yaml

from release_assets.inputs.contract import DEFAULTS, INPUTS

ROOT = Path(__file__).resolve().parents[3]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

# What only the workflow knows, and the doors fill in.
FILLED_IN = {"repository": "${{ github.repository }}", "token": "${{ github.token }}"}


def test_the_inputs_are_those_of_action_yml_in_its_order() -> None:
    assert [given.name for given in INPUTS] == list(ACTION["inputs"])


def test_the_defaults_are_those_of_action_yml() -> None:
    declared = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
    assert declared == {**DEFAULTS, **FILLED_IN}


def test_the_meanings_are_those_of_action_yml() -> None:
    told = {given.name: given.help for given in INPUTS}
    declared = {name: spec["description"] for name, spec in ACTION["inputs"].items()}
    assert told == {name: " ".join(text.split()) for name, text in declared.items()}


def test_the_inputs_that_say_true_or_false_are_the_booleans() -> None:
    said = {given.name for given in INPUTS if ": `true` or `false`." in given.help}
    assert {given.name for given in INPUTS if given.boolean} == said


def test_nothing_is_required_by_action_yml() -> None:
    # The runner does not enforce it; what is missing is told by `inputs`, with all other faults.
    assert [name for name, spec in ACTION["inputs"].items() if "required" in spec] == []
