"""The server: one listening port for each origin, one thread for each connection."""

import contextlib
import socket
import ssl
import threading

from github_sandbox.connection import Connection
from github_sandbox.dispatch import serve
from github_sandbox.messages import Response
from github_sandbox.models import Flavour, Origin
from github_sandbox.request_body import BadRequestError, DisconnectedError
from github_sandbox.sandbox import Sandbox

BACKLOG = 1024
SEPARATE: tuple[Origin, ...] = ("api", "uploads", "storage", "web", "control")
TOGETHER: tuple[Origin, ...] = ("api", "control")
BAD_REQUEST = b"<html><head><title>400 Bad Request</title></head><body><h1>Bad Request</h1></body>"


def listen(host: str, port: int, flavour: Flavour) -> dict[Origin, socket.socket]:
    """Return listening sockets, by origin.

    port: of the first origin; the others get the ports after it, in the order of SEPARATE. 0: a free
    port for each. GHES has all origins except for the control API at one port.

    Raises:
        OSError: a port is in use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sockets: dict[Origin, socket.socket] = {}
    for number, origin in enumerate(TOGETHER if flavour == "ghes" else SEPARATE):
        address = (host, port + number if port else 0)
        sockets[origin] = socket.create_server(address, family=family, backlog=BACKLOG)
    return sockets


class Server:
    """Accepts connections and answers their requests."""

    def __init__(
        self,
        sandbox: Sandbox,
        sockets: dict[Origin, socket.socket],
        context: ssl.SSLContext | None,
    ) -> None:
        self._sandbox = sandbox
        self._sockets = sockets
        self._context = context

    def start(self) -> None:
        """Accept connections from now on."""
        for origin, listener in self._sockets.items():
            threading.Thread(target=self._accept, args=(origin, listener), daemon=True).start()

    def stop(self) -> None:
        """Stop accepting connections."""
        for listener in self._sockets.values():
            listener.close()

    def _accept(self, origin: Origin, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return  # stopped
            threading.Thread(target=self._serve, args=(origin, client), daemon=True).start()

    def _serve(self, origin: Origin, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self._context is not None:
                client = self._context.wrap_socket(client, server_side=True)
        except OSError:
            client.close()  # the TLS handshake failed, and the client reports why
            return
        connection = Connection(client)
        with contextlib.closing(client):
            try:
                self._answer_all(origin, connection)
            except DisconnectedError:
                return

    def _answer_all(self, origin: Origin, connection: Connection) -> None:
        while True:
            try:
                request = connection.read_request()
            except BadRequestError:
                # GitHub's gateway refuses what is not HTTP, with a page.
                html = ("Content-Type", "text/html")
                page = Response(status=400, headers=(html,), body=BAD_REQUEST)
                connection.respond(page, method="GET", keep_alive=False)
                return
            if request is None or not serve(self._sandbox, origin, connection, request):
                return
