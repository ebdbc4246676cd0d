"""Options and environment variables -> Inputs, or one error for each mistake."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from release_assets.cli.errors import UsageError
from release_assets.cli.git_remote import find_remote_url
from release_assets.cli.repository import missing_errors, needs_remote, resolve_connection
from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.files import read_text
from release_assets.inputs import INPUTS, InputFileError, Inputs, Job, parse_inputs, with_slashes

_MAX_TOKEN_BYTES = 64 * 1024  # a longer file contains something else


def read_inputs(options: argparse.Namespace, environment: Mapping[str, str]) -> Inputs:
    """Return the inputs of a command, parsed and validated.

    Raises: ReleaseAssetsError for a single error; MultipleErrors for several.
    """
    directory = Path.cwd()
    values = {spec.name: _option_value(options, spec.name) for spec in INPUTS}
    needs_url = needs_remote(environment, values["repository"])
    connection = resolve_connection(
        environment,
        repository=values["repository"],
        api_url=options.api_url or "",
        token=_read_token(options.token_file),
        remote=find_remote_url(directory) if needs_url else "",
    )
    errors = list(missing_errors(connection))
    ref = environment.get("GITHUB_REF", "")
    if not values["tag"] and not values["release-id"] and not ref.startswith("refs/tags/"):
        errors.append(UsageError("no release is named", fix="give --tag TAG or --release-id ID"))
        values["tag"] = "any"  # a placeholder, so that the error is not reported twice
    values["repository"] = connection.repository or "any/any"
    values["token"] = connection.token or "any"
    values["files"] = "\n".join(_patterns(options))
    if not hasattr(options, "publish"):
        values["publish"] = "always"  # so that no files are required
    try:
        inputs = parse_inputs(
            values, Job(api_url=connection.api_url, workspace=str(directory), ref=ref)
        )
    except ReleaseAssetsError as error:
        raise_all([*errors, *single_errors(error)])
        raise
    raise_all(errors)
    return inputs


def _option_value(options: argparse.Namespace, name: str) -> str:
    """Return the value of an option; the values of a repeated option, one a line."""
    value = getattr(options, name.replace("-", "_"), None) or ""
    return value if isinstance(value, str) else "\n".join(value)


def _patterns(options: argparse.Namespace) -> list[str]:
    windows = sys.platform == "win32"
    return [with_slashes(one, windows=windows) for one in getattr(options, "files", ())]


def _read_token(path: str | None) -> str:
    """Return the token in a file; empty if no file is given.

    Raises: UsageError, which never contains the content of the file.
    """
    if path is None:
        return ""
    try:
        if path == "-":
            text = sys.stdin.read(_MAX_TOKEN_BYTES)
        else:
            text = read_text("--token-file", Path(path), _MAX_TOKEN_BYTES)
    except (OSError, ValueError, InputFileError) as error:
        why = error.why if isinstance(error, InputFileError) else "it is not text"
        raise UsageError(
            f"the token cannot be read: {why}",
            where=f"--token-file {path}",
            fix="name a file that holds the token and nothing else, or `-` for standard input",
        ) from error
    token = text.strip()
    if not token or any(character.isspace() for character in token):
        what = "holds more than a token" if token else "is empty"
        raise UsageError(
            f"the token file {what}",
            where=f"--token-file {path}",
            fix="name a file that holds the token and nothing else",
        )
    return token
