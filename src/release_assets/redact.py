"""A text that may hold a token -> the same without it. Pure."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

HIDDEN = "***"

# What tells in a header who asks, and what GitHub's tokens look like.
# Source: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
_SHAPES = re.compile(
    r"(?P<before>\bbearer\s+|\bbasic\s+(?=[A-Za-z0-9+/]{8}))[^\s'\"\\,]+"
    r"|\b(?:gh[a-z]|github_pat)_[A-Za-z0-9_]{16,}",
    re.IGNORECASE,
)
_SHORT = 8  # characters: less is no token, but may be part of any word


def redacted(text: str, tokens: Iterable[str]) -> str:
    """Return a text without tokens, in whatever form the text of an error may show one."""
    for token in tokens:
        for form in _forms(token.strip()):
            text = text.replace(form, HIDDEN)
    return _SHAPES.sub(lambda match: f"{match['before'] or ''}{HIDDEN}", text)


def redacted_answer(body: bytes, token: str) -> bytes:
    """Return the body of an answer without the token, should a server echo it.

    JSON may write any character as an escape: where there are escapes, what they stand for counts.
    """
    if len(token) < _SHORT:
        return body
    written = json.dumps(token)[1:-1].encode()
    hidden = body.replace(token.encode(), HIDDEN.encode()).replace(written, HIDDEN.encode())
    if b"\\u" not in hidden:
        return hidden
    try:
        plain = json.dumps(json.loads(hidden), ensure_ascii=False)
    except (ValueError, RecursionError):
        return hidden  # it is not JSON, and will not be read as such
    if written.decode() not in plain:
        return hidden
    return plain.replace(written.decode(), HIDDEN).encode("utf-8", "surrogatepass")


def _forms(token: str) -> Iterator[str]:
    """Yield what shows a token."""
    if len(token) < _SHORT:
        return
    data = token.encode("utf-8", "surrogatepass")
    yield from (token, repr(token)[1:-1], quote(data, safe=""), data.hex(), token[::-1])
    # In base64, the token alone or after any number of bytes.
    packed = (b64encode(b" " * shift + data)[4:-4].decode() for shift in range(3))
    yield from (form for form in packed if len(form) >= _SHORT)
