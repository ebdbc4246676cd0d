"""Answers that a fault sends in place of the real one."""

import json
from dataclasses import replace

from github_sandbox.errors import JSON_TYPE
from github_sandbox.faults import Fault
from github_sandbox.messages import Response, Slice

ERROR_PAGE = b"<html><body><h1>Unicorn!</h1></body></html>"
HTML = ("Content-Type", "text/html; charset=utf-8")


def answer_of_fault(fault: Fault) -> Response:
    """Return the answer that a fault describes: any status, with HTML, JSON or no body."""
    status = fault.status or 502
    body = fault.body
    headers = tuple(fault.headers.items())
    if isinstance(body, str):
        html = ("Content-Type", "text/html")
        return Response(status=status, headers=(html, *headers), body=body.encode())
    if body is None and status < 300:
        return Response(status=status, headers=headers)
    if body is None and status in {502, 503, 504}:
        # GitHub's gateways answer with a page, not with JSON.
        return Response(status=status, headers=(HTML, *headers), body=ERROR_PAGE)
    if body is None:
        body = {"message": "Server Error" if status >= 500 else "Validation Failed"}
    return Response(status=status, headers=(JSON_TYPE, *headers), body=json.dumps(body).encode())


def garbage(response: Response) -> Response:
    """Return an error page with the status of the real answer."""
    return Response(status=response.status, headers=(HTML,), body=ERROR_PAGE)


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
