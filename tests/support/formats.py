"""What versions of the program left on releases and disks, literally: `tests/data/formats.json`."""

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

NOTES: dict[str, dict[str, Any]] = {one["form"]: one for one in _DATA["clean-up notes"]}
"""The files that say what the clean-up of a killed run looks for."""

PARTIAL_DOWNLOADS: dict[str, dict[str, Any]] = {
    one["form"]: one for one in _DATA["partial downloads"]
}
"""The files of interrupted downloads."""
