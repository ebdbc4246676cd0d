"""Debug lines: one for each request, with its answer or failure, without any secret. Pure."""

from collections.abc import Mapping, Sized
from urllib.parse import parse_qs, urljoin

from release_assets.github.http import origins

_MAX_VALUE = 80  # characters of a header's value
# Header -> how a line shows its value.
_SHOWN_HEADERS = {
    "content-length": "{} bytes back",
    "x-github-request-id": "id {}",
    "x-ratelimit-remaining": "{} requests left",
    "retry-after": "retry after {}",
}


def describe_request(method: str, api_url: str, url: str, body: object, attempt: int) -> str:
    """Return the part of a line that describes the request.

    Shows only the origin of a host that is not GitHub's, and of a query only the name of an
    uploaded asset: the rest may hold a signature.
    """
    is_github = origins.may_see_token(api_url, url)
    text = f"{method} {_without_query(url) if is_github else origins.origin(url)}"
    if isinstance(body, Sized):
        text += f", {len(body)} bytes"
    return text + (f", attempt {attempt}" if attempt > 1 else "")


def answer_line(
    request: str, status: int, headers: Mapping[str, str], *, url: str, seconds: float
) -> str:
    """Return the line for an answer.

    request: as described. headers: with names in lower case, or of any case alike; of a redirect's
    target only the origin is shown, since the rest may hold a signature.
    """
    outcome = str(status)
    if 300 <= status < 400 and "location" in headers:
        outcome += f" to {_target_origin(url, headers['location'])}"
    parts = [f"in {seconds * 1000:.0f} ms"]
    for name, template in _SHOWN_HEADERS.items():
        if value := " ".join(headers.get(name, "").split())[:_MAX_VALUE]:
            parts.append(template.format(value))
    return f"{request} -> {outcome} {', '.join(parts)}"


def failure_line(request: str, reason: str, *, seconds: float) -> str:
    """Return the line for a request without an answer."""
    return f"{request} -> {reason}, after {seconds * 1000:.0f} ms"


def _without_query(url: str) -> str:
    path, _, query = url.partition("?")
    names = parse_qs(query).get("name", []) if path.endswith("/assets") else []
    return path + "".join(f"?name={name}" for name in names)


def _target_origin(url: str, target: str) -> str:
    try:
        return origins.origin(urljoin(url, target)) or "no address"
    except ValueError:
        return "no address"
