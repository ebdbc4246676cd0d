"""A page of Markdown whose size is limited, such as a job summary. Pure."""

from collections.abc import Iterable


class Page:
    """Lines of Markdown, and how many bytes they take."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._used = 0

    def add(self, *lines: str) -> None:
        """Add lines."""
        self._lines += lines
        self._used += sum(map(_byte_count, lines))

    def fitting(self, lines: Iterable[str], max_bytes: int) -> list[str]:
        """Return the first of some lines, as many as the page can add up to this total size."""
        left = max_bytes - self._used
        kept: list[str] = []
        for line in lines:
            left -= _byte_count(line)
            if left < 0:
                break
            kept.append(line)
        return kept

    def text(self) -> str:
        """Return the page."""
        return "\n".join(self._lines).encode("utf-8", "replace").decode() + "\n"


def _byte_count(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + 1
