"""Patterns -> LocalFile: walks and stats; reads only."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.files.braces import brace_errors
from release_assets.files.content import fingerprint_of, unreadable
from release_assets.files.content_types import content_type
from release_assets.files.errors import FileRefusedError, NameClashError, NoFilesError
from release_assets.files.patterns import Excluder, absolute, closed_directories, matching_files
from release_assets.files.regular_file import NotRegularFileError
from release_assets.files.text_files import MIB, read_text
from release_assets.inputs import InputError, Inputs, in_container, is_outside_container
from release_assets.limits import MAX_NOTES
from release_assets.models import MAX_ASSET_SIZE, LocalFile
from release_assets.names import asset_name, parse_swap_name
from release_assets.text import is_utf8

MOST_BYTES = 1 * MIB
"""Of a manifest, and of a file of notes: more than any of either has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The files to publish, in the order of the patterns, and what is worth a warning."""

    files: tuple[LocalFile, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A pattern, from either source, and how its matches are to appear."""

    source: str  # the input it comes from
    pattern: str
    name: str | None
    label: str | None = None
    content_type: str | None = None


def base_directory(inputs: Inputs) -> Path:
    """Return the directory that relative patterns start from."""
    return absolute(Path(inputs.workspace), inputs.working_directory)


def find_files(inputs: Inputs) -> Found:
    """Return the files that the inputs name, every one checked.

    Raises: NoFilesError, FileRefusedError, NameClashError, InputError or ManifestError for a
        single fault; Faults when there are several.
    """
    raise_all(list(_not_text(inputs)))
    base = base_directory(inputs)
    if not _is_directory(base):
        raise InputError("working-directory", inputs.working_directory, "a directory that exists")
    wishes = _wishes(inputs, base)
    refused = brace_errors("files", [*(one.text for one in inputs.patterns), *inputs.excludes])
    excluder = Excluder([one for one in inputs.excludes if one not in refused], base)
    faults: list[ReleaseAssetsError] = [
        *refused.values(),
        # Needed only after the uploads, which would be late to refuse them.
        *brace_errors("expect", inputs.expect).values(),
        *brace_errors("prune", inputs.prune).values(),
    ]
    warnings: list[str] = []
    taken: list[tuple[_Wish, Path]] = []
    for wish in wishes:
        if wish.source == "files" and wish.pattern in refused:
            continue
        try:
            taken += [(wish, path) for path in _matches(wish, inputs, base, excluder)]
        except NoFilesError as missing:
            if inputs.on_no_files == "error":
                faults.append(missing)
            elif inputs.on_no_files == "warn":
                warnings.append(missing.what)
        except ReleaseAssetsError as fault:
            faults += single_errors(fault)
    warnings += excluder.idle()
    files: list[LocalFile] = []
    for path, wish in _merged(taken):
        try:
            files.append(_local_file(path, wish, base))
        except ReleaseAssetsError as fault:
            faults.append(fault)
    faults += _clashes(files, inputs.checksums)
    raise_all(faults)
    return Found(files=tuple(files), warnings=tuple(warnings))


def _not_text(inputs: Inputs) -> Iterator[InputError]:
    """Yield an error for each path, pattern and name that is not UTF-8."""
    given = [("working-directory", inputs.working_directory), ("manifest", inputs.manifest)]
    given += [("files", text) for one in inputs.patterns for text in (one.text, one.rename or "")]
    given += [("files", f"!{pattern}") for pattern in inputs.excludes]
    for name, value in given:
        if not is_utf8(value):
            yield InputError(name, value, "text in UTF-8")


def _wishes(inputs: Inputs, base: Path) -> list[_Wish]:
    wishes = [
        _Wish(source="files", pattern=pattern.text, name=pattern.rename)
        for pattern in inputs.patterns
    ]
    if inputs.manifest:
        from release_assets.files import (
            manifest,  # YAML takes long to import, and few runs read any
        )

        text = inputs.manifest
        if not manifest.is_inline(text):
            text = read_text("manifest", base / text, MOST_BYTES)
        wishes += [
            _Wish(
                source="manifest",
                pattern=in_container(entry.path, inputs.mounts),
                name=entry.name,
                label=entry.label,
                content_type=entry.content_type,
            )
            for entry in manifest.parse(text)
        ]
    return wishes


