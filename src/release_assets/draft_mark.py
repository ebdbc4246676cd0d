"""Which set of files a draft was made for: a mark in its notes, until it is public. Pure."""

import re
from collections.abc import Iterable
from hashlib import sha256

# An HTML comment: whoever reads the draft on the web does not see it.
_MARK = re.compile(r"(?:\r?\n)*<!-- publish-release-assets: made for set ([0-9a-f]{16}) -->")

LENGTH = len("\n\n<!-- publish-release-assets: made for set  -->") + 16
"""Characters of a mark."""


def mark(notes: str, names: Iterable[str]) -> str:
    """Return the notes of a draft that is made for the assets of these names."""
    comment = f"<!-- publish-release-assets: made for set {_set(names)} -->"
    return f"{notes}\n\n{comment}" if notes else comment


def is_marked(notes: str) -> bool:
    """Say whether a run of ours made the draft, to make it public itself."""
    return _MARK.search(notes) is not None


def is_made_for(notes: str, names: Iterable[str]) -> bool:
    """Say whether the draft was made for exactly the assets of these names."""
    found = _MARK.search(notes)
    return found is not None and found[1] == _set(names)


def unmarked(notes: str) -> str:
    """Return the notes as they are meant for readers."""
    return _MARK.sub("", notes)


def _set(names: Iterable[str]) -> str:
    return sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]
