"""The parser of the command line, with all commands, and its errors."""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from release_assets import __version__
from release_assets.cli import (
    completion,
    delete,
    download,
    gh,
    list_assets,
    publish,
    update,
    verify,
    view,
)
from release_assets.cli.arguments import TakesWord, field_list, one_of, with_explicit_values
from release_assets.cli.errors import UsageError
from release_assets.cli.run import USAGE
from release_assets.cli.terminal import TerminalReporter

EXIT_CODES = "exit codes: 0 done, 1 failed, 2 wrong usage (nothing was done), 130 interrupted"

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
    """A command with its arguments, its help texts and its options."""

    arguments: str
    title: str
    examples: str
    add_options: Callable[[argparse.ArgumentParser], None]
    aliases: tuple[str, ...] = ()


COMMANDS: Mapping[str, Command] = {
    "publish": Command(
        "[TAG] [FILE ...]", publish.TITLE, publish.EXAMPLES, publish.add_options, ("upload",)
    ),
    "plan": Command(
        "[TAG] [FILE ...]", publish.PLAN_TITLE, publish.PLAN_EXAMPLES, publish.add_plan_options
    ),
    "list": Command("[TAG]", list_assets.TITLE, list_assets.EXAMPLES, list_assets.add_options),
    "view": Command("[TAG]", view.TITLE, view.EXAMPLES, view.add_options),
    "download": Command(
        "[TAG] [ASSET ...]", download.TITLE, download.EXAMPLES, download.add_options
    ),
    "verify": Command("[TAG] [FILE ...]", verify.TITLE, verify.EXAMPLES, verify.add_options),
    "update": Command("TAG ASSET", update.TITLE, update.EXAMPLES, update.add_options),
    "delete": Command("TAG ASSET ...", delete.TITLE, delete.EXAMPLES, delete.add_options),
    "completion": Command("SHELL", completion.TITLE, completion.EXAMPLES, completion.add_options),
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of a command line.

    Raises: SystemExit after a help text, or after the error of a wrong command line.
    """
    parser, commands = parsers()
    if not arguments:
        parser.print_help()
        parser.exit()
    name = arguments[0]
    if name.startswith("-"):
        return parser.parse_args(list(arguments))
    if name not in commands:
        parser.fail(*_unknown_command(name, commands))
    command, rest = commands[name], arguments[1:]
    if errors := gh.flag_errors(name, rest):
        command.fail(*errors)
    explicit = with_explicit_values(rest, command.optional_values())
    # Intermixed parsing allows files and options in any order, but it does not support `--`.
    end = explicit.index("--") if "--" in explicit else len(explicit)
    options = command.parse_intermixed_args(explicit[:end])
    if after := explicit[end + 1 :]:
        if "arguments" not in options:
            command.error(f"unrecognized arguments: {' '.join(after)}")
        options.arguments += after
    return options


def parsers() -> "tuple[Parser, Mapping[str, Parser]]":
    """Return the parser of the command line, and the parser of each command and alias."""
    parser = Parser(
        prog="release-assets",
        usage="%(prog)s COMMAND [ARGUMENT ...] [OPTION ...]",
        description=_INTRODUCTION,
        epilog=_ENVIRONMENT,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(
        prog="release-assets",
        required=True,
        dest="command",
        metavar="COMMAND",
        parser_class=Parser,
    )
    by_name: dict[str, Parser] = {}
    for name, command in COMMANDS.items():
        added = commands.add_parser(
            name,
            aliases=command.aliases,
            usage=f"release-assets {name} {command.arguments} [OPTION ...]",
            help=command.title,
            description=f"{command.title[0].upper()}{command.title[1:]}.",
            epilog=f"{command.examples}\n\n{EXIT_CODES}",
        )
        command.add_options(added)
        by_name |= dict.fromkeys((name, *command.aliases), added)
    sandbox = _add_sandbox(commands)
    return parser, by_name | ({"sandbox": sandbox} if sandbox else {})


class Parser(argparse.ArgumentParser):
    """Keeps the format of examples, and accepts no abbreviated options."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as in the base class
        formatter = argparse.RawDescriptionHelpFormatter
        super().__init__(formatter_class=formatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Report the error in one line, without the usage, which may be longer than a screen."""
        # Not the arguments after an unknown option, which argparse lists, too.
        message = re.sub(r"(?<=^unrecognized arguments: )(-\S+)(?: .*)?", r"\1", message)
        fix = f"see `{self.prog} --help`"
        if suggestion := self._suggestion(message):
            fix = f"did you mean `{suggestion}`? {fix[0].upper()}{fix[1:]}"
        self.fail(UsageError(message, fix=fix))

    def fail(self, *errors: UsageError) -> NoReturn:
        """Report errors, and exit."""
        reporter = TerminalReporter(quiet=False, debug=False)
        for error in errors:
            reporter.error(error)
        self.exit(USAGE)

    def optional_values(self) -> Mapping[str, tuple[str, TakesWord]]:
        """Return the value that each option has alone, and which words are another value.

        They are the options whose value may be left out.
        """
        fields = field_list(self.get_default("fields") or (), lambda word: Path(word).is_file())
        return {
            name: (action.const, one_of(*action.choices) if action.choices else fields)
            for action in self._actions
            if action.nargs == argparse.OPTIONAL
            for name in action.option_strings
        }

    def _suggestion(self, message: str) -> str | None:
        """Return the option that is most similar to the unknown one in a message."""
        known = [option for action in self._actions for option in action.option_strings]
        unknown = re.search(r"unrecognized arguments: ([^\s=]+)", message)
        return next(iter(get_close_matches(unknown[1], known, 1)), None) if unknown else None


def _unknown_command(name: str, commands: Mapping[str, Parser]) -> tuple[UsageError, ...]:
    fix = "see `release-assets --help`"
    if name in gh.COMMANDS:
        fix = f"write `release-assets {gh.COMMANDS[name]}`"
    elif similar := get_close_matches(name, commands, 1):
        fix = f"did you mean `{similar[0]}`? See `release-assets --help`"
    return (UsageError(f"{name!r} is no command", fix=fix),)


def _add_sandbox(commands: "argparse._SubParsersAction[Parser]") -> Parser | None:
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
