"""The command line: one module for each command, and the modules that they share."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, NoReturn

from release_assets import __version__
from release_assets.cli import completion, delete, download, list_assets, publish, update
from release_assets.cli.errors import UsageError
from release_assets.cli.options import with_explicit_booleans
from release_assets.cli.run import FAILED, USAGE, errors_of
from release_assets.cli.terminal import TerminalReporter

INTERRUPTED = 130
"""Exit code of Ctrl-C outside of a run; a run has its own handling of signals."""

EXIT_CODES = "exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted"

_INTRODUCTION = """\
Upload files to a GitHub release and never lose one. Everything is checked before the first
upload, an old asset stays until the new one is verified, and nothing is uploaded twice."""

_ENVIRONMENT = f"""\
environment variables, the same as for gh:
  GH_TOKEN, GITHUB_TOKEN     token; for GitHub Enterprise Server GH_ENTERPRISE_TOKEN,
                             GITHUB_ENTERPRISE_TOKEN. --token-file reads it from a file
  GH_REPO                    repository, [HOST/]OWNER/NAME (default: the git remote)
  GH_HOST                    host of GitHub Enterprise
  NO_COLOR                   turns colors off

Each command has a help text: `release-assets publish --help`.
{EXIT_CODES}"""


class Command(NamedTuple):
    """A command with its help texts and its options."""

    title: str
    examples: str
    add_options: Callable[[argparse.ArgumentParser], None]


COMMANDS: Mapping[str, Command] = {
    "publish": Command(publish.TITLE, publish.EXAMPLES, publish.add_options),
    "plan": Command(publish.PLAN_TITLE, publish.PLAN_EXAMPLES, publish.add_plan_options),
    "list": Command(list_assets.TITLE, list_assets.EXAMPLES, list_assets.add_options),
    "download": Command(download.TITLE, download.EXAMPLES, download.add_options),
    "update": Command(update.TITLE, update.EXAMPLES, update.add_options),
    "delete": Command(delete.TITLE, delete.EXAMPLES, delete.add_options),
    "completion": Command(completion.TITLE, completion.EXAMPLES, completion.add_options),
}


def run() -> None:
    """Run the command line; the entry point of the console script."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run once and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    arguments = with_explicit_booleans(sys.argv[1:] if argv is None else argv)
    try:
        options = _parse_options(arguments)
        code = int(options.run(options))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has closed standard output. Python would flush it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - reported as a bug, never as a traceback
        reporter = TerminalReporter(quiet=False, debug=False)
        for reported in errors_of(error):
            reporter.error(reported)
        return FAILED
    return code


def parsers() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """Return the parser of the command line, and the parser of each command."""
    parser = _Parser(prog="release-assets", description=_INTRODUCTION, epilog=_ENVIRONMENT)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(
        required=True, dest="command", metavar="COMMAND", parser_class=_Parser
    )
    by_name: dict[str, argparse.ArgumentParser] = {}
    for name, command in COMMANDS.items():
        by_name[name] = commands.add_parser(
            name,
            help=command.title,
            description=f"{command.title[0].upper()}{command.title[1:]}.",
            epilog=f"{command.examples}\n\n{EXIT_CODES}",
        )
        command.add_options(by_name[name])
    sandbox = _add_sandbox(commands)
    return parser, by_name | ({"sandbox": sandbox} if sandbox else {})


def _parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser, commands = parsers()
    if arguments and arguments[0] in commands:
        command, rest = commands[arguments[0]], list(arguments[1:])
        # Intermixed parsing allows files and options in any order, but it does not support `--`.
        return command.parse_args(rest) if "--" in rest else command.parse_intermixed_args(rest)
    return parser.parse_args(list(arguments))


class _Parser(argparse.ArgumentParser):
    """Keeps the format of examples, and accepts no abbreviated options."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as in the base class
        formatter = argparse.RawDescriptionHelpFormatter
        super().__init__(formatter_class=formatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Report the error in one line, without the usage, which may be longer than a screen."""
        fix = f"see `{self.prog} --help`"
        if suggestion := self._suggestion(message):
            fix = f"did you mean `{suggestion}`? {fix[0].upper()}{fix[1:]}"
        reporter = TerminalReporter(quiet=False, debug=False)
        reporter.error(UsageError(message, fix=fix))
        self.exit(USAGE)

    def _suggestion(self, message: str) -> str | None:
        """Return the option or command that is most similar to the unknown one in a message."""
        known = [option for action in self._actions for option in action.option_strings]
        known += [choice for action in self._actions for choice in action.choices or ()]
        unknown = re.search(r"(?:unrecognized arguments: |invalid choice: ')([^\s'=]+)", message)
        return next(iter(get_close_matches(unknown[1], known, 1)), None) if unknown else None


def _add_sandbox(
    commands: "argparse._SubParsersAction[_Parser]",
) -> argparse.ArgumentParser | None:
    """Add the command `sandbox`; return None where the sandbox is not installed."""
    try:
        from github_sandbox import command as sandbox
    except ImportError:
        return None  # the image of the action does not include it
    title = "start a local stand-in for GitHub, to try things out"
    parser = commands.add_parser(name="sandbox", help=title, description=f"S{title[1:]}.")
    sandbox.add_options(parser)
    parser.set_defaults(run=sandbox.serve)
    return parser