def read_notes(inputs: Inputs) -> str:
    """Return the notes for a new release, from `notes` or the file that `notes-file` names.

    Raises: InputError when the file cannot be read, or is longer than GitHub takes.
    """
    name = inputs.release.notes_file
    if not name:
        return inputs.release.notes
    notes = read_text("notes-file", base_directory(inputs) / name, MOST_BYTES)
    if len(notes) > MAX_NOTES:
        accepted = f"a file of at most {MAX_NOTES} characters: this one has {len(notes)}"
        raise InputError("notes-file", name, accepted)
    return notes


def _matches(wish: _Wish, inputs: Inputs, base: Path, excluder: Excluder) -> list[Path]:
    closed = closed_directories(wish.pattern, base, excluder, wish.source)
    raise_all([unreadable(_shown(path, base), error) for path, error in closed])
    matches = list(matching_files(wish.pattern, base, excluder, wish.source))
    if not matches:
        raise NoFilesError(
            wish.pattern,
            str(base),
            directory=_is_directory(absolute(base, wish.pattern)),
            hidden=is_outside_container(wish.pattern, inputs.mounts),
        )
    if wish.name is not None and len(matches) > 1:
        shown = ", ".join(_shown(path, base) for path in matches[:3])
        raise InputError(
            wish.source,
            f"{wish.pattern} => {wish.name}",
            f"a pattern that matches one file; this one matches {len(matches)} ({shown})",
        )
    return matches


def _merged(taken: Iterable[tuple[_Wish, Path]]) -> Iterator[tuple[Path, _Wish]]:
    """Yield each file once for each name it is to have.

    A name that is given stands instead of the file's own; what else is said of a file adds up.
    """
    merged: dict[Path, dict[str | None, _Wish]] = {}
    for wish, path in taken:
        names = merged.setdefault(path, {})
        before = names.get(wish.name)
        names[wish.name] = _both(before, wish) if before else wish
    for path, names in merged.items():
        plain = names.get(None)
        for wish in names.values():
            if plain is None or len(names) == 1:
                yield path, wish
            elif wish is not plain:
                yield path, _both(plain, wish)


def _both(one: _Wish, rather: _Wish) -> _Wish:
    return replace(
        rather,
        label=rather.label or one.label,
        content_type=rather.content_type or one.content_type,
    )


def _local_file(path: Path, wish: _Wish, base: Path) -> LocalFile:
    shown = _shown(path, base)
    if not is_utf8(shown):
        raise FileRefusedError(
            f"{shown!a} has a name that is not UTF-8, and GitHub takes no other text",
            fix="rename it, or leave it out with a `!` line",
        )
    try:
        fingerprint = fingerprint_of(path)
    except NotRegularFileError as error:
        raise FileRefusedError(
            f"{shown} is not a regular file", fix="leave it out with a `!` line, or name another"
        ) from error
    except OSError as error:
        raise unreadable(shown, error) from error
    if fingerprint.size == 0:
        raise FileRefusedError(
            f"{shown} is empty, and GitHub takes no empty assets",
            fix="check that the build wrote it, or leave it out with a `!` line",
        )
    if fingerprint.size > MAX_ASSET_SIZE:
        raise FileRefusedError(
            f"{shown} has {fingerprint.size:,} bytes; GitHub takes {MAX_ASSET_SIZE:,} at most",
            fix="split it, compress it, or leave it out with a `!` line",
        )
    requested = wish.name or path.name
    name = asset_name(requested)
    if not name:
        raise FileRefusedError(
            f"{shown} has no character in its name that GitHub keeps",
            fix=f"name the asset: `{shown} => NAME`",
        )
    if parse_swap_name(name):
        raise FileRefusedError(
            f"{shown} has a name that this program gives to assets while it replaces one",
            fix="leave it out with a `!` line, or name it otherwise",
        )
    return LocalFile(
        path=path,
        shown=shown,
        requested_name=requested,
        name=name,
        # GitHub keeps any text in a label: there the name survives that it rewrites.
        label=wish.label or (requested if requested != name else None),
        content_type=wish.content_type or content_type(requested),
        size=fingerprint.size,
        fingerprint=fingerprint,
    )


def _shown(path: Path, base: Path) -> str:
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()


def _clashes(files: Sequence[LocalFile], checksums: str) -> Iterator[NameClashError]:
    by_name: dict[str, list[LocalFile]] = {}
    for file in files:
        by_name.setdefault(file.name.lower(), []).append(file)
    for name, same in by_name.items():
        shown = [file.shown for file in same]
        if name == checksums.lower():
            shown.append("the list that `checksums` names")
        if len(shown) > 1:
            yield NameClashError(same[0].name, shown)


def _is_directory(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() of older Pythons may raise
