"""Inputs -> the files to publish, all checked; reads only."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.files.asset_requests import (
    AssetRequest,
    base_directory,
    list_requests,
    merge_requests,
)
from release_assets.files.braces import brace_errors
from release_assets.files.content import unreadable_error
from release_assets.files.errors import NoFilesError
from release_assets.files.local_file import (
    is_directory,
    name_clashes,
    read_local_file,
    shown_path,
)
from release_assets.files.patterns import Excluder, Matched, match_pattern, unreadable_directories
from release_assets.inputs import InputError, Inputs
from release_assets.light_dataclasses import dataclass, field
from release_assets.models import LocalFile
from release_assets.text import is_utf8, shortened_list

_MAX_NAMES = 5  # of directories, in a warning


@dataclass(frozen=True, kw_only=True)
class FoundFiles:
    """The files to publish, in the order of the patterns, and warnings about the patterns."""

    files: tuple[LocalFile, ...]
    warnings: tuple[str, ...]


@dataclass(kw_only=True)
class _Matches:
    """The files that the requests match, and all errors and warnings on the way."""

    pairs: list[tuple[AssetRequest, Path]] = field(default_factory=list)
    errors: list[ReleaseAssetsError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_files(inputs: Inputs) -> FoundFiles:
    """Return the files that the inputs name, all checked.

    Raises: NoFilesError, FileRefusedError, NameClashError, InputError or ManifestError for a
        single error; MultipleErrors for several.
    """
    raise_all(list(_encoding_errors(inputs)))
    base = _existing_base(inputs)
    requests = list_requests(inputs, base)
    invalid = brace_errors("files", [*(one.text for one in inputs.patterns), *inputs.excludes])
    excluder = Excluder([one for one in inputs.excludes if one not in invalid], base)
    errors: list[ReleaseAssetsError] = [*invalid.values(), *_later_brace_errors(inputs)]
    valid = [one for one in requests if one.source != "files" or one.pattern not in invalid]
    matches = _match_all(valid, inputs, base, excluder)
    files = _read_files(matches, base)
    raise_all([*errors, *matches.errors, *name_clashes(files, inputs.checksums)])
    return FoundFiles(
        files=tuple(files), warnings=(*matches.warnings, *excluder.unused_pattern_warnings())
    )


def _existing_base(inputs: Inputs) -> Path:
    base = base_directory(inputs)
    if not is_directory(base):
        accepted = "the path of a directory that exists when the step starts"
        raise InputError("working-directory", inputs.working_directory, accepted)
    return base


def _later_brace_errors(inputs: Inputs) -> Iterator[InputError]:
    """Yield the errors of patterns that the run uses after the uploads: too late to refuse them."""
    yield from brace_errors("expect", inputs.expect).values()
    yield from brace_errors("prune", inputs.prune).values()


def _encoding_errors(inputs: Inputs) -> Iterator[InputError]:
    """Yield an error for each path, pattern and name that is not UTF-8."""
    given = [("working-directory", inputs.working_directory), ("manifest", inputs.manifest)]
    given += [("files", text) for one in inputs.patterns for text in (one.text, one.rename or "")]
    given += [("files", f"!{pattern}") for pattern in inputs.excludes]
    for name, value in given:
        if not is_utf8(value):
            yield InputError(name, value, "text in UTF-8")


def _match_all(
    requests: Sequence[AssetRequest], inputs: Inputs, base: Path, excluder: Excluder
) -> _Matches:
    matches = _Matches()
    for request in requests:
        try:
            matched = _match(request, inputs, base, excluder)
            matches.pairs += [(request, path) for path in matched.files]
            matches.warnings += _directory_warnings(request.pattern, matched, base)
        except NoFilesError as error:
            if inputs.on_no_files == "error":
                matches.errors.append(error)
            elif inputs.on_no_files == "warn":
                matches.warnings.append(error.what)
        except ReleaseAssetsError as error:
            matches.errors += single_errors(error)
    return matches


def _read_files(matches: _Matches, base: Path) -> list[LocalFile]:
    """Return the matched files; add an error to the matches for each that is refused."""
    files: list[LocalFile] = []
    for path, request in merge_requests(matches.pairs):
        try:
            files.append(read_local_file(path, request, base))
        except ReleaseAssetsError as error:
            matches.errors.append(error)
    return files


def _match(request: AssetRequest, inputs: Inputs, base: Path, excluder: Excluder) -> Matched:
    unreadable = unreadable_directories(request.pattern, base, excluder, request.source)
    raise_all([unreadable_error(shown_path(path, base), error) for path, error in unreadable])
    matched = match_pattern(request.pattern, base, excluder, request.source)
    if not matched.files:
        from release_assets.files.no_match import no_match_error  # only a failure needs it

        raise no_match_error(request.pattern, base, inputs.mounts)
    if request.name is not None and len(matched.files) > 1:
        shown = ", ".join(shown_path(path, base) for path in matched.files[:3])
        raise InputError(
            request.source,
            f"{request.pattern} => {request.name}",
            f"a pattern that matches one file; this one matches {len(matched.files)} ({shown})",
        )
    return matched


def _directory_warnings(pattern: str, matched: Matched, base: Path) -> Iterator[str]:
    """Yield a warning that a pattern for files matches directories, which are not published.

    A pattern such as `dist/*` is usually meant for files alone.

    Source: https://github.com/actions/download-artifact#inputs (`merge-multiple`)
    """
    if not matched.directories or not pattern.rpartition("/")[2].strip("*"):
        return
    shown = [f"`{shown_path(path, base)}`" for path in matched.directories]
    yield (
        f"`{pattern}` also matches {shortened_list(shown, _MAX_NAMES)}: directories are not "
        f"published. For the files in them write `{pattern}/*`; if actions/download-artifact made "
        "them, `merge-multiple: true` puts the files together"
    )
