"""Output on a terminal: log lines, results and a confirmation."""

import os
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from release_assets.errors import CancelledRunError, ReleaseAssetsError
from release_assets.escape import harmless
from release_assets.report import ProgressLines
from release_assets.stop import Stop
from release_assets.wording import in_terminal

_COLOURS = {"error": "31;1", "warning": "33;1"}


class TerminalReporter:
    """Prints the log of a run to standard error, because standard output is for results."""

    def __init__(self, *, quiet: bool, debug: bool) -> None:
        self._quiet = quiet
        self.shows_debug = debug
        self._progress = ProgressLines(self.line)

    def line(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            self._print(harmless(in_terminal(text)))

    def warning(self, title: str, text: str) -> None:
        """Print a warning, even with --quiet."""
        self._print(harmless(f"{title}: {in_terminal(text)}"), label="warning")

    def notice(self, title: str, text: str) -> None:
        """Print a line."""
        self.line(f"{title}: {in_terminal(text)}")

    def error(self, error: ReleaseAssetsError) -> None:
        """Print an error."""
        self._print(harmless(f"{error.title}: {in_terminal(error.text)}"), label="error")

    def show_lines(self, *lines: str) -> None:
        """Print lines, even with --quiet: a question is about them."""
        for line in lines:
            self._print(harmless(line))

    def debug(self, text: str) -> None:
        """Print a line with --debug."""
        if self.shows_debug:
            self._print(harmless(f"debug: {text}"))

    def moved(self, name: str, done: int, size: int) -> None:
        """Print the progress of a large file from time to time."""
        self._progress.moved(name, done, size)

    def start_progress(self, count: int, size: int) -> None:
        """Do nothing: only progress bars need the total."""

    def close(self) -> None:
        """Do nothing: only progress bars must be removed."""

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Print the title of a group of lines."""
        self.line(f"{title}:")
        yield

    def _print(self, text: str, label: str = "") -> None:
        if label:
            text = f"{coloured(label, sys.stderr, os.environ)}: {text}"
        sys.stderr.write(printable(f"{text}\n", sys.stderr))
        sys.stderr.flush()


class OutputError(ReleaseAssetsError):
    """Standard output cannot be written."""

    title = "Output not written"

    def __init__(self, reason: str, *, fix: str = "") -> None:
        super().__init__(f"standard output cannot be written: {reason}", fix=fix)


def check_output() -> None:
    """Return if standard output is open. Raises: OutputError, before anything is done."""
    if sys.stdout is None:
        raise OutputError("it is closed", fix="open it, for example with `>/dev/null`")


def print_result(text: str) -> None:
    """Print a line of the result to standard output, without control characters.

    Raises: OutputError.
    """
    write_line(harmless(text, one_line=True))


def write_line(text: str) -> None:
    """Write a line to standard output at once, in UTF-8 for every locale.

    print() would fail for characters that the locale lacks, and keep the line in a buffer, which
    is lost when the process is killed. Halves of surrogate pairs are escaped.

    Raises: OutputError.
    """
    with _writing():
        sys.stdout.flush()  # of text that was printed before
        sys.stdout.buffer.write(f"{text}{os.linesep}".encode(errors="backslashreplace"))
        sys.stdout.buffer.flush()


def flush_output() -> None:
    """Write what is left in a buffer to standard output. Raises: OutputError."""
    with _writing():
        sys.stdout.flush()


@contextmanager
def _writing() -> Iterator[None]:
    """Turn an error of standard output into an OutputError."""
    try:
        yield
    except OSError as error:
        # Python would try to write the rest once more at exit, and fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise OutputError("the program that reads it has ended") from error
        fix = "send it elsewhere; what was done is reported above"
        raise OutputError(error.strerror or "unknown error", fix=fix) from error


def coloured(label: str, stream: TextIO, environment: Mapping[str, str]) -> str:
    """Return a label, in colour if the stream is a terminal with colours.

    Source: https://no-color.org
    """
    plain = environment.get("NO_COLOR") or environment.get("TERM", "dumb") == "dumb"
    if plain or sys.platform == "win32" or not stream.isatty():
        return label
    return f"\x1b[{_COLOURS[label]}m{label}\x1b[0m"


def printable(text: str, stream: TextIO) -> str:
    """Return text with escapes for characters that the encoding of a stream lacks."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def can_confirm() -> bool:
    """Return whether a user can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, stop: Stop) -> bool:
    """Ask the user, and return whether the answer is yes.

    Raises: CancelledRunError as soon as the run is cancelled.
    """
    sys.stderr.write(printable(harmless(f"{question} [y/N] "), sys.stderr))
    sys.stderr.flush()
    try:
        while not _has_input(sys.stdin):
            stop.check()
    except CancelledRunError:
        sys.stderr.write("\n")
        raise
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _has_input(stream: TextIO) -> bool:
    """Wait a moment, and return whether there is a line to read."""
    if sys.platform == "win32":
        return True  # where Ctrl-C ends reading from a console
    return bool(select.select([stream], [], [], 0.1)[0])
