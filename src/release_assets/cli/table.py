"""Rows -> lines with columns that stand below each other. Pure."""

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width


def lines(head: Sequence[str], rows: Sequence[Sequence[str]], right: str = "") -> Iterator[str]:
    """Yield a line for the head and each row, without blanks at its end.

    right: the heads of the columns whose values stand at their right end.
    """
    every = [list(head), *(list(row) for row in rows)]
    widths = [max(_width(row[column]) for row in every) for column in range(len(head))]
    for row in every:
        cells = []
        for cell, width, title in zip(row, widths, head, strict=True):
            blanks = " " * (width - _width(cell))
            cells.append(blanks + cell if title in right.split() else cell + blanks)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(bool(combining(letter)) for letter in text)
