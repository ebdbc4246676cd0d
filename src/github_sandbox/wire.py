"""HTTP/1.1 on one connection: heads parsed, bodies streamed in, answers written out."""

import contextlib
import os
import socket
import ssl
import struct
import time
from collections.abc import Iterable
from http import HTTPStatus

from github_sandbox.bodies import BadRequestError, Body, HungUpError, Pace
from github_sandbox.content import Content
from github_sandbox.messages import Request, Response

LARGEST_HEAD = 64 * 1024  # bytes
READ_ON_SECONDS = 2.0  # how long an unread body may go on arriving after the last answer


class Connection:
    """One client's socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._ahead = bytearray()  # what arrived after a head
        self.sent = 0

    def read_request(self) -> Request | None:
        """Return the next request, or None when the client has closed.

        Raises:
            BadRequestError: what arrived is not HTTP.
        """
        head = self._read_head()
        if head is None:
            return None
        request_line, *lines = head.split(b"\r\n")
        parts = request_line.split(b" ")
        if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
            raise BadRequestError("malformed request line")
        if any(byte >= 0x80 or byte < 0x21 for byte in parts[1]):
            raise BadRequestError("the target holds bytes that must be percent-encoded")
        method, target, version = (part.decode("ascii") for part in parts)
        headers = _headers(lines)
        host, path, query = _split_target(target, headers.get("host", ""))
        body = self._body(headers)
        tokens = headers.get("connection", "").lower()
        keep = "close" not in tokens if version == "HTTP/1.1" else "keep-alive" in tokens
        return Request(
            method=method, target=target, host=host, path=path, query=query,
            headers=headers, body=body, keep_alive=keep,
        )  # fmt: skip

    def receive_into(self, view: memoryview) -> int:
        """Read some bytes, first those that came with the head."""
        if self._ahead:
            count = min(len(view), len(self._ahead))
            view[:count] = self._ahead[:count]
            del self._ahead[:count]
            return count
        try:
            return self._socket.recv_into(view)
        except OSError as error:
            raise HungUpError from error

    def receive_chunks(self, limit: int) -> bytes:
        """Return a chunked body, decoded."""
        data = bytearray()
        while (size := self._chunk_size()) > 0:
            if len(data) + size > limit:
                raise BadRequestError("the body is too large")
            data += self._read_exactly(size + 2)[:-2]
        while self._read_line():
            pass
        return bytes(data)

    def write(self, data: bytes | memoryview) -> None:
        """Write all of data."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise HungUpError from error
        self.sent += len(data)

    def respond(
        self, response: Response, *, method: str, keep_alive: bool, pace: Pace, cut: bool = False
    ) -> None:
        """Write an answer; with cut, stop in the middle of its body."""
        head = _head(response, keep_alive=keep_alive)
        body = response.body
        if method == "HEAD" or response.status in {204, 304}:
            self.write(head)
            return
        if isinstance(body, bytes):
            data = _chunked(body) if response.chunked else body
            if cut:
                data = data[: len(data) // 2]
            if pace.bytes_per_second is None:
                self.write(head + data)
            else:
                self.write(head)
                self._write_slowly([data], pace.bytes_per_second)
            return
        self.write(head)
        length = body.length // 2 if cut else body.length
        if pace.bytes_per_second is not None:
            self._write_slowly(body.content.read(body.start, length), pace.bytes_per_second)
        elif body.content.data is None and not isinstance(self._socket, ssl.SSLSocket):
            self._send_file(body.content, body.start, length)
        else:
            for block in body.content.read(body.start, length):
                self.write(block)

    def respond_interim(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        """Write an answer of 1xx, which has no body and ends nothing.

        Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.2
        """
        self.write("\r\n".join([*_head_lines(status, headers), "", ""]).encode("latin-1"))

    def reset(self) -> None:
        """Close with RST, as a peer that crashed."""
        with contextlib.suppress(OSError):  # it may be closed already
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if isinstance(self._socket, ssl.SSLSocket):
            # Without close_notify, which would go out before the reset.
            raw = self._socket.detach()
            os.close(raw)
        else:
            self._socket.close()

    def close(self, *, wait_seconds: float = 0.0) -> None:
        """Close after the answer has gone out.

        Bytes that nobody read turn a close into a reset, which may destroy an answer on its way:
        with wait_seconds they are left unread, but the socket stays open so long.
        """
        with contextlib.suppress(OSError):  # the client may have gone first
            self._socket.shutdown(socket.SHUT_WR)
            if wait_seconds:
                time.sleep(wait_seconds)
        self._socket.close()

    def _body(self, headers: dict[str, str]) -> Body:
        encoding = headers.get("transfer-encoding", "").lower()
        length = headers.get("content-length")
        if length is not None and not length.isascii():
            raise BadRequestError("malformed Content-Length")
        if length is not None and not length.isdigit():
            raise BadRequestError("malformed Content-Length")
        chunked = "chunked" in encoding
        body = Body(self, None if length is None or chunked else int(length), chunked=chunked)
        body.expects_continue = headers.get("expect", "").lower() == "100-continue"
        return body

    def _read_head(self) -> bytes | None:
        searched = 0
        while (end := self._ahead.find(b"\r\n\r\n", max(0, searched - 3))) < 0:
            searched = len(self._ahead)
            if searched > LARGEST_HEAD:
                raise BadRequestError("the request's head is too large")
            if not self._read_more():
                return None
        head = bytes(self._ahead[:end])
        del self._ahead[: end + 4]
        return head.lstrip(b"\r\n")

    def _read_more(self) -> bool:
        try:
            data = self._socket.recv(64 * 1024)
        except OSError:
            return False
        self._ahead += data
        return bool(data)

    def _read_line(self) -> bytes:
        while (end := self._ahead.find(b"\r\n")) < 0:
            if not self._read_more():
                raise HungUpError
        line = bytes(self._ahead[:end])
        del self._ahead[: end + 2]
        return line

    def _read_exactly(self, size: int) -> bytes:
        while len(self._ahead) < size:
            if not self._read_more():
                raise HungUpError
        data = bytes(self._ahead[:size])
        del self._ahead[:size]
        return data

    def _chunk_size(self) -> int:
        line = self._read_line().split(b";")[0].strip()
        try:
            return int(line, 16)
        except ValueError as error:
            raise BadRequestError("malformed chunk") from error

    def _send_file(self, content: Content, start: int, length: int) -> None:
        with content.open() as file:
            try:
                sent = self._socket.sendfile(file, start, length) if length else 0
            except OSError as error:
                raise HungUpError from error
        self.sent += sent

    def _write_slowly(self, blocks: Iterable[bytes], bytes_per_second: float) -> None:
        step = max(1, int(bytes_per_second / 20))
        for block in blocks:
            view = memoryview(block)
            for start in range(0, len(view), step):
                piece = view[start : start + step]
                self.write(piece)
                time.sleep(len(piece) / bytes_per_second)


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip():
            raise BadRequestError("malformed header")
        headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()
    return headers


def _split_target(target: str, host: str) -> tuple[str, str, str]:
    """Return host, path and query; a proxy is sent the whole URL as target."""
    if "://" in target:
        host, _, rest = target.partition("://")[2].partition("/")
        target = f"/{rest}"
    path, _, query = target.partition("?")
    return host, path, query


def _head(response: Response, *, keep_alive: bool) -> bytes:
    lines = _head_lines(response.status, response.headers)
    if response.chunked:
        lines.append("Transfer-Encoding: chunked")
    elif response.status not in {204, 304}:
        lines.append(f"Content-Length: {response.length}")
    if not keep_alive:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _head_lines(status: int, headers: tuple[tuple[str, str], ...]) -> list[str]:
    phrase = HTTPStatus(status).phrase if status in _STATUSES else "Unknown"
    return [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers)]


def _chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"


_STATUSES = frozenset(int(status) for status in HTTPStatus)
