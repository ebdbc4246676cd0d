from pathlib import Path
from typing import Any

import yaml

from release_assets.inputs.contract import DEFAULTS, INPUTS

ROOT = Path(__file__).resolve().parents[3]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

# Defaults that only the workflow can evaluate; `action` and `cli` fill them in.
FILLED_IN = {"repository": "${{ github.repository }}", "token": "${{ github.token }}"}


def test_inputs_match_action_yml_in_its_order() -> None:
    assert [given.name for given in INPUTS] == list(ACTION["inputs"])


def test_defaults_match_action_yml() -> None:
    declared = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
    assert declared == {**DEFAULTS, **FILLED_IN}


def test_help_texts_match_action_yml() -> None:
    texts = {given.name: given.help for given in INPUTS}
    declared = {name: spec["description"] for name, spec in ACTION["inputs"].items()}
    assert texts == {name: " ".join(text.split()) for name, text in declared.items()}


def test_every_input_documented_as_true_or_false_is_a_boolean() -> None:
    documented = {given.name for given in INPUTS if ": `true` or `false`." in given.help}
    assert {given.name for given in INPUTS if given.boolean} == documented


def test_action_yml_requires_no_input() -> None:
    # The runner does not enforce it. `inputs` reports a missing input with all other errors.
    assert [name for name, spec in ACTION["inputs"].items() if "required" in spec] == []
