"""After a killed run: reads what it was about, and leaves the release whole."""

import json
from collections.abc import Mapping
from pathlib import Path

from release_assets.github.client import GitHub
from release_assets.recover import Delete, mends
from release_assets.say import Say


def write_note(path: Path, release_id: int, wanted: Mapping[str, str | None]) -> None:
    """Write down what a run is about to bring, for whoever comes after it.

    wanted: final name -> `sha256:<hex>`, None where it is not known.

    Raises: OSError.
    """
    note = {"release_id": release_id, "wanted": dict(wanted)}
    path.write_text(json.dumps(note), encoding="utf-8")


def read_note(path: Path) -> tuple[int, dict[str, str | None]] | None:
    """Return the release's id and what it was to bring; None when it is no note.

    Raises: OSError.
    """
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        release_id, wanted = note["release_id"], dict(note["wanted"])
    except (ValueError, KeyError, TypeError):
        return None
    whole = all(isinstance(digest, str | None) for digest in wanted.values())
    if not isinstance(release_id, int) or not whole:
        return None
    return release_id, wanted


def resume(github: GitHub, release_id: int, wanted: Mapping[str, str | None], say: Say) -> int:
    """Finish or undo what was left half done under these names, and return in how many calls.

    Raises: ReleaseAssetsError.
    """
    count = 0
    for mend in mends(github.list_assets(release_id), wanted):
        count += 1
        if isinstance(mend, Delete):
            github.delete_asset(mend.asset.id)
            say.line(f"deleted {mend.asset.name}")
        else:
            github.update_asset(mend.asset.id, name=mend.name)
            say.line(f"renamed {mend.asset.name} to {mend.name}")
    return count
