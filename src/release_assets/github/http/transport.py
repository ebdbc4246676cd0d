"""Bytes out and in through requests; what goes wrong on the way, in words."""

import re
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPException, RemoteDisconnected
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3 import ProxyManager
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    InvalidChunkLength,
    LocationValueError,
)

from release_assets.github import decode, decode_errors
from release_assets.github.errors import (
    CertificateError,
    GitHubError,
    UnexpectedAnswerError,
    UnreachableError,
)
from release_assets.github.http import origins
from release_assets.github.http.connection import pools
from release_assets.github.http.receiving import BadFramingError, TimedResponse
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.tls import public_authorities
from release_assets.github.http.tunnel import ProxyTLS

BROKEN = (requests.RequestException, HTTPError, HTTPException, ValueError, LookupError)
"""What requests, urllib3 and http.client raise for what a server says, or for no address.

Of the last three requests lets some through: for a name of a host that is too long, for one.
"""

BLOCK = 256 * 1024
"""Bytes handed to the socket at once: larger is slower, the default of 16 KiB much slower."""


class Adapter(HTTPAdapter):
    """Sends in large blocks over connections that listen, and verifies with our context."""

    def __init__(
        self, context: ssl.SSLContext | None, connections: int, timeouts: Timeouts
    ) -> None:
        self._context = context
        self._making = threading.Lock()
        self._proxies: dict[str, dict[str, str]] = {}
        self._timeouts = timeouts
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **kwargs: Any,  # noqa: ANN401 - as the class above has it
    ) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **kwargs, blocksize=BLOCK)
        self.poolmanager.pool_classes_by_scheme = pools(self._timeouts)

    def proxy_manager_for(
        self,
        proxy: str,
        **kwargs: Any,  # noqa: ANN401 - as the class above has it
    ) -> ProxyManager:
        """Make the pools of connections through a proxy."""
        if proxy.lower().startswith("https:"):  # it has a certificate too
            context = kwargs["proxy_ssl_context"] = self._trusting()
            context.sslsocket_class = ProxyTLS
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs, blocksize=BLOCK)
        if not proxy.lower().startswith("socks"):  # whose pools have connections of their own
            manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager

    def proxies(self, url: str) -> dict[str, str]:
        """Return the proxies that the environment names for a URL; read once for a server.

        To read them takes a quarter as long as all else that a request takes of this thread.
        """
        origin = origins.origin(url) or url
        if origin not in self._proxies:
            self._proxies[origin] = get_environ_proxies(origin)
        return self._proxies[origin]

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: object,  # noqa: ARG002 - always
        cert: object = None,  # noqa: ARG002 - the token is what tells who asks
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what chooses a connection: those over TLS share what verifies the server."""
        host, options = super().build_connection_pool_key_attributes(request, verify=True)
        if host["scheme"] == "https":
            options["ssl_context"] = self._trusting()
        return host, options

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Leave it to that context, which always verifies.

        requests would have every new connection read the file of all authorities again, which
        takes 5 to 15 ms in which no other thread runs.
        """

    def _trusting(self) -> ssl.SSLContext:
        with self._making:
            if self._context is None:
                self._context = public_authorities()
            return self._context


def stream(
    response: requests.Response, block: int, where: str, *, is_file: bool
) -> Iterator[bytes]:
    """Yield a body as it comes in, in blocks of so many bytes at most.

    is_file: whether it may take as long as it takes, while it moves.

    Raises: UnreachableError when it breaks off, or does not come to an end in time;
        UnexpectedAnswerError when it is not HTTP.
    """
    parts = response.iter_content(block)
    # requests itself knows it by this name. That of a SOCKS proxy is another.
    answer = response.raw._original_response  # noqa: SLF001
    if isinstance(answer, TimedResponse):
        parts = answer.hand_on(parts, is_file=is_file)
    try:
        yield from parts
    except BROKEN as error:
        raise unreachable(error, response.url, where) from None


def unreachable(error: Exception, url: str, where: str) -> GitHubError:
    """Return the error that one of BROKEN means; the address asked is not told in full."""
    host = origins.host_of(url)
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error).upper():
        return CertificateError(
            f"the certificate of {host} is not trusted",
            where=where,
            fix="give the certificate of your authority as `ca-bundle`",
        )
    if isinstance(error, _NO_ADDRESS):
        return GitHubError(
            f"{host or 'the API'} is not an address",
            where=where,
            fix="correct `GITHUB_API_URL`, or `HTTPS_PROXY` if it is the proxy's",
        )
    if isinstance(error, requests.exceptions.InvalidHeader) and error.request is None:
        # One of ours: those of an answer come with the request. The text of the error is not
        # told, since it holds the value, which may be the token.
        return GitHubError(
            "a header of the request would hold a line break, or begin with a space",
            where=where,
            fix="correct the token and the content type",
        )
    for one in _chain(error):
        if isinstance(one, BadFramingError | InvalidChunkLength):
            is_ours = isinstance(one, BadFramingError)
            told = str(one) if is_ours else "a part of the answer has a size that is not a number"
            return UnexpectedAnswerError(told, where=where, fix=decode.NOT_THE_API)
    if not isinstance(error, OSError | HTTPError | HTTPException):
        # The text of the error is not told: it may hold what the server said.
        return UnexpectedAnswerError(
            f"the answer from {host} is not HTTP ({type(error).__name__})",
            where=where,
            fix=decode.NOT_THE_API,
        )
    reason = _reason(error)
    if reason == _REFUSED_BY_PROXY.format(decode_errors.PROXY_STATUS):
        return decode_errors.proxy_refusal(where)
    return UnreachableError(
        f"no answer from {host} ({reason})",
        where=where,
        fix="check the network and the proxy settings, then run the job again",
    )


_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,
)
_WORDS: dict[type[BaseException], str] = {
    ConnectTimeoutError: "the connection could not be made in time",
    TimeoutError: "nothing came back in time",
    RemoteDisconnected: "it hung up",
    IncompleteRead: "it hung up in the middle of the answer",
}
_REFUSED_BY_PROXY = "the proxy refused with {}"
# How http.client tells it. What a proxy says besides the number is not told.
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b")


def _reason(error: BaseException) -> str:
    """Return why a connection failed, in words, without the address that was asked."""
    told = type(error).__name__
    for seen in _chain(error):
        if isinstance(seen, OSError) and seen.strerror:
            return seen.strerror
        if isinstance(seen, OSError) and (refused := _TUNNEL.match(str(seen))):
            return _REFUSED_BY_PROXY.format(refused[1])
        if type(seen) in _WORDS:  # their subclasses have causes that say more
            return _WORDS[type(seen)]
        if not isinstance(seen, requests.RequestException):
            told = type(seen).__name__
    return told


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what it wraps, and so on."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        inner = inner or getattr(seen, "reason", None)
        seen = inner if isinstance(inner, BaseException) else seen.__cause__ or seen.__context__
