"""Which addresses belong to a GitHub, and may see its token. Pure."""

from urllib.parse import SplitResult, urlsplit


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, in one canonical form; empty for no address."""
    parts = _split(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else ""


def is_address(url: str) -> bool:
    """Say whether a URL that an answer names may be asked: http or https, a host, and no user.

    A user in it would become a header of its own. Control characters are in no URL, and names of
    hosts have limits. Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
    """
    if any(ord(letter) <= 32 or 127 <= ord(letter) < 160 for letter in url):
        return False
    parts = _split(url)
    host = parts.hostname or ""
    labels = host.removesuffix(".").split(".")
    is_host = len(host) <= 253 and all(0 < len(label) <= 63 for label in labels)
    is_host = is_host and not parts.netloc.lower().startswith("[v")  # an IP of the future
    has_user = "@" in parts.netloc
    return parts.scheme in {"http", "https"} and is_host and not has_user and bool(origin(url))


def host_of(url: str) -> str:
    """Return host and port of a URL, without the user; empty for no address."""
    return _split(url).netloc.rpartition("@")[2]


def is_enterprise_server(api_url: str) -> bool:
    """Say whether an API base is that of GitHub Enterprise Server.

    Source: https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/
    getting-started-with-the-rest-api (`/api/v3`)
    """
    return _split(api_url).path.rstrip("/").endswith("/api/v3")


def may_see_token(api_url: str, url: str) -> bool:
    """Say whether a URL belongs to the GitHub of an API base, so that a token may go there.

    The API's own host on any port, and its uploads host: `uploads.X` for `api.X` (github.com and
    GHE.com), `uploads.HOST` for HOST (Enterprise Server with subdomain isolation). Never over
    http when the API is https.

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
    # A server may be called `api.X` itself: `uploads.X` is then somebody else's.
    of_cloud = api_host.startswith("api.") and not is_enterprise_server(api_url)
    name = api_host.removeprefix("api.") if of_cloud else api_host
    return host in {api_host, f"uploads.{name}"}


def _split(url: str) -> SplitResult:
    """Return the parts of a URL; of what is none, empty ones."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
