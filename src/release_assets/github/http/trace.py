"""A request and what came of it -> a line for who looks for a fault. Pure."""

from collections.abc import Mapping, Sized
from urllib.parse import parse_qs, urljoin

from release_assets.github.http import origins

_MOST_TOLD = 80  # characters of what a server says in a header


def answered(
    asked: str, status: int, headers: Mapping[str, str], *, url: str, seconds: float
) -> str:
    """Return the line of an answer.

    asked: as `asked` tells the request. headers: names in lower case. Of what a header of the answer
    leads to, its origin alone: the rest may hold a signature.
    """
    told = {name: " ".join(value.split())[:_MOST_TOLD] for name, value in headers.items()}
    outcome = str(status)
    if 300 <= status < 400 and "location" in headers:
        outcome += f" to {_origin_of(url, headers['location'])}"
    parts = [f"in {seconds * 1000:.0f} ms"]
    for name, words in (
        ("content-length", "{} bytes back"),
        ("x-github-request-id", "id {}"),
        ("x-ratelimit-remaining", "{} requests left"),
        ("retry-after", "retry after {}"),
    ):
        if told.get(name):
            parts.append(words.format(told[name]))
    return f"{asked} -> {outcome} {', '.join(parts)}"


def asked(method: str, api_url: str, url: str, body: object, attempt: int) -> str:
    """Return what was asked: of a host that is not GitHub's, its origin alone.

    Of the query only the name of an asset that is sent: the rest may hold a signature.
    """
    text = f"{method} {_plain(url) if origins.may_see_token(api_url, url) else origins.origin(url)}"
    if isinstance(body, Sized):
        text += f", {len(body)} bytes"
    return text + (f", try {attempt}" if attempt > 1 else "")


def unanswered(asked: str, why: str, *, seconds: float) -> str:
    """Return the line of a request to which no answer came."""
    return f"{asked} -> {why}, after {seconds * 1000:.0f} ms"


def _plain(url: str) -> str:
    path, _, query = url.partition("?")
    names = parse_qs(query).get("name", []) if path.endswith("/assets") else []
    return path + "".join(f"?name={name}" for name in names)


def _origin_of(url: str, target: str) -> str:
    try:
        return origins.origin(urljoin(url, target)) or "no address"
    except ValueError:
        return "no address"
