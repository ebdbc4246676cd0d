"""Rows -> lines of a table with aligned columns. Pure."""

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width


def table_lines(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: str = ""
) -> Iterator[str]:
    """Yield a line for the head and each row, without trailing blanks.

    right: heads of the columns that are aligned right, separated by blanks.
    """
    all_rows = [list(head), *(list(row) for row in rows)]
    widths = [max(_width(row[column]) for row in all_rows) for column in range(len(head))]
    for row in all_rows:
        cells = []
        for cell, width, title in zip(row, widths, head, strict=True):
            blanks = " " * (width - _width(cell))
            cells.append(blanks + cell if title in right.split() else cell + blanks)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return the width of a text in columns of a terminal."""
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(combining(character)) for character in text)
