"""What GitHub makes of the names of uploaded files: `tests/data/asset_names.json`.

The program and the sandbox each implement the rule, without knowing the other. Both are tested
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
"""What follows from the same rule, and nobody has reported."""
