"""Connections that hear an early answer, and tell a slow link from a dead one."""

# ruff: noqa: ANN401 - signatures are those of urllib3, which takes more than can be said shortly

from functools import partial
from typing import Any, ClassVar

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from release_assets.github.http.openssl import forget_errors
from release_assets.github.http.receiving import TimedResponse
from release_assets.github.http.sending import Sender
from release_assets.github.http.timeouts import Timeouts


class _AnsweredError(Exception):
    """No more of the body is wanted."""


class ListeningConnection(HTTPConnection):
    """Stops sending a body when the answer is there, returns it, and closes.

    urllib3 sends the whole body before it looks, with the time for connecting as the limit of
    each block. Here, what is sent after the head of a request with a body goes through a Sender;
    all else stays as it is.

    Source: https://github.com/psf/requests/issues/5425 (sends on after an answer),
    https://github.com/urllib3/urllib3/issues/857 and
    https://github.com/psf/requests/issues/5263 (the limit)
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
        """Send a request, its body up to where the peer answers."""
        self._has_body = body is not None
        try:
            super().request(method, url, body, headers, **options)
        except _AnsweredError:
            return
        if self._sender is not None:
            self._sender.end()

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
        """Send bytes, those of a body as long as they are wanted."""
        if self._sender is None:
            super().send(data)
        elif not self._sender.send(data):
            raise _AnsweredError

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3's own
        """Return the answer, with its body still to be read."""
        sender, self._sender = self._sender, None
        if sender is None:
            return super().getresponse()
        sender.hear()
        answer = partial(
            TimedResponse,
            timeouts=self.timeouts,
            heard=sender.heard,
            last=not sender.is_whole,
        )
        self.response_class = answer  # type: ignore[assignment] # called as the class would be
        try:
            return super().getresponse()
        finally:
            del self.response_class

    def close(self) -> None:
        """Close; the next request connects anew."""
        self._sender = None
        super().close()


class ListeningTLSConnection(ListeningConnection, HTTPSConnection):
    """The same over TLS."""

    _was_used = False

    def connect(self) -> None:
        """Connect; the handshake leaves OpenSSL without old errors."""
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
        """Send a request, not troubled by what went wrong on another connection."""
        if self._was_used:
            forget_errors()
        self._was_used = True
        super().request(method, url, body, headers, **options)


def pools(timeouts: Timeouts) -> dict[str, type[HTTPConnectionPool]]:
    """Return the pools of such connections, by scheme, for a PoolManager.

    Source: https://urllib3.readthedocs.io/en/stable/reference/urllib3.connectionpool.html
    (ConnectionCls)
    """

    class Plain(ListeningConnection):
        pass

    class TLS(ListeningTLSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TLSPool(HTTPSConnectionPool):
        ConnectionCls = TLS

    for kind in (Plain, TLS):
        kind.timeouts = timeouts
        # Also of what a proxy answers before.
        timed = partial(TimedResponse, timeouts=timeouts)
        kind.response_class = staticmethod(timed)  # type: ignore[assignment] # called as the class would be
    return {"http": PlainPool, "https": TLSPool}
