"""The screens of a program on a terminal while it runs."""

import os
import pty
import re
import select
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from rich.color import Color, ColorType
from rich.console import Console
from rich.text import Text


def screens(command: Sequence[str], directory: Path, variables: Mapping[str, str]) -> Iterator[str]:
    """Run a command on a terminal, and yield the screen after each change."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, cwd=directory, env=dict(variables), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen = Screen()
    with os.fdopen(ours, "rb", buffering=0) as terminal, process:
        while select.select([terminal], [], [], 30)[0]:
            try:
                output = terminal.read(65536)
            except OSError:  # Linux: the other end is closed
                break
            if not output:
                break
            screen.write(output.decode("utf-8", "replace"))
            yield "\n".join(screen.lines)


class Screen:
    """A minimal terminal for progress bars; the lines keep their colour codes."""

    _PART = re.compile(r"\x1b\[[\d;?]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+")

    def __init__(self) -> None:
        self.lines = [""]
        self._row = 0

    def write(self, output: str) -> None:
        """Apply output of the program to the screen."""
        for part in self._PART.findall(output):
            if part == "\n":
                self._row += 1
                if self._row == len(self.lines):
                    self.lines.append("")
            elif part == "\x1b[2K":
                self.lines[self._row] = ""
            elif part == "\x1b[1A":
                self._row = max(self._row - 1, 0)
            elif part != "\r" and not part.startswith("\x1b[?"):
                self.lines[self._row] += part


def plain(screen: str) -> str:
    """Return a screen without its colour codes."""
    return Text.from_ansi(screen).plain


def coloured(line: str) -> str:
    """Return a line with its colours as HTML."""
    spans = []
    for part in Text.from_ansi(line).render(Console(color_system="truecolor")):
        colour = part.style.color if part.style else None
        if colour is None:
            spans.append(escape(part.text))
            continue
        shown = f"var(--{colour.name})" if colour.type is ColorType.STANDARD else _hex(colour)
        spans.append(f'<span style="color: {shown}">{escape(part.text)}</span>')
    return "".join(spans).rstrip("\n")


def _hex(colour: Color) -> str:
    # The empty part of a bar, whose grey is meant for a black terminal.
    return "var(--line)" if colour.number == 237 else colour.get_truecolor().hex
