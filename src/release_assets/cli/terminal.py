"""What a person reads: lines to standard error, results to standard output, a question."""

import os
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from actions_toolkit.command import harmless, write_line
from release_assets.errors import CancelledRunError
from release_assets.report import ProgressLines
from release_assets.stop import Stop

_COLOURS = {"error": "31;1", "warning": "33;1"}


class TerminalReporter:
    """Tells a run in plain lines, all to standard error: standard output is for results."""

    def __init__(self, *, quiet: bool, debug: bool) -> None:
        self._quiet = quiet
        self._debug = debug
        self._progress = ProgressLines(self.line)

    def line(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            self._print(harmless(text))

    def warning(self, title: str, text: str) -> None:
        """Print a line that says so, also when only errors are asked for."""
        self._print(harmless(f"{title}: {text}"), label="warning")

    def notice(self, title: str, text: str) -> None:
        """Print a line."""
        self.line(f"{title}: {text}")

    def error(self, title: str, text: str) -> None:
        """Print what went wrong."""
        self._print(harmless(f"{title}: {text}"), label="error")

    def shows(self, *lines: str) -> None:
        """Print lines that a question is about, also when only errors are asked for."""
        for line in lines:
            self._print(harmless(line))

    def debug(self, text: str) -> None:
        """Print a line when debugging is on."""
        if self._debug:
            self._print(harmless(f"debug: {text}"))

    def moved(self, name: str, done: int, size: int) -> None:
        """Print a line about a large file, now and then."""
        self._progress.moved(name, done, size)

    def expect(self, count: int, size: int) -> None:
        """Take note of how many files and bytes are to move; lines do not tell it."""

    def close(self) -> None:
        """Leave nothing behind that is still drawn."""

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Print what comes as a heading."""
        self.line(f"{title}:")
        yield

    def _print(self, text: str, label: str = "") -> None:
        if label:
            text = f"{painted(label, sys.stderr, os.environ)}: {text}"
        sys.stderr.write(printable(f"{text}\n", sys.stderr))
        sys.stderr.flush()


def result(text: str) -> None:
    """Write a line of the result to standard output, in which nothing acts."""
    write_line(harmless(text, one_line=True))


def painted(label: str, stream: TextIO, environment: Mapping[str, str]) -> str:
    """Return a label, in colour where that can be seen and is wanted.

    Source: https://no-color.org
    """
    plain = environment.get("NO_COLOR") or environment.get("TERM", "dumb") == "dumb"
    if plain or sys.platform == "win32" or not stream.isatty():
        return label
    return f"\x1b[{_COLOURS[label]}m{label}\x1b[0m"


def printable(text: str, stream: TextIO) -> str:
    """Return text with escapes for what a stream cannot write, as on old consoles."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def can_ask() -> bool:
    """Say whether there is somebody to answer a question."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def agrees(question: str, stop: Stop) -> bool:
    """Ask, and say whether the answer is yes.

    Raises: CancelledRunError as soon as the run is told to end.
    """
    sys.stderr.write(printable(harmless(f"{question} [y/N] "), sys.stderr))
    sys.stderr.flush()
    try:
        while not _is_typed(sys.stdin):
            stop.check()
    except CancelledRunError:
        sys.stderr.write("\n")
        raise
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _is_typed(stream: TextIO) -> bool:
    """Wait a moment, and say whether there is a line to read."""
    if sys.platform == "win32":
        return True  # where reading a console ends with Ctrl-C
    return bool(select.select([stream], [], [], 0.1)[0])
