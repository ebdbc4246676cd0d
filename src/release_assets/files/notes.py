"""Inputs `notes` and `notes-file` -> the notes for a new release; reads only."""

from release_assets.files.asset_requests import base_directory
from release_assets.files.text_files import MAX_TEXT_BYTES, read_text
from release_assets.inputs import Inputs


def read_notes(inputs: Inputs) -> str:
    """Return the notes for a new release, from `notes` or from the file in `notes-file`.

    Raises: InputFileError when the file cannot be read.
    """
    name = inputs.release.notes_file
    if not name:
        return inputs.release.notes
    return read_text("notes-file", base_directory(inputs) / name, MAX_TEXT_BYTES)
