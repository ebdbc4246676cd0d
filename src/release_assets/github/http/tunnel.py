"""TLS to a server inside TLS to a proxy: a deadline for each step of the inner connection."""

import math
import socket
import ssl
import time

from urllib3.util.ssltransport import SSLTransport


class ProxyTLS(ssl.SSLSocket):
    """The outer TLS socket, from which the inner TLS reads until a step is complete.

    The socket's timeout applies to each read anew. A handshake or a record of 16 KiB that arrives
    one byte at a time would therefore never time out. Without a tunnel, Python's TLS applies the
    timeout to the whole step.

    Source: https://docs.python.org/3/library/ssl.html#ssl.SSLContext.sslsocket_class
    """

    _deadline: float | None = None  # None until the first read, which is for the inner handshake

    def limit_step(self, seconds: float) -> None:
        """Set how long the next step may take."""
        self._deadline = time.monotonic() + seconds

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Receive bytes. Raises: TimeoutError, also when the step takes too long."""
        if self._deadline is None:
            self.limit_step(self.gettimeout() or math.inf)
        elif time.monotonic() > self._deadline:
            raise TimeoutError
        return super().recv(buflen, flags)


def limit_step(sock: socket.socket | SSLTransport, seconds: float) -> None:
    """Set how long the next step of TLS inside TLS may take; do nothing for other sockets."""
    if isinstance(sock, SSLTransport) and isinstance(sock.socket, ProxyTLS):
        sock.socket.limit_step(seconds)
