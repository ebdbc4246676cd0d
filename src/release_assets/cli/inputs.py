"""Options and environment variables -> inputs, or one error for each mistake."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from release_assets.cli.errors import UsageError
from release_assets.cli.git_remote import find_remote_url
from release_assets.cli.positionals import tag_and_assets, tag_and_files
from release_assets.cli.repository import (
    Connection,
    Given,
    missing_errors,
    needs_remote,
    resolve_connection,
)
from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.files import read_text
from release_assets.inputs import (
    INPUTS,
    Access,
    InputFileError,
    Inputs,
    Job,
    ReleaseRef,
    parse_inputs,
    parse_target,
    with_slashes,
)
from release_assets.light_dataclasses import replace

_STDIN = "-"
_MAX_NOTES_BYTES = 1024 * 1024  # GitHub takes far less
_MAX_TOKEN_BYTES = 64 * 1024  # a longer file contains something else


def read_inputs(
    options: argparse.Namespace, environment: Mapping[str, str]
) -> tuple[Access, Inputs]:
    """Return how to reach GitHub, and the inputs of a command that publishes.

    Raises: ReleaseAssetsError for a single error; MultipleErrors for several.
    """
    inputs = parse_inputs(*_read(options, environment))
    patterns = tuple(
        replace(pattern, label=options.labels.get(pattern.text)) for pattern in inputs.patterns
    )
    return inputs.access, replace(inputs, patterns=patterns)


def read_target(
    options: argparse.Namespace, environment: Mapping[str, str]
) -> tuple[Access, ReleaseRef]:
    """Return how to reach GitHub, and the release that a command is about.

    Raises: ReleaseAssetsError for a single error; MultipleErrors for several.
    """
    return parse_target(*_read(options, environment))


def read_target_or_latest(
    options: argparse.Namespace, environment: Mapping[str, str]
) -> tuple[Access, ReleaseRef]:
    """Return how to reach GitHub, and the release that a command is about, or no tag and no id.

    Raises: ReleaseAssetsError for a single error; MultipleErrors for several.
    """
    return parse_target(*_read(options, environment), is_required=False)


def name_files(options: argparse.Namespace) -> None:
    """Set tag, files and labels in the options from the arguments.

    Raises: UsageError for a single error; MultipleErrors for several.
    """
    directory = options.working_directory or ""
    named = tag_and_files(
        options.arguments,
        is_named=bool(options.tag or options.release_id),
        is_file=lambda path: os.path.isfile(os.path.join(directory, path)),  # noqa: PTH113, PTH118
        is_directory=lambda path: os.path.isdir(os.path.join(directory, path)),  # noqa: PTH112, PTH118
    )
    raise_all(named.errors)
    windows = sys.platform == "win32"
    files = [with_slashes(one, windows=windows) for one in named.rest]
    options.tag = options.tag or named.tag
    options.files = files
    options.labels = {with_slashes(one, windows=windows): named.labels[one] for one in named.labels}


def name_assets(options: argparse.Namespace) -> None:
    """Set tag and assets in the options from the arguments."""
    named = tag_and_assets(options.arguments, is_named=bool(options.tag or options.release_id))
    options.tag = options.tag or named.tag
    options.assets = list(named.rest)


def _read(
    options: argparse.Namespace, environment: Mapping[str, str]
) -> tuple[Mapping[str, str], Job, Mapping[str, ReleaseAssetsError]]:
    """Return the strings of the inputs, the context, and what to report for a missing input.

    Raises: UsageError.
    """
    directory = Path.cwd()
    values = {spec.name: _option_value(options, spec.name) for spec in INPUTS}
    connection = _connection(options, environment, values["repository"], directory)
    values["repository"] = connection.repository
    values["token"] = connection.token
    if values["notes-file"] == _STDIN and not values["notes"]:
        values |= {"notes": _read_notes(options), "notes-file": ""}
    job = Job(
        api_url=connection.api_url,
        workspace=str(directory),
        ref=environment.get("GITHUB_REF", ""),
    )
    return values, job, missing_errors(connection.api_url)


def _connection(
    options: argparse.Namespace, environment: Mapping[str, str], repository: str, directory: Path
) -> Connection:
    """Return the API, the repository and the token. Raises: UsageError."""
    needs_url = needs_remote(environment, repository)
    given = Given(
        environment=environment,
        repository=repository,
        api_url=options.api_url or "",
        token=_read_token(options.token_file),
        remote=find_remote_url(directory) if needs_url else "",
    )
    return resolve_connection(given)


def _option_value(options: argparse.Namespace, name: str) -> str:
    """Return the value of an option; the values of a repeated option, one a line.

    A flag is no input, even if it has the name of one.
    """
    value = getattr(options, name.replace("-", "_"), None) or ""
    return "\n".join(value) if isinstance(value, list) else value if isinstance(value, str) else ""


def _read_notes(options: argparse.Namespace) -> str:
    """Return the text of standard input. Raises: UsageError."""
    where = "--notes-file -"
    if options.token_file == _STDIN:
        raise UsageError(
            "standard input can hold the token or the notes, not both",
            where=where,
            fix="give one of them in a file",
        )
    try:
        text = sys.stdin.buffer.read(_MAX_NOTES_BYTES + 1).decode()
    except (AttributeError, OSError, UnicodeDecodeError):
        text = None
    if text is None or len(text) > _MAX_NOTES_BYTES:
        raise UsageError(
            "standard input is closed, longer than 1 MiB, or not UTF-8",
            where=where,
            fix="pipe the release notes to standard input",
        )
    return text


def _read_token(path: str | None) -> str:
    """Return the token in a file; empty if no file is given.

    Raises: UsageError, which never contains the content of the file.
    """
    if path is None:
        return ""
    token = _read_token_file(path).strip()
    if not token or any(character.isspace() for character in token):
        what = "holds more than a token" if token else "is empty"
        raise UsageError(
            f"the token file {what}",
            where=f"--token-file {path}",
            fix="name a file that holds the token and nothing else",
        )
    return token


def _read_token_file(path: str) -> str:
    """Return the text of a file, or of standard input for `-`. Raises: UsageError."""
    try:
        if path == _STDIN:
            return sys.stdin.read(_MAX_TOKEN_BYTES)
        return read_text("--token-file", Path(path), _MAX_TOKEN_BYTES)
    except (OSError, ValueError, InputFileError) as error:
        why = error.why if isinstance(error, InputFileError) else "it is not text"
        raise UsageError(
            f"the token cannot be read: {why}",
            where=f"--token-file {path}",
            fix="name a file that holds the token and nothing else, or `-` for standard input",
        ) from error
