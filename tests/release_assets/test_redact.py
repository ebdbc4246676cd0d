import base64
import json
from urllib.parse import quote

import pytest

from release_assets.redact import HIDDEN, redacted, redacted_answer

ECHOED = "ghs_abcdefghijklmnopqrstuvwxyz0123456789"
TOKEN = "ghs_\u00e4'canary 0123/456"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(TOKEN, id="plain"),
        pytest.param(repr(TOKEN)[1:-1], id="as Python shows it"),
        pytest.param(quote(TOKEN, safe=""), id="in an address"),
        pytest.param(TOKEN.encode().hex(), id="in hexadecimal digits"),
        pytest.param(TOKEN[::-1], id="backwards"),
        *(
            pytest.param(
                base64.b64encode(b"u" * shift + TOKEN.encode())[4:-4].decode(),
                id=f"in base64, after {shift} bytes",
            )
            for shift in range(3)
        ),
    ],
)
def test_every_encoding_of_a_token_is_redacted(form: str) -> None:
    assert redacted(f"before {form} after", [TOKEN]) == "before *** after"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{'Authorization': 'Bearer abc'}", "{'Authorization': 'Bearer ***'}"),
        ("proxy-authorization: basic dXNlcjpwYXNzd29yZA==", "proxy-authorization: basic ***"),
        ("it is ghp_0123456789abcdef.", "it is ***."),
        ("it is github_pat_0123456789_abcdef.", "it is ***."),
        ("a basic thing, and the token may not", "a basic thing, and the token may not"),
        ("sha256:" + "0" * 64, "sha256:" + "0" * 64),
    ],
)
def test_text_with_the_format_of_a_token_is_redacted(text: str, left: str) -> None:
    assert redacted(text, []) == left


def test_a_text_too_short_for_a_token_is_not_redacted() -> None:
    assert redacted("nothing to hide", ["", " ", "hi", "\n"]) == "nothing to hide"


@pytest.mark.parametrize(
    "body",
    [
        f'{{"message": "no {ECHOED} here"}}',
        '{"message": "no ' + "".join(f"\\u{ord(c):04x}" for c in ECHOED) + ' here"}',
        f'{{"message": "no \\u{ord(ECHOED[0]):04x}{ECHOED[1:]} here"}}',
        f"<html>{ECHOED}</html>",
        f"not JSON \\u0041 {ECHOED}",
    ],
)
def test_a_response_that_echoes_the_token_is_redacted(body: str) -> None:
    read = redacted_answer(body.encode(), ECHOED).decode()
    assert ECHOED not in read
    assert HIDDEN in read
    if body.startswith("{"):
        assert json.loads(read) == {"message": f"no {HIDDEN} here"}


@pytest.mark.parametrize(
    "body", ['{"a": "\\u0041"}', '{"a": "é"}', "", "\\ud800", '{"a": "\\ud800"}']
)
def test_any_other_response_is_not_changed(body: str) -> None:
    assert redacted_answer(body.encode(), ECHOED) == body.encode()
