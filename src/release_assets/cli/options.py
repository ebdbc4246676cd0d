"""The options that commands share, and how they are written."""

import argparse
from collections.abc import Iterable, Sequence
from typing import NoReturn, get_args

from release_assets.inputs import (
    INPUTS,
    IfReleaseExists,
    Input,
    MakeLatest,
    OnNoFiles,
    Overwrite,
    Publish,
    Verify,
)

_SPECS = {spec.name: spec for spec in INPUTS}
_WORDS = {
    "overwrite": get_args(Overwrite),
    "if-no-files-found": get_args(OnNoFiles),
    "publish": get_args(Publish),
    "if-release-exists": get_args(IfReleaseExists),
    "verify": get_args(Verify),
    "make-latest": tuple(word for word in get_args(MakeLatest) if word),
}
_FLAGS = {"--dry-run", "--summary"}  # which are not written so, or not at all
_SEVERAL = {"prune", "expect"}  # of which each is a line
_FORMS = {
    "tag": "TAG",
    "release-id": "ID",
    "repository": "[HOST/]OWNER/NAME",
    "prune": "PATTERN",
    "expect": "PATTERN",
    "manifest": "PATH",
    "working-directory": "PATH",
    "notes-file": "PATH",
    "ca-bundle": "PATH",
    "checksums": "NAME",
    "title": "TEXT",
    "notes": "TEXT",
    "target": "COMMIT",
    "previous-tag": "TAG",
    "discussion-category": "NAME",
    "concurrency": "NUMBER",
    "max-attempts": "NUMBER",
}
_HELP = {
    "tag": "tag of the release, `v1` or `refs/tags/v1`; drafts are found too",
    "repository": "repository of the release (default: GH_REPO, GITHUB_REPOSITORY, else the git "
    "remote of the working directory)",
}


def add_inputs(parser: argparse._ActionsContainer, names: Iterable[str]) -> None:
    """Add options that are inputs of the action too, under the same names."""
    for name in names:
        _add_input(parser, _SPECS[name])


def add_release(parser: argparse.ArgumentParser) -> None:
    """Add what names the release."""
    group = parser.add_argument_group("the release")
    add_inputs(group, ("tag", "release-id", "repository"))


def add_access(parser: argparse.ArgumentParser) -> None:
    """Add what says which GitHub, and with whose rights."""
    group = parser.add_argument_group("the way to GitHub")
    group.add_argument(
        "--token-file",
        metavar="PATH",
        help="file that holds the token, `-` for standard input (default: GH_TOKEN, GITHUB_TOKEN; "
        "for a GitHub Enterprise Server GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN)",
    )
    group.add_argument("--token", type=_refuse_token, help=argparse.SUPPRESS)
    group.add_argument(
        "--api-url", metavar="URL", help="API of GitHub (default: by GH_HOST or GITHUB_API_URL)"
    )
    add_inputs(group, ("ca-bundle", "max-attempts"))


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add what says what is told."""
    group = parser.add_argument_group("what is told")
    group.add_argument(
        "--json", action="store_true", help="one JSON document on standard output, also on failure"
    )
    group.add_argument("--quiet", action="store_true", help="only warnings, errors and the result")
    group.add_argument("--debug", action="store_true", help="every request, without its token")


def with_values(arguments: Sequence[str]) -> list[str]:
    """Return arguments in which each option that is true or false says which.

    Without it, argparse would take a file behind `--prerelease` for its value.
    """
    booleans = {f"--{spec.name}" for spec in INPUTS if spec.boolean} - _FLAGS
    settled: list[str] = []
    for number, argument in enumerate(arguments):
        if argument == "--":
            return settled + list(arguments[number:])
        following = arguments[number + 1] if number + 1 < len(arguments) else ""
        alone = argument in booleans and following not in {"true", "false"}
        settled.append(f"{argument}=true" if alone else argument)
    return settled


def _add_input(parser: argparse._ActionsContainer, spec: Input) -> None:
    text = _HELP.get(spec.name) or spec.help
    if spec.name in _SEVERAL:
        text = text.replace(", one a line", ", one each time it is given")
    if spec.default:
        text += f" (default: {spec.default})"
    text = text.replace("%", "%%")
    names = [f"--{spec.name}"]
    if spec.name == "repository":
        names.insert(0, "-R")  # as gh has it
    if spec.boolean:
        parser.add_argument(*names, nargs="?", const="true", choices=("true", "false"), help=text)
    elif words := _WORDS.get(spec.name):
        parser.add_argument(*names, choices=words, help=text)
    else:
        action = "append" if spec.name in _SEVERAL else "store"
        parser.add_argument(*names, action=action, metavar=_FORMS[spec.name], help=text)


def _refuse_token(_value: str) -> NoReturn:
    """Raise: what stands on a command line is seen by others."""
    raise argparse.ArgumentTypeError(
        "a token does not go on the command line, where other users and logs see it: set GH_TOKEN, "
        "or give --token-file PATH (and revoke this token if it is a real one)"
    )
