"""File name -> the asset name GitHub will show, and the names a swap uses meanwhile. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from release_assets.digest import Digest

# Letters that do not decompose into a Latin one and a mark.
# Source: the defaults of I18n.transliterate in ruby-i18n, which a GitHub engineer pointed to in
# https://github.com/cli/cli/issues/7201
_LETTERS = {
    "Æ": "AE", "Ð": "D", "×": "x", "Ø": "O", "Þ": "Th", "ß": "ss", "ẞ": "SS", "æ": "ae",
    "ð": "d", "ø": "o", "þ": "th", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "Ĳ": "IJ",
    "ĳ": "ij", "ĸ": "k", "Ŀ": "L", "ŀ": "l", "Ł": "L", "ł": "l", "ŉ": "'n", "Ŋ": "NG", "ŋ": "ng",
    "Œ": "OE", "œ": "oe", "Ŧ": "T", "ŧ": "t",
}  # fmt: skip
_ACCENTED = (range(0x00C0, 0x0180), range(0x01EA, 0x01EE))
_UNUSUAL = re.compile(r"[^A-Za-z0-9\-_+@]+")


def asset_name(requested: str) -> str:
    """Return the name GitHub gives to an asset that is uploaded as `requested`.

    Empty when nothing usable is left. A reconstruction from public reports: the name in GitHub's
    answer is the truth.

    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset ("renames asset
    filenames that have special characters, non-alphanumeric characters, and leading or trailing
    periods") and sanitizeFileName in https://github.com/cli/cli, pkg/cmd/release/upload.
    """
    name = "".join(_latin(letter) for letter in unicodedata.normalize("NFC", requested))
    if name.startswith("."):
        name = "default" + name
    name = _UNUSUAL.sub(".", name).strip(".")
    if name and name != requested and "." not in name:
        name = "default." + name
    return name


def may_be_renamed_to(requested: str, name: str) -> bool:
    """Say whether GitHub may have given this name to an asset that was uploaded as `requested`.

    GitHub may rewrite a name otherwise than foreseen. What every rewriting leaves alone is
    compared: letters and digits.
    """
    return name == requested or _letters(name) in {
        _letters(requested),
        _letters(asset_name(requested)),
    }


def _letters(name: str) -> str:
    letters = (letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return "".join(letters).removeprefix("default")


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _LETTERS:
        return _LETTERS[letter]
    if any(ord(letter) in block for block in _ACCENTED):
        base = unicodedata.normalize("NFD", letter)[0]
        return base if base.isascii() else "?"
    return "?"


_UNTAGGED = re.compile(r"untagged-[0-9a-f]{6,40}")


def is_untagged(tag: str) -> bool:
    """Say whether a tag is the name that GitHub gives to a draft that has lost its tag.

    Source: https://github.com/mongodb-js/mongosh/issues/691
    """
    return _UNTAGGED.fullmatch(tag) is not None


# The names of a swap: FINAL.release-assets-new-DIGEST-CHECK while the new asset is uploaded and
# verified, FINAL.release-assets-old-DIGEST-CHECK for the old one until it is deleted.
_MARKED = re.compile(r"(.+)\.release-assets-(new|old)-([0-9a-f]{16})-([0-9a-f]{8})")

Role = Literal["new", "old"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapName:
    """What a name of ours says about the asset that bears it."""

    final: str  # the name it stands for
    role: Role
    digest: str  # 16 hex digits: the start of the SHA-256 of the new bytes


def staging_name(final: str, digest: Digest) -> str:
    """Return the name of the new asset until it takes the old one's place."""
    return _mark(final, "new", digest)


def backup_name(final: str, digest: Digest) -> str:
    """Return the name of the old asset until it is deleted."""
    return _mark(final, "old", digest)


def parse_swap_name(name: str) -> SwapName | None:
    """Return what a name of ours says, or None for a name that is not ours.

    The check at its end depends on all the rest, so no name that merely looks alike is taken
    for ours.
    """
    match = _MARKED.fullmatch(name)
    if match is None:
        return None
    final, role, digest, check = match.groups()
    if _check(final, role, digest) != check:
        return None
    return SwapName(final=final, role="new" if role == "new" else "old", digest=digest)


def _mark(final: str, role: Role, digest: Digest) -> str:
    start = digest.start
    return f"{final}.release-assets-{role}-{start}-{_check(final, role, start)}"


def _check(final: str, role: str, digest: str) -> str:
    # With what a file name may hold that is no UTF-8: whoever asks is to be told, not interrupted.
    told = f"{final}\n{role}\n{digest}".encode("utf-8", "surrogatepass")
    return sha256(told).hexdigest()[:8]
