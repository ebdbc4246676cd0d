"""The mark in the notes of a draft that this action created; publishing removes it. Pure."""

import re
from collections.abc import Iterable
from hashlib import sha256

from release_assets.light_dataclasses import dataclass

# An HTML comment, which the web page of the draft does not show.
_MARK = (  # compiled when it is used: most releases are no drafts
    r"(?:\r?\n)*<!-- publish-release-assets: made for set ([0-9a-f]{16})"
    r"(?:, run ([0-9]+(?:-[0-9]+)?|-))?(?:, given((?: [a-z-]+)*))?(, tag existed)? -->"
)

MAX_LENGTH = 200
"""Characters of a mark, at most."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a mark records about the run that last wrote the draft."""

    files: str  # `set_of` the asset names of the run that created the draft
    run: str = ""  # id and attempt of the workflow run; empty outside a workflow
    given: frozenset[str] = frozenset()  # names of the inputs that set fields of the release
    tag_existed: bool = False  # whether the git tag existed when the draft was created


def set_id(names: Iterable[str]) -> str:
    """Return an id of a set of asset names."""
    return sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def marked_notes(notes: str, mark: Mark) -> str:
    """Return notes with this mark, instead of any mark that they have."""
    given = "".join(f" {name}" for name in sorted(mark.given))
    content = f"made for set {mark.files}, run {mark.run or '-'}, given{given}"
    content += ", tag existed" if mark.tag_existed else ""
    comment = f"<!-- publish-release-assets: {content} -->"
    plain = without_mark(notes)
    return f"{plain}\n\n{comment}" if plain else comment


def find_mark(notes: str) -> Mark | None:
    """Return the mark in the notes of a draft, None for a draft that this action did not create."""
    found = re.search(_MARK, notes)
    if found is None:
        return None
    files, run, given, tag_existed = found.groups()
    return Mark(
        files=files,
        run="" if run in {None, "-"} else run,
        given=frozenset((given or "").split()),
        tag_existed=tag_existed is not None,
    )


def without_mark(notes: str) -> str:
    """Return the notes without a mark."""
    return re.sub(_MARK, "", notes)
