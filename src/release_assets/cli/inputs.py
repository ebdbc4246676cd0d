"""Options and environment -> Inputs, with what is wrong in the words of the command line."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from release_assets.cli import repository as place
from release_assets.cli.errors import UsageError
from release_assets.cli.git_remote import remote_url
from release_assets.errors import ReleaseAssetsError, raise_all, single_errors
from release_assets.files import read_text
from release_assets.inputs import INPUTS, InputFileError, Inputs, Job, parse_inputs, with_slashes

_MOST_OF_A_TOKEN = 64 * 1024  # bytes: whatever is longer is another file


def read(options: argparse.Namespace, environment: Mapping[str, str]) -> Inputs:
    """Return what is asked.

    Raises: UsageError, InputError and the like for a single fault; Faults for several.
    """
    directory = Path.cwd()
    given = {spec.name: _given(options, spec.name) for spec in INPUTS}
    missing = place.needs_remote(environment, given["repository"])
    where = place.resolve(
        environment,
        repository=given["repository"],
        api_url=options.api_url or "",
        token=_token(options.token_file),
        remote=remote_url(directory) if missing else "",
    )
    faults = list(place.faults_of(where))
    ref = environment.get("GITHUB_REF", "")
    if not given["tag"] and not given["release-id"] and not ref.startswith("refs/tags/"):
        faults.append(UsageError("no release is named", fix="give --tag TAG or --release-id ID"))
        given["tag"] = "any"  # so that it is not told twice; nothing goes out when faults are told
    given["repository"] = where.repository or "any/any"
    given["token"] = where.token or "any"
    given["files"] = "\n".join(_patterns(options))
    if not hasattr(options, "publish"):
        given["publish"] = "always"  # the only one for which no files need be named
    try:
        asked = parse_inputs(given, Job(api_url=where.api_url, workspace=str(directory), ref=ref))
    except ReleaseAssetsError as error:
        raise_all([*faults, *single_errors(error)])
        raise
    raise_all(faults)
    return asked


def _given(options: argparse.Namespace, name: str) -> str:
    """Return the value of an option; of one that was given several times, each in a line."""
    value = getattr(options, name.replace("-", "_"), None) or ""
    return value if isinstance(value, str) else "\n".join(value)


def _patterns(options: argparse.Namespace) -> list[str]:
    windows = sys.platform == "win32"
    return [with_slashes(one, windows=windows) for one in getattr(options, "files", ())]


def _token(path: str | None) -> str:
    """Return the token that a file holds; empty when no file is named.

    Raises: UsageError, which never tells what the file holds.
    """
    if path is None:
        return ""
    try:
        if path == "-":
            text = sys.stdin.read(_MOST_OF_A_TOKEN)
        else:
            text = read_text("--token-file", Path(path), _MOST_OF_A_TOKEN)
    except (OSError, ValueError, InputFileError) as error:
        why = error.why if isinstance(error, InputFileError) else "it is not text"
        raise UsageError(
            f"the token cannot be read: {why}",
            where=f"--token-file {path}",
            fix="name a file that holds the token and nothing else, or `-` for standard input",
        ) from error
    token = text.strip()
    if not token or any(letter.isspace() for letter in token):
        what = "holds more than a token" if token else "is empty"
        raise UsageError(
            f"the token file {what}",
            where=f"--token-file {path}",
            fix="name a file that holds the token and nothing else",
        )
    return token
