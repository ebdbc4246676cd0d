"""What a run reports while it works; each door shows it in its own way."""

from contextlib import AbstractContextManager
from typing import Protocol


class Reporter(Protocol):
    """Takes lines for a reader. Any text may hold foreign names: the door makes it harmless."""

    def line(self, text: str) -> None:
        """Tell something worth a line."""

    def warning(self, title: str, text: str) -> None:
        """Tell something that the user should look at."""

    def notice(self, title: str, text: str) -> None:
        """Tell something that the user should know, and need not act on."""

    def debug(self, text: str) -> None:
        """Tell something for who looks for a fault."""

    def moved(self, name: str, done: int, size: int) -> None:
        """Tell how many bytes of a file are out or in by now; every try begins anew.

        Called from many threads, many times a second.
        """

    def group(self, title: str) -> AbstractContextManager[None]:
        """Tell what the lines until the end of the context are about."""
