"""The SHA-256 of some content, as GitHub writes it."""

import json
from hashlib import sha256

import pytest

from release_assets.digest import Digest, checksum_lines, parse_checksum_lines

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


DIGITS = "ab" * 32


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        (f"{DIGITS}  app.zip\n", [("app.zip", DIGITS)]),
        (f"{DIGITS} *app.zip\r\n", [("app.zip", DIGITS)]),
        (f"{DIGITS.upper()}  dist/my app.zip", [("dist/my app.zip", DIGITS)]),
        (f"SHA256 (app.zip) = {DIGITS}", [("app.zip", DIGITS)]),
        (f"\ufeff{DIGITS}  a\n\n{'cd' * 32}  b\n", [("a", DIGITS), ("b", "cd" * 32)]),
        ("", []),
    ],
)
def test_a_list_of_checksums_is_read(text: str, parsed: list[tuple[str, str]]) -> None:
    assert parse_checksum_lines(text) == [(name, f"sha256:{digits}") for name, digits in parsed]


@pytest.mark.parametrize(
    "line",
    [
        "app.zip",
        DIGITS,
        f"{DIGITS[:-1]}  a",
        f"{DIGITS}  ",
        f"MD5 (a) = {DIGITS}",
        f"\\{DIGITS}  a\\nb",
    ],
)
def test_another_line_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(ValueError, match=r"^line 2 is not a SHA-256 and a name$"):
        parse_checksum_lines(f"{DIGITS}  a\n{line}\n")


def test_the_list_of_this_program_is_read() -> None:
    digests = [("b.zip", Digest(f"sha256:{DIGITS}")), ("a.zip", Digest(f"sha256:{'cd' * 32}"))]
    assert parse_checksum_lines(checksum_lines(digests)) == sorted(digests)
