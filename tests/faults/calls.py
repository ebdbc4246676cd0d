"""Kinds of API calls that a run makes, by purpose."""

import re
from collections.abc import Iterable
from typing import Any

from tests.support.sandbox import Request

# Kind -> origin, method, and the end of the path.
KINDS: dict[str, tuple[str, str, str]] = {
    "latest": ("api", "GET", r"/releases/latest$"),
    "find": ("api", "GET", r"/releases/tags/[^/]+$"),
    "get": ("api", "GET", r"/releases/\d+$"),
    "drafts": ("api", "GET", r"/releases$"),
    "commit": ("api", "GET", r"/commits/[^/]+$"),
    "notes": ("api", "POST", r"/releases/generate-notes$"),
    "create": ("api", "POST", r"/releases$"),
    "update": ("api", "PATCH", r"/releases/\d+$"),
    "delete-draft": ("api", "DELETE", r"/releases/\d+$"),
    "list": ("api", "GET", r"/releases/\d+/assets$"),
    "send": ("uploads", "POST", r"/releases/\d+/assets$"),
    "fetch": ("api", "GET", r"/releases/assets/\d+$"),
    "bytes": ("storage", "GET", r""),
    "rename": ("api", "PATCH", r"/releases/assets/\d+$"),
    "delete": ("api", "DELETE", r"/releases/assets/\d+$"),
    "limit": ("api", "GET", r"^/rate_limit$"),
}

READS = frozenset(kind for kind, (_, method, _) in KINDS.items() if method == "GET") | {"notes"}


def kind_of(request: Request) -> str:
    """Return the kind of a request."""
    for kind, (origin, method, path) in KINDS.items():
        if (request.origin, request.method) == (origin, method) and re.search(path, request.path):
            return kind
    raise AssertionError(f"unknown kind of request: {request.method} {request.path}")


def kinds_of(requests: Iterable[Request]) -> str:
    """Return the kinds of requests, separated by spaces."""
    return " ".join(kind_of(request) for request in requests)


def match_of(kind: str) -> dict[str, Any]:
    """Return the `match` of a sandbox fault for requests of a kind."""
    origin, method, path = KINDS[kind]
    return {"origin": origin, "method": method, "path": path}
