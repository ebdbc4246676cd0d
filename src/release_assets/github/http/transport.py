"""Send requests and stream answers with the requests library; describe transport errors."""

# ruff: noqa: ANN401 - the signatures are those of requests

import re
import ssl
import threading
from collections.abc import Iterator
from functools import cache
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
    MaxRetryError,
)

from release_assets.github import decode, decode_errors
from release_assets.github.errors import (
    CertificateError,
    GitHubError,
    UnreachableError,
)
from release_assets.github.http import origins
from release_assets.github.http.connection import pools
from release_assets.github.http.receiving import BadFramingError, TimedResponse
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.tls import public_authorities
from release_assets.github.http.tunnel import ProxyTLS
from release_assets.wording import words

TRANSPORT_ERRORS = (requests.RequestException, HTTPError, HTTPException, ValueError, LookupError)
"""What requests, urllib3 and http.client raise for an invalid answer or address.

requests does not wrap all of the last three, for example for a host name that is too long.
"""

BLOCK = 256 * 1024
"""Bytes of a body per write to the socket. Larger blocks are slower, those of 16 KiB much slower."""


class Adapter(HTTPAdapter):
    """Sends requests over connections that notice early answers; verifies every server."""

    def __init__(
        self, context: ssl.SSLContext | None, connections: int, timeouts: Timeouts
    ) -> None:
        self._context = context
        self._context_lock = threading.Lock()
        # Reading them takes a fifth of the CPU time of a request.
        self._proxies_of_origin = cache(get_environ_proxies)
        self._timeouts = timeouts
        super().__init__(pool_connections=connections, pool_maxsize=connections)

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
        url = request.url or ""
        return self.send(
            request,
            stream=True,
            timeout=(self._timeouts.connect_seconds, self._timeouts.stall_seconds),
            proxies=self._proxies_of_origin(origins.origin(url) or url),
        )

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

    def _tls_context(self) -> ssl.SSLContext:
        with self._context_lock:
            if self._context is None:
                self._context = public_authorities()
            return self._context


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


def describe_transport_error(error: Exception, url: str, where: str) -> GitHubError:
    """Return the error to report for one of TRANSPORT_ERRORS; of the URL it shows only the host."""
    host = origins.host_of(url)
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error).upper():
        return CertificateError(
            f"the certificate of {host} is not trusted",
            where=where,
            fix=words("set {ca-bundle} to the certificate of the authority that signed it"),
        )
    if isinstance(error, _INVALID_ADDRESS):
        return GitHubError(
            f"{host or 'the API'} is not an address",
            where=where,
            fix="correct `GITHUB_API_URL`, or `HTTPS_PROXY` if it is the proxy's",
        )
    if isinstance(error, requests.exceptions.InvalidHeader) and error.request is None:
        # A header of the request: for one of an answer, `error.request` is set. The text of the
        # error holds the value, which may be the token, so it is not shown.
        return GitHubError(
            "a header of the request would hold a line break, or begin with a space",
            where=where,
            fix="correct the token and the content type",
        )
    if what := _invalid_http(error, host):
        return decode.unexpected(what, where)
    return _no_answer(error, host, where)


def _no_answer(error: Exception, host: str, where: str) -> GitHubError:
    """Return the error for a request that the host, or a proxy before it, did not answer."""
    reason, proxy = _reason(error), _proxy_of(error)
    if reason == _REFUSED_BY_PROXY.format(decode_errors.PROXY_STATUS):
        return decode_errors.proxy_refusal(where)
    if proxy:
        return UnreachableError(
            f"the proxy {proxy} cannot be used ({reason})",
            where=where,
            fix=words(
                "correct `https_proxy`, or add `{}` to `no_proxy`, then {RUN_AGAIN}",
                host.partition(":")[0],
            ),
        )
    return UnreachableError(
        f"no answer from {host} ({reason})",
        where=where,
        fix=words("check the runner's network, then {RUN_AGAIN}"),
    )


_INVALID_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,
)
_REASONS: dict[type[BaseException], str] = {
    ConnectTimeoutError: "the connection could not be made in time",
    TimeoutError: "nothing came back in time",
    RemoteDisconnected: "it hung up",
    IncompleteRead: "it hung up in the middle of the answer",
}
_REFUSED_BY_PROXY = "the proxy refused with {}"
# The wording of http.client. The proxy's own text, after the status, is not shown.
_TUNNEL = r"Tunnel connection failed: (\d{3})\b"


def _invalid_http(error: Exception, host: str) -> str:
    """Return in what way an answer is not valid HTTP; empty for any other error."""
    for cause in _causes(error):
        if isinstance(cause, BadFramingError):
            return str(cause)
        if isinstance(cause, InvalidChunkLength):
            return "a part of the answer has a size that is not a number"
    if isinstance(error, OSError | HTTPError | HTTPException):
        return ""
    # The text of the error may hold what the server sent, so it is not shown.
    return f"the answer from {host} is not HTTP ({type(error).__name__})"


def _reason(error: BaseException) -> str:
    """Return why a connection failed, without the URL."""
    name = type(error).__name__
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        if isinstance(cause, OSError) and (refused := re.match(_TUNNEL, str(cause))):
            return _REFUSED_BY_PROXY.format(refused[1])
        if type(cause) in _REASONS:  # not isinstance: the causes of subclasses are more specific
            return _REASONS[type(cause)]
        if not isinstance(cause, requests.RequestException):
            name = type(cause).__name__
    return name


def _proxy_of(error: Exception) -> str:
    """Return host and port of the proxy that failed; empty if it was not a proxy.

    Its user and password are not shown.
    """
    is_proxy_error = isinstance(error, requests.exceptions.ProxyError)
    for cause in _causes(error) if is_proxy_error else ():
        proxy = getattr(cause.pool, "proxy", None) if isinstance(cause, MaxRetryError) else None
        if proxy is not None:
            return f"{proxy.host}:{proxy.port}"
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, then the errors that it wraps, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        wrapped = next((arg for arg in current.args if isinstance(arg, BaseException)), None)
        wrapped = wrapped or getattr(current, "reason", None)
        is_error = isinstance(wrapped, BaseException)
        current = wrapped if is_error else current.__cause__ or current.__context__
