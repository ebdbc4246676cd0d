"""Connections that notice an early answer, and tolerate a slow peer but not a stalled one."""

# ruff: noqa: ANN401 - the signatures are those of urllib3, whose types are long

from functools import partial
from typing import Any, ClassVar

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from release_assets.github.http.openssl import clear_error_queue
from release_assets.github.http.receiving import TimedResponse
from release_assets.github.http.sending import Sender
from release_assets.github.http.timeouts import Timeouts


class _EarlyAnswerError(Exception):
    """The rest of the body should not be sent."""


class EarlyAnswerConnection(HTTPConnection):
    """Stops sending a body when the answer arrives, returns the answer, and closes.

    urllib3 sends the whole body before it reads, and applies the connect timeout to each block.
    Here a Sender sends what follows the head of a request with a body. All else is unchanged.

    Source: https://github.com/psf/requests/issues/5425 (sends on after an answer),
    https://github.com/urllib3/urllib3/issues/857 and
    https://github.com/psf/requests/issues/5263 (the timeout)
    """

    timeouts: ClassVar[Timeouts]
    _has_body = False
    _sender: Sender | None = None

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        **options: Any,
    ) -> None:
        """Send a request; stop sending its body when the peer answers."""
        self._has_body = body is not None
        try:
            super().request(method, url, body, headers, **options)
        except _EarlyAnswerError:
            return
        if self._sender is not None:
            self._sender.finish()

    def endheaders(
        self,
        message_body: Any = None,
        *,
        encode_chunked: bool = False,
    ) -> None:
        """Send the head; what follows is the body."""
        super().endheaders(message_body, encode_chunked=encode_chunked)
        if self._has_body:
            self._sender = Sender(self.sock, self.timeouts)

    def send(self, data: Any) -> None:
        """Send bytes of the head, or of the body until the peer answers."""
        if self._sender is None:
            super().send(data)
        elif not self._sender.send(data):
            raise _EarlyAnswerError

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3
        """Return the answer, with its body still to be read."""
        sender, self._sender = self._sender, None
        if sender is None:
            return super().getresponse()
        sender.wait_for_answer()
        response_class = partial(
            TimedResponse,
            timeouts=self.timeouts,
            received=sender.received,
            closes_connection=not sender.is_complete,
        )
        self.response_class = response_class  # type: ignore[assignment] # is called like the class
        try:
            return super().getresponse()
        finally:
            del self.response_class

    def close(self) -> None:
        """Close; the next request opens a new connection."""
        self._sender = None
        super().close()


class EarlyAnswerTLSConnection(EarlyAnswerConnection, HTTPSConnection):
    """The same over TLS."""

    _was_used = False

    def connect(self) -> None:
        """Connect; the handshake empties OpenSSL's error queue."""
        super().connect()
        self._was_used = False

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        **options: Any,
    ) -> None:
        """Send a request, unaffected by errors of other connections."""
        if self._was_used:
            clear_error_queue()
        self._was_used = True
        super().request(method, url, body, headers, **options)


def pools(timeouts: Timeouts) -> dict[str, type[HTTPConnectionPool]]:
    """Return the classes of pools of such connections, by scheme, for a PoolManager.

    Source: https://urllib3.readthedocs.io/en/stable/reference/urllib3.connectionpool.html
    (ConnectionCls)
    """

    class Plain(EarlyAnswerConnection):
        pass

    class TLS(EarlyAnswerTLSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TLSPool(HTTPSConnectionPool):
        ConnectionCls = TLS

    for kind in (Plain, TLS):
        kind.timeouts = timeouts
        # Applies to a proxy's answer to CONNECT too.
        response_class = partial(TimedResponse, timeouts=timeouts)
        kind.response_class = staticmethod(response_class)  # type: ignore[assignment] # is called like the class
    return {"http": PlainPool, "https": TLSPool}
