"""After a killed run: reads what it was about, and leaves the release whole."""

import json
from collections.abc import Sequence
from pathlib import Path

from release_assets.github.client import GitHub
from release_assets.recover import Delete, mends
from release_assets.say import Say


def write_note(path: Path, release_id: int, names: Sequence[str]) -> None:
    """Write down what a run is about to do, for whoever comes after it.

    Raises: OSError.
    """
    path.write_text(json.dumps({"release_id": release_id, "names": list(names)}), encoding="utf-8")


def read_note(path: Path) -> tuple[int, tuple[str, ...]] | None:
    """Return the release's id and the final names of a note; None when it is no note.

    Raises: OSError.
    """
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        release_id, names = note["release_id"], tuple(note["names"])
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(release_id, int) or not all(isinstance(name, str) for name in names):
        return None
    return release_id, names


def resume(github: GitHub, release_id: int, names: Sequence[str], say: Say) -> int:
    """Finish or undo what was left half done under these names, and return in how many calls.

    Raises: ReleaseAssetsError.
    """
    count = 0
    for mend in mends(github.list_assets(release_id), names):
        count += 1
        if isinstance(mend, Delete):
            github.delete_asset(mend.asset.id)
            say.line(f"deleted {mend.asset.name}")
        else:
            github.update_asset(mend.asset.id, name=mend.name)
            say.line(f"renamed {mend.asset.name} to {mend.name}")
    return count
