from pathlib import Path

from release_assets.inputs.contract import INPUTS
from scripts.tables import with_inputs

ROOT = Path(__file__).resolve().parents[3]


def test_action_yml_has_the_inputs_of_the_contract() -> None:
    manifest = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert with_inputs(manifest) == manifest, "run `make tables`"


def test_every_input_documented_as_true_or_false_is_a_boolean() -> None:
    documented = {given.name for given in INPUTS if ": `true` or `false`." in given.help}
    assert {given.name for given in INPUTS if given.boolean} == documented
