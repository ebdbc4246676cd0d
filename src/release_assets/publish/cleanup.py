"""Repairs the release after a killed run, from the note that the run wrote."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from release_assets.digest import Digest
from release_assets.github import GitHub, download_digest
from release_assets.models import Asset
from release_assets.plan import (
    BackUp,
    Call,
    Change,
    Delete,
    KnownDigests,
    Send,
    recovery_calls,
    staged_to_read,
)
from release_assets.reporter import Reporter


def write_note(path: Path, release_id: int, wanted: Mapping[str, Digest | None]) -> None:
    """Write a note of what a run is going to upload, for the repair if it is killed.

    wanted: final name -> digest; None where it is not known.

    Raises: OSError.
    """
    note = {"release_id": release_id, "wanted": dict(wanted)}
    path.write_text(json.dumps(note), encoding="utf-8")


def read_note(path: Path) -> tuple[int, dict[str, Digest | None]] | None:
    """Return the id of the release and the wanted digests by name; None if it is no valid note.

    Raises: OSError.
    """
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        release_id, given = note["release_id"], dict(note["wanted"])
        wanted = {name: text and Digest.parse(text) for name, text in given.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    is_valid = all(wanted[name] for name, text in given.items() if text is not None)
    return (release_id, wanted) if isinstance(release_id, int) and is_valid else None


def repair(
    github: GitHub, release_id: int, wanted: Mapping[str, Digest | None], reporter: Reporter
) -> int:
    """Finish or undo interrupted swaps of these names, and return the number of calls.

    A staged asset without a digest is read back before it replaces another asset.

    Raises: ReleaseAssetsError.
    """
    assets = github.list_assets(release_id)
    remote = {asset.id: download_digest(asset, github) for asset in staged_to_read(assets, wanted)}
    calls_by_name = recovery_calls(assets, wanted, KnownDigests(remote=remote))
    for calls in calls_by_name:
        _perform(calls, github, reporter)
    return sum(map(len, calls_by_name))


def _perform(calls: Sequence[Call], github: GitHub, reporter: Reporter) -> None:
    """Perform the calls for one name. If one of them fails, the later ones are not made."""
    for call in calls:
        match call:
            case Delete(asset=asset):
                github.delete_asset(asset.id)
                reporter.line(f"deleted {asset.name}")
            case BackUp(asset=asset, name=name):
                _rename(asset, name, github, reporter)
            case Change(asset=Asset() as asset, name=str(name)):
                _rename(asset, name, github, reporter)
            case Change() | Send():
                raise AssertionError("a repair sends nothing, and changes no label")


def _rename(asset: Asset, name: str, github: GitHub, reporter: Reporter) -> None:
    github.update_asset(asset, name=name)
    reporter.line(f"renamed {asset.name} to {name}")
