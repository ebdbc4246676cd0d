"""An HTTP proxy that records the requests and bytes it receives."""

import base64
import contextlib
import selectors
import socket
import socketserver
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_SECONDS = 60.0


class Proxy:
    """Forwards absolute-form requests and CONNECT tunnels, only to servers on this machine."""

    def __init__(self, ways: Mapping[str, str], credentials: str | None = None) -> None:
        """Make a proxy that reaches hosts.

        ways: the real address of each host, `127.0.0.1:port`. credentials: `user:password` that
        clients must send.
        """
        self.asked: list[str] = []  # `host:port` of each tunnel, URLs otherwise
        self.refused = 0
        self.seen = bytearray()  # from clients, within tunnels too
        self._ways = dict(ways)
        self._credentials = credentials and base64.b64encode(credentials.encode()).decode()
        self._lock = threading.Lock()
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                proxy.serve(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.address}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, client: socket.socket) -> None:
        """Serve one connection."""
        client.settimeout(_SECONDS)
        head, rest = self._head(client)
        method, _, target = head.partition(" ")
        target = target.partition(" ")[0]
        if (
            self._credentials is not None
            and f"Proxy-Authorization: Basic {self._credentials}" not in head
        ):
            self.refused += 1
            client.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
            return
        host = target if method == "CONNECT" else urlsplit(target).netloc
        with self._lock:
            self.asked.append(target)
        way = self._ways.get(host)
        if way is None:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        name, _, port = way.rpartition(":")
        with contextlib.suppress(OSError), socket.create_connection((name, int(port))) as server:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                lines = head.split("\r\n")
                kept = [line for line in lines if not line.lower().startswith("proxy-")]
                server.sendall("\r\n".join([*kept, "", ""]).encode("latin-1"))
            server.sendall(rest)
            self._pass_on(client, server)

    def _head(self, client: socket.socket) -> tuple[str, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            more = client.recv(65536)
            if not more:
                break
            data += more
        self._see(data)
        head, _, rest = data.partition(b"\r\n\r\n")
        return head.decode("latin-1"), rest

    def _see(self, data: bytes) -> None:
        with self._lock:
            self.seen += data

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while ready := selector.select(_SECONDS):
                for key, _ in ready:
                    data = client.recv(65536) if key.data is server else server.recv(65536)
                    if not data:
                        return
                    if key.data is server:
                        self._see(data)
                    key.data.sendall(data)
