"""The job summary: built in memory, then written to the file that the runner shows."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from actions_toolkit.value import to_bytes

SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY"
SUMMARY_DOCS_URL = (
    "https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions"
    "#adding-a-job-summary"
)
SUMMARY_LIMIT = 1024 * 1024  # bytes in the file of one step; above it the runner shows nothing

# A cell is text, or a mapping: data (text), header (bool), colspan and rowspan (text or int).
Cell = str | Mapping[str, object]


class SummaryTooLargeError(ValueError):
    """The file would exceed the limit of the runner."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"the summary would be {size} bytes long, and the runner shows nothing of a summary "
            f"above {SUMMARY_LIMIT} bytes; nothing was written"
        )
        self.size = size  # bytes that the file would have
        self.limit = SUMMARY_LIMIT


class Summary:
    """A buffer of Markdown and HTML; the methods that change it return it, so that calls chain.

    Text is added as it is: escape text from outside first.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/summary.ts
    """

    def __init__(self) -> None:
        self._buffer = ""

    def file_path(self) -> str:
        """Return the path of the summary file of this step.

        Raises:
            RuntimeError: GITHUB_STEP_SUMMARY is not set.
            PermissionError: the file is missing, or may not be read and written.
        """
        path = os.environ.get(SUMMARY_ENV_VAR)
        if not path:
            raise RuntimeError(
                f"Unable to find environment variable for ${SUMMARY_ENV_VAR}. "
                "Check if your runtime environment supports job summaries."
            )
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(
                f"Unable to access summary file: '{path}'. "
                "Check if the file has correct read/write permissions."
            )
        return path

    def write(self, overwrite: bool = False) -> Self:
        """Append the buffer to the summary file, or overwrite the file, and empty the buffer.

        Raises:
            SummaryTooLargeError: the file would exceed SUMMARY_LIMIT, and then the runner shows
                nothing of it, also nothing of earlier writes. File and buffer stay unchanged.
            RuntimeError, PermissionError: as file_path.

        Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
        """
        path = Path(self.file_path())
        content = to_bytes(self._buffer)
        size = len(content) + (0 if overwrite else path.stat().st_size)
        if size > SUMMARY_LIMIT:
            raise SummaryTooLargeError(size)
        with path.open("wb" if overwrite else "ab") as file:
            file.write(content)
        return self.empty_buffer()

    def clear(self) -> Self:
        """Empty the buffer and the summary file; raises as file_path does."""
        return self.empty_buffer().write(overwrite=True)

    def stringify(self) -> str:
        """Return the content of the buffer."""
        return self._buffer

    def is_empty_buffer(self) -> bool:
        """Return whether the buffer is empty."""
        return not self._buffer

    def empty_buffer(self) -> Self:
        """Empty the buffer; the file stays unchanged."""
        self._buffer = ""
        return self

    def add_raw(self, text: str, add_eol: bool = False) -> Self:
        """Add text; with add_eol also the system's line end."""
        self._buffer += text
        return self.add_eol() if add_eol else self

    def add_eol(self) -> Self:
        """Add the system's line end."""
        return self.add_raw(os.linesep)

    def add_code_block(self, code: str, lang: str | None = None) -> Self:
        """Add code; lang: its language, for highlighting."""
        return self._add(_wrap("pre", _wrap("code", code), {"lang": lang or None}))

    def add_list(self, items: Iterable[str], ordered: bool = False) -> Self:
        """Add a list; ordered: with numbers."""
        entries = "".join(_wrap("li", item) for item in items)
        return self._add(_wrap("ol" if ordered else "ul", entries))

    def add_table(self, rows: Iterable[Sequence[Cell]]) -> Self:
        """Add a table. A cell is text or {"data", "header", "colspan", "rowspan"}."""
        body = "".join(_wrap("tr", "".join(map(_cell, row))) for row in rows)
        return self._add(_wrap("table", body))

    def add_details(self, label: str, content: str) -> Self:
        """Add content that a click on label shows."""
        return self._add(_wrap("details", _wrap("summary", label) + content))

    def add_image(
        self,
        src: str,
        alt: str,
        *,
        width: str | int | None = None,
        height: str | int | None = None,
    ) -> Self:
        """Add an image; width and height in pixels."""
        size = {"width": width or None, "height": height or None}
        return self._add(_wrap("img", None, {"src": src, "alt": alt, **size}))

    def add_heading(self, text: str, level: int | str | None = None) -> Self:
        """Add a heading of level 1 to 6; any other level counts as 1."""
        known = str(level) in {"1", "2", "3", "4", "5", "6"}
        return self._add(_wrap(f"h{level}" if known else "h1", text))

    def add_separator(self) -> Self:
        """Add a horizontal line."""
        return self._add(_wrap("hr", None))

    def add_break(self) -> Self:
        """Add a line break."""
        return self._add(_wrap("br", None))

    def add_quote(self, text: str, cite: str | None = None) -> Self:
        """Add a quotation; cite: the URL of its source."""
        return self._add(_wrap("blockquote", text, {"cite": cite or None}))

    def add_link(self, text: str, href: str) -> Self:
        """Add a link."""
        return self._add(_wrap("a", text, {"href": href}))

    def _add(self, element: str) -> Self:
        return self.add_raw(element).add_eol()


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _wrap("td", cell)
    spans = {name: cell.get(name) or None for name in ("colspan", "rowspan")}
    return _wrap("th" if cell.get("header") else "td", cell.get("data"), spans)


def _wrap(tag: str, content: object, attributes: Mapping[str, object] | None = None) -> str:
    """Return content in an element; an attribute that is None is left out.

    An element without content has no closing tag, as in the original: `<hr>`, also `<td>`.
    """
    given = ((key, value) for key, value in (attributes or {}).items() if value is not None)
    opening = tag + "".join(f' {key}="{value}"' for key, value in given)
    return f"<{opening}>{content}</{tag}>" if content else f"<{opening}>"


summary = Summary()
markdown_summary = summary  # its name in the first version of the original
