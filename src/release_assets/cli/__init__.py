"""The command line: one module for each command, and the modules that they share."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress

from release_assets.cli.parser import parse, parsers
from release_assets.cli.run import FAILED, USAGE, errors_of
from release_assets.cli.terminal import OutputError, TerminalReporter, check_output, flush_output
from release_assets.errors import CancelledRunError, ReleaseAssetsError

__all__ = ["main", "parsers", "run"]

INTERRUPTED = 130
"""Exit code of Ctrl-C outside of a run; a run has its own handling of signals."""


def run() -> None:
    """Run the command line; the entry point of the console scripts."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run once and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    if sys.stderr is None:  # it is closed, so nobody reads messages
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
    try:
        check_output()
        code = _run(sys.argv[1:] if argv is None else argv)
        # After an error, what cannot be written is not worth another one.
        with suppress(OutputError) if code else nullcontext():
            flush_output()
    except KeyboardInterrupt:
        return _report(INTERRUPTED, CancelledRunError("interrupted; nothing was done", fix=""))
    except Exception as error:  # noqa: BLE001 - reported as a bug, never as a traceback
        errors = errors_of(error)
        return _report(USAGE if all(one.is_usage for one in errors) else FAILED, *errors)
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        options = parse(arguments)
    except SystemExit as end:  # after a help text or a usage error
        return int(end.code or 0)
    return int(options.run(options))


def _report(code: int, *errors: ReleaseAssetsError) -> int:
    reporter = TerminalReporter(quiet=False, debug=False)
    for error in errors:
        reporter.error(error)
    return code
