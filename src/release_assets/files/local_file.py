"""One matched path -> LocalFile, or the reason why it cannot be published; reads only."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from release_assets.files.asset_requests import AssetRequest
from release_assets.files.content import fingerprint_of, unreadable_error
from release_assets.files.content_types import content_type
from release_assets.files.errors import FileRefusedError, NameClashError
from release_assets.files.regular_file import NotRegularFileError
from release_assets.models import MAX_ASSET_SIZE, Fingerprint, LocalFile
from release_assets.names import asset_name, parse_swap_name
from release_assets.text import is_utf8
from release_assets.wording import words


def read_local_file(path: Path, request: AssetRequest, base: Path) -> LocalFile:
    """Return a file with its asset name, label, content type and size.

    Raises: FileRefusedError.
    """
    shown = shown_path(path, base)
    if not is_utf8(shown):
        raise FileRefusedError(
            f"{shown!a} has a name that is not UTF-8, and GitHub accepts no other text",
            fix="rename it, or exclude it with a `!` line",
        )
    fingerprint = _read_fingerprint(path, shown)
    requested = request.name or path.name
    name = _get_asset_name(requested, shown)
    return LocalFile(
        path=path,
        shown=shown,
        requested_name=requested,
        name=name,
        # GitHub keeps any text in a label. So the label preserves a name that GitHub changes.
        label=request.label or (requested if requested != name else None),
        content_type=request.content_type or content_type(requested),
        size=fingerprint.size,
        fingerprint=fingerprint,
    )


def shown_path(path: Path, base: Path) -> str:
    """Return a path for messages: relative to base, if it is below it."""
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()


def name_clashes(files: Sequence[LocalFile], checksums: str) -> Iterator[NameClashError]:
    """Yield an error for each name that several files have, or a file and the checksums asset."""
    by_name: dict[str, list[LocalFile]] = {}
    for file in files:
        by_name.setdefault(file.name.lower(), []).append(file)
    for name, same in by_name.items():
        shown = [file.shown for file in same]
        if name == checksums.lower():
            shown.append(words("the list that {checksums} names"))
        if len(shown) > 1:
            last, why = same[-1].shown, _why_same_name(same)
            yield NameClashError(same[0].name, shown, last=last, why=why)


def _why_same_name(files: Sequence[LocalFile]) -> str:
    """Return why files with different names would become one asset; empty if they do not differ."""
    if len({file.requested_name for file in files}) == 1:
        return ""
    if any(file.requested_name != file.name for file in files):
        return "GitHub replaces special characters by `.`"
    return "GitHub may ignore upper and lower case"


def is_directory(path: Path) -> bool:
    """Return whether a path is a directory; False if it cannot be accessed."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() of older Pythons may raise


def _read_fingerprint(path: Path, shown: str) -> Fingerprint:
    try:
        fingerprint = fingerprint_of(path)
    except NotRegularFileError as error:
        raise FileRefusedError(
            f"{shown} is not a regular file", fix="exclude it with a `!` line, or name another file"
        ) from error
    except OSError as error:
        raise unreadable_error(shown, error) from error
    if fingerprint.size == 0:
        raise FileRefusedError(
            f"{shown} is empty, and GitHub does not accept empty assets",
            fix="check that the build wrote it, or exclude it with a `!` line",
        )
    if fingerprint.size > MAX_ASSET_SIZE:
        raise FileRefusedError(
            f"{shown} has {fingerprint.size:,} bytes; GitHub accepts at most {MAX_ASSET_SIZE:,}",
            fix="split it, compress it, or exclude it with a `!` line",
        )
    return fingerprint


def _get_asset_name(requested: str, shown: str) -> str:
    name = asset_name(requested)
    if not name:
        raise FileRefusedError(
            f"{shown} has a name of which GitHub would keep no character",
            fix=f"name the asset: `{shown} => NAME`",
        )
    if parse_swap_name(name):
        raise FileRefusedError(
            f"{shown} has a reserved name: a swap uses such names for a moment",
            fix="exclude it with a `!` line, or rename it",
        )
    return name
