"""Decide which URLs belong to a GitHub, and may receive its token. Pure."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")
# A request asks several questions about its URL, which is parsed once.
_once_per_url = lru_cache(maxsize=256)


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, in canonical form; empty when it is not an address."""
    parts = _split(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else ""


@_once_per_url
def is_address(url: str) -> bool:
    """Say whether a request may be sent to a URL from an answer: http or https, a host, no user.

    A user in the URL would become an `Authorization` header. A valid URL holds no control
    character, and the length of host names is limited.
    Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
    """
    if _BLANK_OR_CONTROL.search(url):
        return False
    parts = _split(url)
    host = parts.hostname or ""
    labels = host.removesuffix(".").split(".")
    is_host = len(host) <= 253 and all(0 < len(label) <= 63 for label in labels)
    is_host = is_host and not parts.netloc.lower().startswith("[v")  # a future IP version
    has_user = "@" in parts.netloc
    return parts.scheme in {"http", "https"} and is_host and not has_user and bool(origin(url))


@_once_per_url
def host_of(url: str) -> str:
    """Return host and port of a URL, without the user; empty when it is not an address."""
    return _split(url).netloc.rpartition("@")[2]


@_once_per_url
def is_enterprise_server(api_url: str) -> bool:
    """Say whether an API URL is that of GitHub Enterprise Server.

    Source: https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/
    getting-started-with-the-rest-api (`/api/v3`)
    """
    return _split(api_url).path.rstrip("/").endswith("/api/v3")


@_once_per_url
def may_see_token(api_url: str, url: str) -> bool:
    """Say whether a URL belongs to the same GitHub as the API URL, and may receive the token.

    This is the API's own host on any port, and its uploads host: `uploads.X` for `api.X`
    (github.com and GHE.com), `uploads.HOST` for HOST (Enterprise Server with subdomain
    isolation). Never over http when the API is https.

    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset and
    https://docs.github.com/en/enterprise-server/admin/configuring-settings/
    hardening-security-for-your-enterprise/enabling-subdomain-isolation
    """
    api, other = _split(api_url), _split(url)
    if other.scheme != api.scheme and other.scheme != "https":
        return False
    api_host, host = api.hostname or "", other.hostname or ""
    if not host or other.username is not None:
        return False
    # An Enterprise Server's host may itself be `api.X`; `uploads.X` is then a foreign host.
    is_cloud = api_host.startswith("api.") and not is_enterprise_server(api_url)
    name = api_host.removeprefix("api.") if is_cloud else api_host
    return host in {api_host, f"uploads.{name}"}


def _split(url: str) -> SplitResult:
    """Return the parts of a URL; empty ones when it cannot be parsed."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
