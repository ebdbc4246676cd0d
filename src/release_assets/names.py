"""File name -> the asset name that GitHub will show, and the names during a swap. Pure."""

import re
import unicodedata
from hashlib import sha256
from typing import Literal

from release_assets.digest import Digest
from release_assets.light_dataclasses import dataclass
from release_assets.text import is_utf8

# Letters that do not decompose into a Latin letter and an accent.
# Source: the defaults of I18n.transliterate in ruby-i18n, according to a GitHub engineer in
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

    Empty when no valid character is left. This is a reconstruction from public reports; the name
    in GitHub's response decides.

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

    GitHub may rewrite a name in an unexpected way. So only letters and digits are compared, which
    it never changes.
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


_NOT_IN_TAG = frozenset(" ~^:?*[\\\x7f").union(map(chr, range(32)))


def is_tag_name(name: str) -> bool:
    """Say whether git and GitHub allow a name for a tag.

    Source: https://git-scm.com/docs/git-check-ref-format; GitHub also requires valid UTF-8.
    """
    return (
        name not in {"", "@"}
        and is_utf8(name)
        and _NOT_IN_TAG.isdisjoint(name)
        and not any(part in name for part in ("..", "@{", "//", "/.", ".lock/"))
        and not name.startswith(("/", ".", "-"))
        and not name.endswith(("/", ".", ".lock"))
    )


_UNTAGGED = r"untagged-[0-9a-f]{6,40}"


def is_untagged(tag: str) -> bool:
    """Say whether a tag is the placeholder that GitHub gives to a draft without a tag.

    Source: https://github.com/mongodb-js/mongosh/issues/691
    """
    return re.fullmatch(_UNTAGGED, tag) is not None


# A staged asset is named FINAL.release-assets-new-DIGEST-CHECKSUM until it is verified. A backup
# asset is named FINAL.release-assets-old-DIGEST-CHECKSUM until it is deleted.
_SWAP_NAME = re.compile(r"(.+)\.release-assets-(new|old)-([0-9a-f]{16})-([0-9a-f]{8})")

Role = Literal["new", "old"]


@dataclass(frozen=True, kw_only=True)
class SwapName:
    """The parts of the temporary name that an asset has during a swap."""

    final: str  # the name that the asset has before or after the swap
    role: Role
    digest: str  # 16 hex digits: the start of the SHA-256 of the new content


def staging_name(final: str, digest: Digest) -> str:
    """Return the name of the staged asset, until it gets its final name."""
    return _swap_name(final, "new", digest)


def backup_name(final: str, digest: Digest) -> str:
    """Return the name of the backup asset, until it is deleted."""
    return _swap_name(final, "old", digest)


def parse_swap_name(name: str) -> SwapName | None:
    """Return the parts of a staging or backup name; None for any other name.

    The checksum at the end covers the other parts, so a name that only looks similar is rejected.
    """
    match = _SWAP_NAME.fullmatch(name)
    if match is None:
        return None
    final, role, digest, checksum = match.groups()
    if _checksum(final, role, digest) != checksum:
        return None
    return SwapName(final=final, role="new" if role == "new" else "old", digest=digest)


def _swap_name(final: str, role: Role, digest: Digest) -> str:
    start = digest.start
    return f"{final}.release-assets-{role}-{start}-{_checksum(final, role, start)}"


def _checksum(final: str, role: str, digest: str) -> str:
    # A name that is not UTF-8 must not raise: its error is reported elsewhere.
    content = f"{final}\n{role}\n{digest}".encode("utf-8", "surrogatepass")
    return sha256(content).hexdigest()[:8]
