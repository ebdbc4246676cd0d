"""Local files: patterns and the manifest -> LocalFile, and their content; reads only."""

from release_assets.files.braces import expand_braces
from release_assets.files.content import fingerprint_of, hash_file, hash_files, read_blocks
from release_assets.files.errors import FileChangedError
from release_assets.files.find import FoundFiles, find_files
from release_assets.files.notes import read_notes
from release_assets.files.parallel_hash import ParallelHash
from release_assets.files.regular_file import NotRegularFileError, open_regular_file
from release_assets.files.text_files import MIB, decode_text, read_bytes, read_text

__all__ = [
    "MIB",
    "FileChangedError",
    "FoundFiles",
    "NotRegularFileError",
    "ParallelHash",
    "decode_text",
    "expand_braces",
    "find_files",
    "fingerprint_of",
    "hash_file",
    "hash_files",
    "open_regular_file",
    "read_blocks",
    "read_bytes",
    "read_notes",
    "read_text",
]
