"""The SHA-256 of some content, as GitHub writes it."""

import json
from hashlib import sha256

import pytest

from release_assets.digest import Digest

HEX = sha256(b"x").hexdigest()


def test_a_digest_has_the_format_of_github() -> None:
    digest = Digest.of(sha256(b"x"))
    assert digest == f"sha256:{HEX}"
    assert json.dumps(digest) == f'"sha256:{HEX}"'
    assert (digest.hex, digest.start) == (HEX, HEX[:16])


@pytest.mark.parametrize("text", [f"sha256:{HEX}", f"SHA256:{HEX.upper()}"])
def test_a_complete_digest_is_parsed_in_any_case(text: str) -> None:
    assert Digest.parse(text) == Digest.of(sha256(b"x"))


@pytest.mark.parametrize(
    "text", ["", HEX, f"sha256:{HEX[1:]}", f"sha256:{HEX}0", f"sha512:{HEX}", f"sha256:{HEX}\n"]
)
def test_anything_else_is_no_digest(text: str) -> None:
    assert Digest.parse(text) is None
