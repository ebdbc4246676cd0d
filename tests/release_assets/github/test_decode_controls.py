"""Invalid names, URLs and numbers are refused; an invalid digest is ignored."""

import pytest

from release_assets.github import decode
from release_assets.github.decode_errors import error_of
from release_assets.github.errors import UnexpectedAnswerError

ASSET = {"id": 1, "name": "a", "state": "uploaded", "size": 1, "url": "https://h/"}
HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize("character", ["\n", "\t", "\x00", "\x1b", "\x7f", "\x85", "\x9b"])
@pytest.mark.parametrize("field", ["name", "state", "url", "browser_download_url", "digest"])
def test_a_control_character_in_a_name_or_url_is_refused(field: str, character: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match=f"`{field}`"):
        decode.asset(ASSET | {field: f"a{character}b"}, "here")


@pytest.mark.parametrize(("field", "value"), [("id", 0), ("id", -1), ("size", -1)])
def test_a_number_that_is_too_small_is_refused(field: str, value: int) -> None:
    with pytest.raises(UnexpectedAnswerError, match=f"`{field}`"):
        decode.asset(ASSET | {field: value}, "here")


@pytest.mark.parametrize(
    ("digest", "is_valid"),
    [
        (f"sha256:{HEX}", True),
        (f"sha256:{HEX}0", False),
        (f"sha256:{HEX[1:]}", False),
        (f"sha512:{HEX}", False),
        ("sha256:", False),
    ],
)
def test_a_digest_that_is_not_a_whole_sha256_is_ignored(digest: str, is_valid: bool) -> None:
    assert decode.asset(ASSET | {"digest": digest}, "here").digest == (digest if is_valid else None)


def test_the_message_of_an_error_is_one_printable_line() -> None:
    error = error_of("GET", "here", 400, {}, b'{"message": "a\\n\\u001b[31mb\\u2028c"}')
    assert error.what.endswith("[a [31mb c]")
