"""How GitHub changes the names of uploaded files: `tests/data/asset_names.json`.

The program and the sandbox each implement the rule, independently of the other. Both are tested
against this one list, so that a new observation corrects both.
"""

import json
from pathlib import Path

_DATA = json.loads(
    (Path(__file__).resolve().parents[1] / "data" / "asset_names.json").read_text("utf-8")
)

OBSERVED = [(one["uploaded"], one["stored"], one["source"]) for one in _DATA["observed"]]
"""Name of the uploaded file, name of the asset, and who reported it."""

DERIVED = [(one["uploaded"], one["stored"]) for one in _DATA["derived"]]
"""Names that follow from the same rule, but that nobody has reported."""
