"""Send requests and stream answers with the requests library."""

# ruff: noqa: ANN401 - the signatures are those of requests

import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import check_header_validity, get_environ_proxies
from urllib3 import HTTPConnectionPool, ProxyManager, Timeout

from release_assets.github.http.connection import pools
from release_assets.github.http.receiving import TimedResponse
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.tls import public_authorities
from release_assets.github.http.transport_errors import TRANSPORT_ERRORS, describe_transport_error
from release_assets.github.http.tunnel import ProxyTLS

_MAX_HOSTS = 16  # GitHub's API, its uploads, and its storage have one each

BLOCK = 256 * 1024
"""Bytes of a body per write to the socket. Larger blocks are slower, those of 16 KiB much slower."""


class PreparedRequest(requests.PreparedRequest):
    """A request that can be sent.

    The `prepare()` of requests also looks for forms, cookies, hooks and credentials, and takes as
    long as sending the request.
    """

    def __init__(
        self, method: str, url: str, headers: Mapping[str, str], body: Iterable[bytes] | None
    ) -> None:
        super().__init__()
        self.method = method
        self.url = url
        self.headers = headers  # type: ignore[assignment] # a Mapping is enough for sending
        self.body = body


class _Response(requests.Response):
    """An answer without its cookies, since this program keeps none."""

    def __init__(self, request: requests.PreparedRequest, answer: Any) -> None:
        """answer: of urllib3."""
        super().__init__()
        self.request = request
        self.url = request.url or ""
        self.status_code = answer.status
        self.reason = answer.reason
        self.headers = answer.headers  # names of any case are equal
        self.raw = answer


def check_headers(headers: Mapping[str, str]) -> None:
    """Return if the headers are valid. Raises: requests.exceptions.InvalidHeader."""
    for header in headers.items():
        check_header_validity(header)


class Adapter(HTTPAdapter):
    """Sends requests over connections that notice early answers; verifies every server."""

    def __init__(
        self, context: ssl.SSLContext | None, connections: int, timeouts: Timeouts
    ) -> None:
        self._context = context
        self._context_lock = threading.Lock()
        self._timeouts = timeouts
        self._timeout = Timeout(connect=timeouts.connect_seconds, read=timeouts.stall_seconds)
        # By scheme, host and port. To find them anew takes a third of the CPU time of a request.
        self._proxies = lru_cache(_MAX_HOSTS)(get_environ_proxies)
        self._pools: dict[str, HTTPConnectionPool] = {}
        super().__init__(pool_connections=2 * _MAX_HOSTS, pool_maxsize=connections)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = pools(self._timeouts)

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        """Create the pools of connections through a proxy."""
        if proxy.lower().startswith("https:"):  # the proxy has a certificate too
            context = options["proxy_ssl_context"] = self._tls_context()
            context.sslsocket_class = ProxyTLS
        manager: ProxyManager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # which has its own connection classes
            manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager

    def open(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request, and return the answer with its body still to be read."""
        proxies = self._proxies(_host_url(request))
        timeout: Any = self._timeout  # the types do not show that it may be a Timeout
        return self.send(request, stream=True, timeout=timeout, proxies=proxies)

    def request_url(self, request: requests.PreparedRequest, proxies: dict[str, str] | None) -> str:
        """Return the target of a request: its path and query, or for some proxies its whole URL."""
        return super().request_url(request, proxies) if proxies else request.path_url

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: object,  # noqa: ARG002 - servers are always verified
        proxies: dict[str, str] | None = None,
        cert: object = None,  # noqa: ARG002 - see below
    ) -> HTTPConnectionPool:
        """Return the pool of connections for a request."""
        host_url = _host_url(request)
        pool = self._pools.get(host_url)
        if pool is None:
            if len(self._pools) >= _MAX_HOSTS:
                self._pools.clear()  # urllib3 closes the oldest pools
            pool = super().get_connection_with_tls_context(request, verify=True, proxies=proxies)
            self._pools[host_url] = pool
        return pool

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: object,  # noqa: ARG002 - servers are always verified
        cert: object = None,  # noqa: ARG002 - the token authenticates, not a client certificate
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what identifies a pool; all pools over TLS share one context."""
        host, options = super().build_connection_pool_key_attributes(request, verify=True)
        if host["scheme"] == "https":
            options["ssl_context"] = self._tls_context()
        return host, options

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Do nothing: the shared context always verifies.

        requests would load all authorities again for every connection, which blocks all threads
        for 5 to 15 ms.
        """

    def build_response(self, request: requests.PreparedRequest, answer: Any) -> requests.Response:
        """Return the answer that urllib3 received, as requests passes it on."""
        return _Response(request, answer)

    def _tls_context(self) -> ssl.SSLContext:
        with self._context_lock:
            if self._context is None:
                self._context = public_authorities()
            return self._context


def _host_url(request: requests.PreparedRequest) -> str:
    """Return scheme, host and port of a request's URL, as they are written there."""
    return "/".join((request.url or "").split("/", 3)[:3])


def stream(
    response: requests.Response, block: int, where: str, *, is_file: bool
) -> Iterator[bytes]:
    """Yield a body as it arrives, in parts of at most `block` bytes.

    is_file: whether a minimum rate applies, instead of a total timeout.

    Raises: UnreachableError when the body breaks off or exceeds its timeout;
        UnexpectedAnswerError when it is not valid HTTP.
    """
    parts = response.iter_content(block)
    # requests itself uses this name. The answer of a SOCKS proxy is of another class.
    answer = response.raw._original_response  # noqa: SLF001
    if isinstance(answer, TimedResponse):
        parts = answer.timed_parts(parts, is_file=is_file)
    try:
        yield from parts
    except TRANSPORT_ERRORS as error:
        raise describe_transport_error(error, response.url, where) from None
