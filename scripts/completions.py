"""Generate the completion scripts of the program from its parser, with shtab."""

import argparse
import re
from pathlib import Path

import shtab

from release_assets.cli import parsers
from release_assets.cli.completion import SHELLS

HERE = Path(__file__).resolve().parents[1] / "src/release_assets/cli/completions"
_FILES = {"--manifest", "--notes-file", "--ca-bundle", "--token-file", "--output", "--seed"} | {
    "--tls-cert",
    "--tls-key",
}
_TAKE_FILES = {"publish", "upload", "plan", "verify"}  # as arguments
_DIRECTORIES = {"--working-directory", "--dir", "--data"}


def main() -> None:
    """Write a script for each shell."""
    HERE.mkdir(exist_ok=True)
    for shell in SHELLS:
        (HERE / shell).write_text(script(shell), encoding="utf-8")


def script(shell: str) -> str:
    """Return the script for a shell."""
    parser, commands = parsers()
    for name, command in commands.items():
        for action in command._actions:  # noqa: SLF001 - argparse has no other way to see them
            _complete(action, takes_files=name in _TAKE_FILES)
    written: str = shtab.complete(parser, shell=shell)
    return re.sub(r"[ \t]+$", "", written, flags=re.MULTILINE).rstrip("\n") + "\n"


def _complete(action: argparse.Action, *, takes_files: bool) -> None:
    """Set how an option or argument is completed, and shorten its help to one line."""
    names = set(action.option_strings)
    if names & _FILES or (takes_files and action.dest == "arguments"):
        action.complete = shtab.FILE  # type: ignore[attr-defined] # an attribute of shtab
    elif names & _DIRECTORIES:
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    if action.help and action.help != argparse.SUPPRESS:
        meaning = re.split(r"[:;.] | \(|, `", action.help)[0].rstrip(".")
        action.help = meaning.replace("`", "")  # some shells would run it as a command


if __name__ == "__main__":
    main()
