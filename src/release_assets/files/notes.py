"""Inputs `notes` and `notes-file` -> the notes for a new release; reads only."""

from release_assets.files.asset_requests import base_directory
from release_assets.files.text_files import MAX_TEXT_BYTES, read_text
from release_assets.inputs import InputError, Inputs
from release_assets.limits import MAX_NOTES


def read_notes(inputs: Inputs) -> str:
    """Return the notes for a new release, from `notes` or from the file in `notes-file`.

    Raises: InputError when the file cannot be read, or is longer than GitHub takes.
    """
    name = inputs.release.notes_file
    if not name:
        return inputs.release.notes
    notes = read_text("notes-file", base_directory(inputs) / name, MAX_TEXT_BYTES)
    if len(notes) > MAX_NOTES:
        accepted = f"a file of at most {MAX_NOTES} characters: this one has {len(notes)}"
        raise InputError("notes-file", name, accepted)
    return notes
