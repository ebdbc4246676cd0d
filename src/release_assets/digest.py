"""SHA-256 digests, and lists of them in the format of `sha256sum -c`. Pure."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol, Self

_FORMAT = re.compile("sha256:[0-9a-f]{64}")
# As `sha256sum`, `shasum -a 256` and `sha256sum --tag` write a line; a backslash before it means
# that the name has escapes.
_LINE = r"([0-9a-fA-F]{64}) [ *](.+)|SHA256 \((.+)\) = ([0-9a-fA-F]{64})"
_START_LENGTH = 16  # hex digits: enough to distinguish the contents of one name


class Hash(Protocol):
    """A hash object of hashlib."""

    def hexdigest(self) -> str:
        """Return the hash in hex."""


class Digest(str):
    """The SHA-256 of some content: `sha256:` and 64 hex digits."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the digest in a text; None for another algorithm or an incomplete digest."""
        lower = text.lower()
        return cls(lower) if _FORMAT.fullmatch(lower) else None

    @classmethod
    def of(cls, content: Hash) -> Self:
        """Return the digest of what a SHA-256 object has hashed."""
        return cls(f"sha256:{content.hexdigest()}")

    @property
    def hex(self) -> str:
        """The 64 hex digits alone, as `sha256sum` writes them."""
        return self.removeprefix("sha256:")

    @property
    def start(self) -> str:
        """The first 16 hex digits, as the names of staged and backup assets contain them."""
        return self.hex[:_START_LENGTH]


def hash_blocks(blocks: Iterable[bytes | memoryview]) -> tuple[Digest, int]:
    """Return the digest of all blocks together, and the number of their bytes."""
    content, size = sha256(), 0
    for block in blocks:
        content.update(block)
        size += len(block)
    return Digest.of(content), size


def checksum_lines(digests: Iterable[tuple[str, Digest]]) -> str:
    """Return a line for each name and digest, sorted by name.

    Source: https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html
    """
    return "".join(f"{digest.hex}  {name}\n" for name, digest in sorted(digests))


def parse_checksum_lines(text: str) -> list[tuple[str, Digest]]:
    """Return name and digest of each line, as `sha256sum` writes them; ignore empty lines.

    Raises: ValueError, with the number of the line.

    Source: https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html
    """
    digests = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        found = re.fullmatch(_LINE, line.strip())
        if found is None:
            raise ValueError(f"line {number} is not a SHA-256 and a name")
        name, hex_digits = found[2] or found[3], found[1] or found[4]
        digests.append((name, Digest(f"sha256:{hex_digits.lower()}")))
    return digests
