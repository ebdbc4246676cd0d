"""A minimal stand-in for GitHub's upload API: content is discarded, and not hashed."""

import contextlib
import json
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

BLOCK = 1024 * 1024
REPOSITORY = "octo-org/app"
_API = "/api/v3"  # as on GitHub Enterprise Server, which some programs expect if there is TLS


class Sink:
    """A server with one release that accepts every asset."""

    def __init__(self, certificate: str = "", key: str = "") -> None:
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._lock = threading.Lock()
        self._assets: list[dict[str, object]] = []

    @property
    def url(self) -> str:
        """Its URL, without a path."""
        scheme = "http" if self._context is None else "https"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        """Accept connections forever."""
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._serve_client, args=(client,), daemon=True).start()

    def _serve_client(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):  # a client may disconnect
            if self._context is not None:
                client = self._context.wrap_socket(client, server_side=True)
            with client:
                buffer = memoryview(bytearray(BLOCK))
                for method, target, size in _requests(client, buffer):
                    status, document = self._answer(method, target, size)
                    body = b"" if document is None else json.dumps(document).encode()
                    kind = "Content-Type: application/json; charset=utf-8"
                    head = f"HTTP/1.1 {status}\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                    client.sendall(head.encode() + body)

    def _answer(self, method: str, target: str, size: int) -> tuple[str, object]:
        parts = urlsplit(target)
        path = parts.path.removeprefix(_API)
        name = parse_qs(parts.query).get("name", [""])[0]
        with self._lock:
            if path == "/sink":
                taken = {"assets": len(self._assets), "bytes": _sum(self._assets)}
                self._assets = self._assets if method == "GET" else []
                return "200 OK", taken
            if method == "POST" and path.endswith("/assets"):
                self._assets.append(_asset(len(self._assets) + 1, name, size))
                return "201 Created", self._assets[-1]
            if method == "GET" and path.endswith("/assets"):
                return "200 OK", self._assets
            if method == "GET" and "/releases" in path:
                return "200 OK", self._release()
        return "404 Not Found", {"message": "Not Found"}

    def _release(self) -> dict[str, object]:
        api = self.url + (_API if self._context is not None else "")
        here = f"{api}/repos/{REPOSITORY}/releases/1"
        return {
            "id": 1, "node_id": "R_1", "tag_name": "v1", "name": "v1", "body": "",
            "draft": False, "prerelease": False, "immutable": False, "target_commitish": "main",
            "created_at": _DATE, "published_at": _DATE, "url": here, "assets_url": f"{here}/assets",
            "html_url": f"{self.url}/{REPOSITORY}/releases/tag/v1",
            "upload_url": f"{here}/assets{{?name,label}}",
            "assets": self._assets,
        }  # fmt: skip


_DATE = "2026-01-01T00:00:00Z"


def _asset(number: int, name: str, size: int) -> dict[str, object]:
    return {
        "id": number, "name": name, "label": "", "size": size, "state": "uploaded", "digest": None,
        "content_type": "application/octet-stream", "url": f"https://example.org/{number}",
        "browser_download_url": f"https://example.org/{name}", "download_count": 0,
        "created_at": _DATE, "updated_at": _DATE,
    }  # fmt: skip


def _sum(assets: list[dict[str, object]]) -> int:
    return sum(size for asset in assets if isinstance(size := asset["size"], int))


def _requests(client: socket.socket, buffer: memoryview) -> Iterator[tuple[str, str, int]]:
    """Yield method, target and size of each request, its body read and discarded."""
    received = bytearray()
    while True:
        while (end := received.find(b"\r\n\r\n")) < 0:
            data = client.recv(64 * 1024)
            if not data:
                return
            received += data
        line, *headers = bytes(received[:end]).decode("latin-1").split("\r\n")
        del received[: end + 4]
        method, target, _ = line.split(" ")
        size = 0
        for header in headers:
            key, _, value = header.partition(":")
            if key.lower() == "content-length":
                size = int(value)
        left = size - len(received)
        del received[:size]
        while left > 0:
            taken = client.recv_into(buffer[: min(left, BLOCK)])
            if not taken:
                return
            left -= taken
        yield method, target, size


def main() -> None:
    """Print the address, and serve until standard input closes."""
    sink = Sink(*sys.argv[1:])
    sys.stdout.write(json.dumps({"url": sink.url, "repository": REPOSITORY}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=sink.serve, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
