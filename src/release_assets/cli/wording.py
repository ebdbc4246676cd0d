"""Texts of errors for a workflow -> the same texts for the command line. Pure."""

import re
from collections.abc import Sequence

from release_assets.errors import ReleaseAssetsError
from release_assets.github import BadCredentialsError
from release_assets.inputs import DEFAULTS

# Inputs without an option of the same name.
_OTHER_NAMES = {"files": "PATTERN", "token": "GH_TOKEN", "summary": "summary"}
_SETTING = re.compile(r"`([a-z-]+): ([^`]+)`")
_NAME = re.compile(r"`([a-z-]+)`")
_PHRASES = (
    ("run the job again", "run the command again"),
    ("before this step", "first"),
    ("with the log of a run with debug logging on", "with what RELEASE_ASSETS_DEBUG=1 shows"),
    ("name the files to publish, one pattern a line", "name the files to publish"),
    ("write one pattern a line", "give each pattern for itself"),
    ("the user that runs this step", "yourself"),
    ("give the job `permissions: contents: write`, or pass a `token` that may write releases",
     "give a token that may write releases: `contents: write`, or the scope `repo`"),
)  # fmt: skip


def reword_errors(errors: Sequence[ReleaseAssetsError]) -> list[tuple[str, str, str, str]]:
    """Return title, what, where and fix of each error."""
    return [
        (error.title, _reword_what(error.what), error.where, _reword_fix(error)) for error in errors
    ]


def error_text(what: str, where: str, fix: str) -> str:
    """Return an error as one text."""
    return str(ReleaseAssetsError(what, where=where, fix=fix))


def _reword_what(text: str) -> str:
    """Replace the name of an input at the start; any other name may be that of an asset."""
    if not text.startswith("input `"):
        return text
    return _NAME.sub(_option, text.removeprefix("input "), count=1)


def _reword_fix(error: ReleaseAssetsError) -> str:
    if isinstance(error, BadCredentialsError):
        return "renew the token, and set GH_TOKEN or give --token-file PATH"
    text = error.fix
    for workflow, command_line in _PHRASES:
        text = text.replace(workflow, command_line)
    return _NAME.sub(_option, _SETTING.sub(_set_option, text))


def _option(match: re.Match[str]) -> str:
    name = match[1]
    if name not in DEFAULTS:
        return match[0]
    return f"`{_OTHER_NAMES.get(name, f'--{name}')}`"


def _set_option(match: re.Match[str]) -> str:
    name, value = match.groups()
    if name not in DEFAULTS:
        return match[0]
    return f"`{_OTHER_NAMES.get(name, f'--{name}')} {value}`"
