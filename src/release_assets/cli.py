"""Door for the terminal: argv in, lines and exit code out."""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from actions_toolkit.command import harmless
from release_assets import __version__, report
from release_assets import inputs as reading
from release_assets.connect import connect
from release_assets.contract import INPUTS
from release_assets.errors import (
    CancelledRunError,
    MissingInputError,
    ReleaseAssetsError,
    each,
)
from release_assets.outcome import Outcome, exit_code
from release_assets.publish import publish
from release_assets.stop import Stop, run_until_stopped

FAILED, USAGE, INTERRUPTED = 1, 2, 130

# What only the job of a workflow has.
_NOT_OPTIONS = {"files", "token", "summary", "dry-run"}


class TerminalSay:
    """Tells a run in plain lines."""

    def __init__(self, *, quiet: bool, debug: bool) -> None:
        self._quiet = quiet
        self._debug = debug

    def line(self, text: str) -> None:
        """Print a line, to standard error: standard output is for results."""
        if not self._quiet:
            print(harmless(text), file=sys.stderr, flush=True)  # noqa: T201

    def warning(self, title: str, text: str) -> None:
        """Print a line that says so."""
        print(harmless(f"warning: {title}: {text}"), file=sys.stderr, flush=True)  # noqa: T201

    def debug(self, text: str) -> None:
        """Print a line when debugging is on."""
        if self._debug:
            print(harmless(f"debug: {text}"), file=sys.stderr, flush=True)  # noqa: T201

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Print what comes as a heading."""
        self.line(f"{title}:")
        yield


def run() -> None:
    """Run as the console script does."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run once and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    try:
        options = _parser().parse_args(argv)
        return int(options.run(options))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a bug: told as one, never as a traceback
        if os.environ.get("RELEASE_ASSETS_DEBUG"):
            traceback.print_exception(error)
        text = f"error: this is a bug ({type(error).__name__}); please report it"
        print(text, file=sys.stderr)  # noqa: T201
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="release-assets",
        description="Put files on a GitHub release and never lose one.",
        epilog="The token is taken from --token-file, GH_TOKEN or GITHUB_TOKEN.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    told = {
        "publish": "put files on a release",
        "plan": "say what publish would do, and change nothing",
    }
    for name, text in told.items():
        command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        _add_publish_options(command)
        command.set_defaults(run=_publish, dry_run=name == "plan")
    _add_sandbox(commands)
    return parser


def _add_publish_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="PATTERN", help="files to publish; see the input `files`"
    )
    for given in INPUTS:
        if given.name in _NOT_OPTIONS:
            continue
        default = f" (default: {given.default})" if given.default else ""
        text = (given.help + default).replace("%", "%%")
        if given.boolean:
            parser.add_argument(
                f"--{given.name}", nargs="?", const="true", metavar="true|false", help=text
            )
        else:
            parser.add_argument(f"--{given.name}", metavar="VALUE", help=text)
    parser.add_argument("--token-file", metavar="PATH", help="file that holds the token")
    parser.add_argument(
        "--api-url", metavar="URL", help="API of GitHub (default: GITHUB_API_URL, GH_HOST)"
    )
    parser.add_argument("--json", action="store_true", help="print the outputs as JSON")
    parser.add_argument("--quiet", action="store_true", help="tell only warnings and errors")
    parser.add_argument("--debug", action="store_true", help="tell every request")


def _add_sandbox(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "serve a GitHub of your own to try things on"
    try:
        from github_sandbox import command as sandbox
    except ImportError:
        return  # the image of the action does not carry it
    parser = commands.add_parser("sandbox", help=text, description=text.capitalize() + ".")
    sandbox.add_options(parser)
    parser.set_defaults(run=sandbox.serve)


def _publish(options: argparse.Namespace) -> int:
    say = TerminalSay(quiet=options.quiet, debug=options.debug)
    stop, outcome = Stop(), Outcome()
    try:
        asked = reading.parse(_values(options, os.environ), _job(options, os.environ))
        github = connect(asked, os.environ, say, stop)
    except ReleaseAssetsError as error:
        _tell(Outcome(errors=each(error)))
        return USAGE
    ended = run_until_stopped(lambda: publish(asked, github, say, outcome), stop)
    if not ended:
        outcome.errors = (CancelledRunError(),)
    if options.json:
        print(json.dumps(report.outputs(outcome), indent=2))  # noqa: T201
    elif not outcome.errors:
        print(report.outputs(outcome)["urls"])  # noqa: T201
    say.line(report.totals(outcome))
    if outcome.errors:
        _tell(outcome)
    code = exit_code(outcome, stop.signal)
    if not ended:
        # Threads that still wait for an answer must not hold up the end.
        sys.stdout.flush()
        os._exit(code)
    return code


def _tell(outcome: Outcome) -> None:
    title, message = report.annotation(outcome.errors)
    print(harmless(f"error: {title}: {message}"), file=sys.stderr)  # noqa: T201


def _values(options: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, str]:
    given = {
        spec.name: getattr(options, spec.name.replace("-", "_"), None) or ""
        for spec in INPUTS
        if spec.name not in _NOT_OPTIONS
    }
    given["files"] = "\n".join(options.files)
    given["dry-run"] = "true" if options.dry_run else "false"
    given["repository"] = given["repository"] or _first(environment, "GH_REPO", "GITHUB_REPOSITORY")
    given["token"] = _token(options.token_file, environment)
    return given


def _token(path: str | None, environment: Mapping[str, str]) -> str:
    if path is None:
        return _first(environment, "GH_TOKEN", "GITHUB_TOKEN")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingInputError("token-file", f"give a file that can be read: {error}") from error


def _job(options: argparse.Namespace, environment: Mapping[str, str]) -> reading.Job:
    api_url = options.api_url or environment.get("GITHUB_API_URL") or ""
    host = environment.get("GH_HOST", "")
    if not api_url and host and host != "github.com":
        api_url = f"https://api.{host}" if host.endswith(".ghe.com") else f"https://{host}/api/v3"
    return reading.Job(
        api_url=api_url or "https://api.github.com",
        workspace=os.getcwd(),  # noqa: PTH109
        ref=environment.get("GITHUB_REF", ""),
    )


def _first(environment: Mapping[str, str], *names: str) -> str:
    return next((value for name in names if (value := environment.get(name))), "")
