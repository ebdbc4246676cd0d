"""The options that several commands share."""

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

_INPUTS = {spec.name: spec for spec in INPUTS}
_CHOICES = {
    "overwrite": get_args(Overwrite),
    "if-no-files-found": get_args(OnNoFiles),
    "publish": get_args(Publish),
    "if-release-exists": get_args(IfReleaseExists),
    "verify": get_args(Verify),
    "make-latest": tuple(choice for choice in get_args(MakeLatest) if choice),
}
# The value of an option that is given without one.
_VALUE_ALONE = {"overwrite": "true", "make-latest": "true"}
_ALIASES = {  # as in gh
    "repository": ("-R", "--repo"),
    "title": ("-t",),
    "notes": ("-n",),
    "notes-file": ("-F",),
    "prerelease": ("-p",),
    "make-latest": ("--latest",),
    "previous-tag": ("--notes-start-tag",),
}
_REPEATABLE = {"prune", "expect"}  # each value is a line of the input
_METAVARS = {
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
    "tag": "Tag of the release, instead of an argument: `v1` or `refs/tags/v1`. Drafts are found "
    "as well.",
    "repository": "Repository of the release (default: GH_REPO, GITHUB_REPOSITORY, otherwise the git "
    "remote of the working directory)",
    "notes-file": "File with the release notes, `-` for standard input.",
}


def add_inputs(parser: argparse._ActionsContainer, names: Iterable[str]) -> None:
    """Add options for inputs of the action, with the same names."""
    for name in names:
        _add_input(parser, _INPUTS[name])


def add_arguments(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Add the arguments without an option: a tag, and what the command is about."""
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help=help_text)


def add_release(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the release."""
    group = parser.add_argument_group("release")
    add_inputs(group, ("tag", "release-id", "repository"))


def add_access(parser: argparse.ArgumentParser) -> None:
    """Add the options for the connection to GitHub."""
    group = parser.add_argument_group("connection")
    group.add_argument(
        "--token-file",
        metavar="PATH",
        help="File with the token, `-` for standard input (default: GH_TOKEN, GITHUB_TOKEN; "
        "for a GitHub Enterprise Server GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN)",
    )
    group.add_argument("--token", type=_refuse_token, help=argparse.SUPPRESS)
    group.add_argument(
        "--api-url",
        metavar="URL",
        help="URL of GitHub's API (default: from GH_HOST or GITHUB_API_URL)",
    )
    add_inputs(group, ("ca-bundle", "max-attempts"))


def add_output(parser: argparse.ArgumentParser, fields: Sequence[str]) -> None:
    """Add the options for the output.

    fields: of the command's JSON document.
    """
    group = parser.add_argument_group("output")
    group.add_argument(
        "--json",
        nargs="?",
        const="",
        metavar="FIELDS",
        help="Print one JSON document on standard output, also on failure: with these fields, "
        "separated by commas, or with all",
    )
    group.add_argument(
        "--jq",
        metavar="EXPRESSION",
        help="Filter the JSON document, as jq does; needs `publish-release-assets[jq]`",
    )
    group.add_argument(
        *("-q", "--quiet"),
        action="store_true",
        help="Print only warnings, errors and the result.",
    )
    group.add_argument(
        *("-v", "--verbose", "--debug"),
        action="store_true",
        dest="debug",
        help="Log every request, without the token.",
    )
    parser.set_defaults(fields=tuple(fields))


def _option_names(name: str) -> list[str]:
    short = [alias for alias in _ALIASES.get(name, ()) if not alias.startswith("--")]
    return [*short, f"--{name}", *(alias for alias in _ALIASES.get(name, ()) if alias not in short)]


def _add_input(parser: argparse._ActionsContainer, spec: Input) -> None:
    text = _HELP.get(spec.name) or spec.help
    if spec.name in _REPEATABLE:
        text = text.replace(", one per line", "; repeat the option for more")
    if spec.default:
        text += f" (default: {spec.default})"
    text = text.replace("%", "%%")
    names = _option_names(spec.name)
    if spec.boolean:
        parser.add_argument(*names, nargs="?", const="true", choices=("true", "false"), help=text)
    elif choices := _CHOICES.get(spec.name):
        alone = _VALUE_ALONE.get(spec.name)
        parser.add_argument(
            *names, nargs="?" if alone else None, const=alone, choices=choices, help=text
        )
    else:
        action = "append" if spec.name in _REPEATABLE else "store"
        parser.add_argument(*names, action=action, metavar=_METAVARS[spec.name], help=text)


def _refuse_token(_value: str) -> NoReturn:
    """Raise: other users can see the arguments of a process."""
    raise argparse.ArgumentTypeError(
        "a token does not go on the command line, where other users and logs see it: set GH_TOKEN, "
        "or give --token-file PATH (and revoke this token if it is a real one)"
    )
