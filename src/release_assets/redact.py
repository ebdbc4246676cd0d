"""Text that may contain a token -> the same text without it. Pure."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

HIDDEN = "***"

# Credentials in a header, and the formats of GitHub's tokens.
# Source: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
# Compiled when it is used, which most runs do not.
_CREDENTIALS = (
    r"(?P<before>\bbearer\s+|\bbasic\s+(?=[A-Za-z0-9+/]{8}))[^\s'\"\\,]+"
    r"|\b(?:gh[a-z]|github_pat)_[A-Za-z0-9_]{16,}"
)
_MIN_LENGTH = 8  # characters: a shorter text is no token, and may be part of any word


def redacted(text: str, tokens: Iterable[str]) -> str:
    """Return a text without tokens, in every encoding in which an error may contain one."""
    for token in tokens:
        for encoding in _encodings(token.strip()):
            text = text.replace(encoding, HIDDEN)
    return re.sub(
        _CREDENTIALS,
        lambda match: f"{match['before'] or ''}{HIDDEN}",
        text,
        flags=re.IGNORECASE,
    )


def redacted_answer(body: bytes, token: str) -> bytes:
    """Return the body of a response without the token, which a server may echo.

    JSON may escape any character. If there are escapes, the unescaped text is redacted.
    """
    if len(token) < _MIN_LENGTH:
        return body
    as_json = json.dumps(token)[1:-1].encode()
    redacted_body = body.replace(token.encode(), HIDDEN.encode()).replace(as_json, HIDDEN.encode())
    if b"\\u" not in redacted_body:
        return redacted_body
    try:
        unescaped = json.dumps(json.loads(redacted_body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return redacted_body  # it is not JSON, and will not be parsed as JSON
    if as_json.decode() not in unescaped:
        return redacted_body
    return unescaped.replace(as_json.decode(), HIDDEN).encode("utf-8", "surrogatepass")


def _encodings(token: str) -> Iterator[str]:
    """Yield the encodings of a token."""
    if len(token) < _MIN_LENGTH:
        return
    data = token.encode("utf-8", "surrogatepass")
    yield from (token, repr(token)[1:-1], quote(data, safe=""), data.hex(), token[::-1])
    # In base64, the token alone or after any number of bytes.
    in_base64 = (b64encode(b" " * shift + data)[4:-4].decode() for shift in range(3))
    yield from (encoding for encoding in in_base64 if len(encoding) >= _MIN_LENGTH)
