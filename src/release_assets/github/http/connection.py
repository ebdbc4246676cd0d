"""Connections that notice an early answer, and tolerate a slow peer but not a stalled one."""

# ruff: noqa: ANN401 - the signatures are those of urllib3, whose types are long

import socket
from functools import partial
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from release_assets.github.http.openssl import clear_error_queue
from release_assets.github.http.receiving import TimedResponse
from release_assets.github.http.sending import Sender
from release_assets.github.http.timeouts import Timeouts

_SMALL_BODY = 16 * 1024
"""Bytes that a send buffer always has room for, so that sending them never blocks.

Source: https://man7.org/linux/man-pages/man7/tcp.7.html (tcp_wmem: 16 KiB at first)
"""


class EarlyAnswerConnection(HTTPConnection):
    """Stops sending a body when the answer arrives, returns the answer, and closes.

    urllib3 sends the whole body before it reads, and applies the connect timeout to each block.
    Here urllib3 sends only the head of a request, and a Sender the body. A small body goes with the
    head, since there is nothing to stop.

    Source: https://github.com/psf/requests/issues/5425 (sends on after an answer),
    https://github.com/urllib3/urllib3/issues/857 and
    https://github.com/psf/requests/issues/5263 (the timeout)
    """

    def __init__(self, *arguments: Any, timeouts: Timeouts, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._timeouts = timeouts
        self._sender: Sender | None = None  # of the request that is being sent
        self._small_body = b""  # to be sent with the next head

    def request(
        self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any
    ) -> None:
        """Send a request; stop sending its body when the peer answers.

        body: bytes, or their blocks; the headers hold its length.
        """
        blocks = [body] if isinstance(body, bytes) else body
        is_small = body is not None and len(body) <= _SMALL_BODY
        self._small_body = b"".join(blocks) if is_small else b""
        super().request(method, url, None, headers, **options)
        if body is not None and not is_small:
            self._sender = Sender(self.sock, self._timeouts)
            self._sender.send_body(blocks)

    def send(self, data: Any) -> None:
        """Send the head of a request, together with a small body."""
        # Taken first: this may connect, and send a proxy a request of its own.
        body, self._small_body = self._small_body, b""
        super().send(data + body if body else data)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3
        """Return the answer, with its body still to be read."""
        if self._sender is not None:
            self._sender.wait_for_answer()
        return super().getresponse()

    def response_class(  # type: ignore[override] # http.client calls it like the class
        self, sock: socket.socket, *, method: str
    ) -> TimedResponse:
        """Return the answer of the peer, or of a proxy to CONNECT, still to be read."""
        sender, self._sender = self._sender, None
        return TimedResponse(
            sock,
            method,
            timeouts=self._timeouts,
            received=sender.received if sender else b"",
            closes_connection=sender is not None and not sender.is_complete,
        )

    def close(self) -> None:
        """Close; the next request opens a new connection."""
        self._sender = None
        super().close()


class EarlyAnswerTLSConnection(EarlyAnswerConnection, HTTPSConnection):
    """The same over TLS."""

    def request(self, *arguments: Any, **options: Any) -> None:
        """Send a request, unaffected by errors of other connections."""
        clear_error_queue()
        super().request(*arguments, **options)


class _Pool(HTTPConnectionPool):
    ConnectionCls = EarlyAnswerConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = EarlyAnswerTLSConnection


def pools(timeouts: Timeouts) -> dict[str, Any]:
    """Return what a PoolManager calls like a class to create a pool of them, by scheme.

    Source: https://urllib3.readthedocs.io/en/stable/reference/urllib3.connectionpool.html
    (ConnectionCls)
    """
    return {
        "http": partial(_Pool, timeouts=timeouts),
        "https": partial(_TLSPool, timeouts=timeouts),
    }
