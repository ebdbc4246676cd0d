"""Requests over a bare socket, and what they leave in the sandbox."""

import socket
import time
from typing import Any
from urllib.parse import urlsplit

from tests.github_sandbox.conftest import Api
from tests.support.sandbox import Request


def states(api: Api) -> list[tuple[str, str]]:
    return [(asset["name"], asset["state"]) for asset in api.sandbox.assets("v1")]


def raw_heads(api: Api, method: str, url: str) -> list[str]:
    """Send a request, and return the heads of all answers."""
    parts = urlsplit(url)
    head = (
        f"{method} {parts.path} HTTP/1.1\r\nHost: x\r\nUser-Agent: raw\r\nConnection: close\r\n"
        f"Authorization: token {api.sandbox.token}\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    data = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as client:
        client.sendall(head.encode())
        while more := client.recv(65536):
            data += more
    heads = data.decode().split("\r\n\r\n")
    return [item for item in heads if item.startswith("HTTP/1.1 ")]


def open_upload(api: Api, release: dict[str, Any], data: bytes, extra: str = "") -> socket.socket:
    """Start an upload of 1000 bytes, and send the first of them."""
    url = urlsplit(release["upload_url"].partition("{")[0])
    client = socket.create_connection((url.hostname, url.port), timeout=10)
    head = (
        f"POST {url.path}?name=a HTTP/1.1\r\nHost: x\r\nUser-Agent: raw\r\n{extra}"
        f"Authorization: token {api.sandbox.token}\r\nContent-Type: a/b\r\n"
        "Content-Length: 1000\r\n\r\n"
    )
    client.sendall(head.encode() + data)
    return client


def raw_upload(
    api: Api, release: dict[str, Any], data: bytes, extra: str = "", *, wait: bool = True
) -> bytes:
    """Start an upload of 1000 bytes, send the first of them, and return the answer."""
    with open_upload(api, release, data, extra) as client:
        return client.recv(65536) if wait else b""


def finished_upload(api: Api) -> Request:
    """Wait for the end of the last upload, and return its request."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        over = [item for item in api.sandbox.requests() if item.origin == "uploads"]
        if over and over[-1].seconds is not None:
            return over[-1]
        time.sleep(0.01)
    raise AssertionError("the upload has not ended")
