"""A server that runs a script for each connection, to misbehave exactly as a test needs."""

import contextlib
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

TIMEOUT_SECONDS = 10.0  # after which a test fails instead of hanging


class ServerConnection:
    """The server's side of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffered = b""

    @property
    def buffered(self) -> int:
        """How many bytes arrived together with the last head, after it."""
        return len(self._buffered)

    def read_head(self) -> str:
        """Read and return the head of a request."""
        while b"\r\n\r\n" not in self._buffered:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError(
                    "the client closed the connection before the end of its request head"
                )
            self._buffered += data
        head, _, self._buffered = self._buffered.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def read_body(self, count: int) -> int:
        """Read `count` bytes of a body, and return how many came before the connection ended."""
        got = len(self._buffered[:count])
        self._buffered = self._buffered[count:]
        while got < count:
            data = self.sock.recv(min(count - got, 1024 * 1024))
            if not data:
                break
            got += len(data)
        return got

    def read_request(self) -> int:
        """Read a request with its body, and return the body's length."""
        length = body_length_of(self.read_head())
        assert self.read_body(length) == length
        return length

    def respond(self, text: str, body: str = "", *headers: str) -> None:
        """Send an answer, with the length of the body in its headers; text: status and phrase."""
        lines = [f"HTTP/1.1 {text}", f"Content-Length: {len(body)}", *headers]
        self.sock.sendall("\r\n".join([*lines, "", body]).encode("latin-1"))

    def close_sending(self) -> None:
        """Close the sending side of the connection, and keep the receiving side open."""
        raw = socket.socket(fileno=os.dup(self.sock.fileno()))
        with raw, contextlib.suppress(OSError):  # the client may have closed it first
            raw.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Reset the connection."""
        raw = socket.socket(fileno=self.sock.detach())
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()

    def wait_for_close(self) -> bool:
        """Discard what the client sends until it closes the connection, and return True."""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while self.sock.recv(1024 * 1024):
                pass
        return True

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Start TLS on the connection."""
        self.sock = context.wrap_socket(self.sock, server_side=True)


Script = Callable[[ServerConnection], None]


def body_length_of(head: str) -> int:
    """Return the length of the body in bytes, from a head."""
    lines = [line.lower() for line in head.split("\r\n")]
    return next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))


class ScriptedServer:
    """Runs one script per connection, in order, each in its own thread."""

    def __init__(self, *scripts: Script, listener: socket.socket | None = None) -> None:
        self._scripts = list(scripts)
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.errors: list[BaseException] = []

    def __enter__(self) -> Self:
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scripts.clear()
        # Unblock accept() with a connection that sends nothing.
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass
        self._accepting.join(TIMEOUT_SECONDS)
        self._listener.close()
        for thread in self._threads:
            thread.join(TIMEOUT_SECONDS)
        if error is None and self.errors:
            raise self.errors[0]

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if not self._scripts:
                sock.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._run, args=(sock, self._scripts.pop(0)))
            self._threads.append(thread)
            thread.start()

    def _run(self, sock: socket.socket, script: Script) -> None:
        sock.settimeout(TIMEOUT_SECONDS)
        # Without this, an answer that is still buffered would be lost by a reset.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = ServerConnection(sock)
        try:
            script(connection)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
            self.errors.append(error)
        finally:
            connection.sock.close()


def slow_listener() -> socket.socket:
    """Return a listener that receives as slowly as over a slow connection.

    Small segments and a small receive buffer keep the client's send buffer small too.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1000)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener
