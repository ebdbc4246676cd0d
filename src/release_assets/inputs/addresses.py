"""Validates the base URL of an API. Pure."""

import re
from urllib.parse import urlsplit

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def is_api_address(url: str) -> bool:
    """Return whether a URL can be the base URL of an API: http or https, a host, and an optional path."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:  # invalid brackets or an invalid port
        return False
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        return False
    if "?" in url or "#" in url:
        return False
    return ":" in host or all(map(_LABEL.fullmatch, host.removesuffix(".").split(".")))
