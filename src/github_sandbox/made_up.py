"""Answers that a fault puts in the place of the real one."""

import json
from dataclasses import replace

from github_sandbox.errors import JSON_TYPE
from github_sandbox.faults import Fault
from github_sandbox.messages import Response, Slice

SAYS_NOTHING = b"<html><body><h1>Unicorn!</h1></body></html>"
HTML = ("Content-Type", "text/html; charset=utf-8")


def made_up(fault: Fault) -> Response:
    """Return the answer that a fault describes: any status, with HTML, JSON or nothing."""
    status = fault.status or 502
    body = fault.body
    headers = tuple(fault.headers.items())
    if isinstance(body, str):
        html = ("Content-Type", "text/html")
        return Response(status=status, headers=(html, *headers), body=body.encode())
    if body is None and status < 300:
        return Response(status=status, headers=headers)
    if body is None and status in {502, 503, 504}:
        # The gateways in front answer with a page, not with JSON.
        return Response(status=status, headers=(HTML, *headers), body=SAYS_NOTHING)
    if body is None:
        body = {"message": "Server Error" if status >= 500 else "Validation Failed"}
    return Response(status=status, headers=(JSON_TYPE, *headers), body=json.dumps(body).encode())


def garbage(response: Response) -> Response:
    """Return a page that says nothing, with the status of the real answer."""
    return Response(status=response.status, headers=(HTML,), body=SAYS_NOTHING)


def corrupted(response: Response) -> Response:
    """Return the answer with the byte in the middle changed."""
    body = response.body
    if isinstance(body, Slice):
        data = bytearray(b"".join(body.content.read(body.start, body.length)))
    else:
        data = bytearray(body)
    if data:
        data[len(data) // 2] ^= 1
    return replace(response, body=bytes(data))
