"""TLS to a server within TLS to a proxy: each step of the inner one has an end in time."""

import math
import socket
import ssl
import time

from urllib3.util.ssltransport import SSLTransport


class ProxyTLS(ssl.SSLSocket):
    """TLS to a proxy, from which another TLS takes bytes until it has all that it waits for.

    Each time it asks for more, the time begins anew: a handshake, or a record of 16 KiB, that
    comes a byte at a time would be waited for without end. Without a tunnel, Python's TLS takes
    the time for all of such a step.

    Source: https://docs.python.org/3/library/ssl.html#ssl.SSLContext.sslsocket_class
    """

    _until: float | None = None  # None: the handshake within, which is the first to ask

    def let_take(self, seconds: float) -> None:
        """Say how long the next step may take."""
        self._until = time.monotonic() + seconds

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Receive bytes. Raises: TimeoutError, also when the time of the step is over."""
        if self._until is None:
            self.let_take(self.gettimeout() or math.inf)
        elif time.monotonic() > self._until:
            raise TimeoutError
        return super().recv(buflen, flags)


def let_take(sock: socket.socket | SSLTransport, seconds: float) -> None:
    """Say how long the next step may take, where nobody else sees to it."""
    if isinstance(sock, SSLTransport) and isinstance(sock.socket, ProxyTLS):
        sock.socket.let_take(seconds)
