"""One client's connection over HTTP/1.1: reads requests, streams bodies in, writes answers."""

import contextlib
import os
import socket
import ssl
import struct
import time
from collections.abc import Iterable

from github_sandbox.http_heads import (
    NO_BODY,
    format_answer_head,
    format_chunked,
    format_interim_answer,
    parse_request_head,
)
from github_sandbox.messages import Request, Response, Slice
from github_sandbox.request_body import BadRequestError, Body, DisconnectedError

LARGEST_HEAD = 64 * 1024  # bytes
UNREAD_BODY_SECONDS = 2.0  # how long an unread body may keep arriving after the last answer


class Connection:
    """The server's side of one client's connection."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._buffered = bytearray()  # received, but not yet used

    def read_request(self) -> Request | None:
        """Return the next request, or None when the client has closed the connection.

        Raises:
            BadRequestError: the client sent something that is not HTTP.
        """
        data = self._read_head()
        if data is None:
            return None
        head = parse_request_head(data)
        host, path, query = head.split_target()
        body = Body(self, head.body_length, chunked=head.is_chunked)
        body.expects_continue = head.headers.get("expect", "").lower() == "100-continue"
        return Request(
            method=head.method, host=host, path=path, query=query, headers=head.headers,
            body=body, keep_alive=head.keep_alive,
        )  # fmt: skip

    def receive_into(self, view: memoryview) -> int:
        """Read some bytes, first those that came with the head."""
        if self._buffered:
            count = min(len(view), len(self._buffered))
            view[:count] = self._buffered[:count]
            del self._buffered[:count]
            return count
        try:
            return self._socket.recv_into(view)
        except OSError as error:
            raise DisconnectedError from error

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
            raise DisconnectedError from error

    def respond(
        self,
        response: Response,
        *,
        method: str,
        keep_alive: bool,
        bytes_per_second: float | None = None,
        truncate: bool = False,
    ) -> None:
        """Write an answer; with truncate, stop in the middle of its body."""
        head, body = format_answer_head(response, keep_alive=keep_alive), response.body
        if method == "HEAD" or response.status in NO_BODY:
            self.write(head)
        elif isinstance(body, Slice):
            self.write(head)
            self._write_slice(body, body.length // 2 if truncate else body.length, bytes_per_second)
        else:
            data = format_chunked(body) if response.chunked else body
            data = data[: len(data) // 2] if truncate else data
            if bytes_per_second is None:
                self.write(head + data)
            else:
                self.write(head)
                self._write_slowly([data], bytes_per_second)

    def respond_interim(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        """Write an answer with a status of 1xx, which comes before the real one."""
        self.write(format_interim_answer(status, headers))

    def reset(self) -> None:
        """Close with RST, as a server that crashed."""
        with contextlib.suppress(OSError):  # it may be closed already
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if isinstance(self._socket, ssl.SSLSocket):
            # Without close_notify, which would be sent before the reset.
            raw = self._socket.detach()
            os.close(raw)
        else:
            self._socket.close()

    def close(self, *, wait_seconds: float = 0.0) -> None:
        """Close after the answer has been sent.

        Closing a socket that holds unread bytes resets the connection, which may destroy an answer
        in transit. With wait_seconds the bytes stay unread, but the socket stays open that long.
        """
        with contextlib.suppress(OSError):  # the client may have closed it first
            self._socket.shutdown(socket.SHUT_WR)
            if wait_seconds:
                time.sleep(wait_seconds)
        self._socket.close()

    def _read_head(self) -> bytes | None:
        searched = 0
        while (end := self._buffered.find(b"\r\n\r\n", max(0, searched - 3))) < 0:
            searched = len(self._buffered)
            if searched > LARGEST_HEAD:
                raise BadRequestError("the request's head is too large")
            if not self._read_more():
                return None
        return self._take(end, 4).lstrip(b"\r\n")

    def _read_line(self) -> bytes:
        while (end := self._buffered.find(b"\r\n")) < 0:
            if not self._read_more():
                raise DisconnectedError
        return self._take(end, 2)

    def _read_exactly(self, size: int) -> bytes:
        while len(self._buffered) < size:
            if not self._read_more():
                raise DisconnectedError
        return self._take(size, 0)

    def _read_more(self) -> bool:
        try:
            data = self._socket.recv(64 * 1024)
        except OSError:
            return False
        self._buffered += data
        return bool(data)

    def _take(self, length: int, separator: int) -> bytes:
        """Remove a piece and the separator after it from the buffer; return the piece."""
        data = bytes(self._buffered[:length])
        del self._buffered[: length + separator]
        return data

    def _chunk_size(self) -> int:
        line = self._read_line().split(b";")[0].strip()
        try:
            return int(line, 16)
        except ValueError as error:
            raise BadRequestError("malformed chunk") from error

    def _write_slice(self, body: Slice, length: int, bytes_per_second: float | None) -> None:
        blocks = body.content.read(body.start, length)
        if bytes_per_second is not None:
            self._write_slowly(blocks, bytes_per_second)
        elif body.content.data is None and not isinstance(self._socket, ssl.SSLSocket):
            self._send_file(body, length)
        else:
            for block in blocks:
                self.write(block)

    def _send_file(self, body: Slice, length: int) -> None:
        if length == 0:
            return
        with body.content.open() as file:
            try:
                self._socket.sendfile(file, body.start, length)
            except OSError as error:
                raise DisconnectedError from error

    def _write_slowly(self, blocks: Iterable[bytes], bytes_per_second: float) -> None:
        step = max(1, int(bytes_per_second / 20))
        for block in blocks:
            view = memoryview(block)
            for start in range(0, len(view), step):
                piece = view[start : start + step]
                self.write(piece)
                time.sleep(len(piece) / bytes_per_second)
