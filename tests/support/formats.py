"""What versions of the program left on releases, literally: `tests/data/formats.json`."""

import json
from pathlib import Path
from typing import Any

_DATA = json.loads(
    (Path(__file__).resolve().parents[1] / "data" / "formats.json").read_text("utf-8")
)

MARKS: dict[str, dict[str, Any]] = {one["form"]: one for one in _DATA["marks"]}
"""Notes of drafts with a mark, and what the mark records."""

SWAP_NAMES: dict[str, dict[str, Any]] = {one["form"]: one for one in _DATA["swap_names"]}
"""Names of staged and backup assets."""

STAGED = SWAP_NAMES["today's staged asset"]["name"]
BACKUP = SWAP_NAMES["today's backup asset"]["name"]
