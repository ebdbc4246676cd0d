"""The SHA-256 of some content, and lists of them as `sha256sum -c` reads them. Pure."""

import re
from collections.abc import Iterable
from typing import Protocol, Self

_FORM = re.compile("sha256:[0-9a-f]{64}")
_START = 16  # hex digits: enough to tell the contents of one name apart


class Hash(Protocol):
    """A hash object of hashlib."""

    def hexdigest(self) -> str:
        """Return the hash in hex."""


class Digest(str):
    """The SHA-256 of some content: `sha256:` and 64 hex digits."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the digest that a text is; None for another algorithm, or half a digest."""
        lower = text.lower()
        return cls(lower) if _FORM.fullmatch(lower) else None

    @classmethod
    def of(cls, sha256: Hash) -> Self:
        """Return the digest that a SHA-256 object has come to."""
        return cls(f"sha256:{sha256.hexdigest()}")

    @property
    def hex(self) -> str:
        """The 64 hex digits alone, as `sha256sum` writes them."""
        return self.removeprefix("sha256:")

    @property
    def start(self) -> str:
        """The first 16 hex digits, as names of staged assets and backups hold them."""
        return self.hex[:_START]


def checksum_lines(digests: Iterable[tuple[str, Digest]]) -> str:
    """Return a line for each name and digest, sorted by name.

    Source: https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html
    """
    return "".join(f"{digest.hex}  {name}\n" for name, digest in sorted(digests))
