"""The interface through which a run reports to its user; `action` and `cli` implement it."""

from contextlib import AbstractContextManager
from typing import Protocol


class Reporter(Protocol):
    """Shows text to the user. A text may contain foreign names, so implementations escape it."""

    shows_debug: bool  # whether `debug` reports anything

    def line(self, text: str) -> None:
        """Report a line of the log."""

    def warning(self, title: str, text: str) -> None:
        """Report a problem that the user should fix."""

    def notice(self, title: str, text: str) -> None:
        """Report a fact that the user should know, and that needs no action."""

    def debug(self, text: str) -> None:
        """Report a detail that helps to debug a run."""

    def moved(self, name: str, done: int, size: int) -> None:
        """Report how many bytes of a file were transferred; every attempt starts again.

        Called from many threads, many times a second.
        """

    def group(self, title: str) -> AbstractContextManager[None]:
        """Group the lines until the end of the context under a title."""
