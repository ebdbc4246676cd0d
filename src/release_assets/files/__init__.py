"""Local files: patterns and the manifest -> LocalFile, and their content; reads only."""

from release_assets.files.braces import expand_braces
from release_assets.files.content import fingerprint_of, hash_file, read_blocks
from release_assets.files.errors import FileChangedError
from release_assets.files.find import FoundFiles, find_files
from release_assets.files.notes import read_notes
from release_assets.files.parallel_hash import ParallelHash
from release_assets.files.regular_file import NotRegularFileError, open_regular_file
from release_assets.files.text_files import MIB, read_text

__all__ = [
    "MIB",
    "FileChangedError",
    "FoundFiles",
    "NotRegularFileError",
    "ParallelHash",
    "expand_braces",
    "find_files",
    "fingerprint_of",
    "hash_file",
    "open_regular_file",
    "read_blocks",
    "read_notes",
    "read_text",
]
