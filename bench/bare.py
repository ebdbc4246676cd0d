"""Uploads files over plain sockets, with sendfile unless there is TLS: the fastest this machine can be."""

import os
import socket
import ssl
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

BLOCK = 256 * 1024


def main(url: str, authority: str, token: str, connections: str, *paths: str) -> None:
    """Post each file to url over `connections` connections, and check the status of each answer."""
    left = [Path(path) for path in reversed(paths)]
    threads = [
        threading.Thread(target=_send_some, args=(url, authority, token, left))
        for _ in range(min(int(connections), len(left)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(1 if left else 0)


def _send_some(url: str, authority: str, token: str, left: list[Path]) -> None:
    parts = urlsplit(url)
    sock = socket.create_connection((parts.hostname or "", parts.port or 443))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if parts.scheme == "https":
        sock = ssl.create_default_context(cafile=authority).wrap_socket(
            sock, server_hostname=parts.hostname
        )
    with sock:
        while left:
            try:
                path = left.pop()
            except IndexError:
                return  # another thread took the last one
            try:
                _send(sock, f"{parts.path}?name={path.name}", parts.netloc, token, path)
            except OSError:
                left.append(path)  # so that the exit code is not 0
                raise


def _send(sock: socket.socket, target: str, host: str, token: str, path: Path) -> None:
    size = path.stat().st_size
    sock.sendall(
        f"POST {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        "User-Agent: sendfile\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {size}\r\n\r\n".encode()
    )
    with path.open("rb", buffering=0) as file:
        if isinstance(sock, ssl.SSLSocket):
            while block := file.read(BLOCK):
                sock.sendall(block)
        else:
            offset = 0
            while offset < size:
                offset += os.sendfile(sock.fileno(), file.fileno(), offset, size - offset)
    status = _receive(sock)
    if status != 201:
        raise OSError(f"{path}: {status}")


def _receive(sock: socket.socket) -> int:
    """Read an answer to its end and return its status."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += sock.recv(64 * 1024)
    head, _, body = answer.lower().partition(b"\r\n\r\n")
    _, given, length = head.partition(b"content-length:")
    while len(body) < int(length.partition(b"\r\n")[0] or 0):
        body += sock.recv(64 * 1024)
    while not given and not body.endswith(b"0\r\n\r\n"):  # chunked
        body += sock.recv(64 * 1024)
    return int(head.split(b" ")[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
