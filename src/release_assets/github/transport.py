"""Bytes out and in through requests; what goes wrong on the way, in words."""

import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager

from release_assets.errors import CertificateError, GitHubError, UnreachableError

BLOCK = 256 * 1024
"""Bytes handed to the socket at once: larger is slower, the default of 16 KiB much slower."""


class Adapter(HTTPAdapter):
    """Sends in large blocks, and verifies with our context."""

    def __init__(self, context: ssl.SSLContext | None, connections: int) -> None:
        self._context = context
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **kwargs: Any,  # noqa: ANN401 - as the class above has it
    ) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **kwargs, **self._options())

    def proxy_manager_for(
        self,
        proxy: str,
        **kwargs: Any,  # noqa: ANN401 - as the class above has it
    ) -> ProxyManager:
        """Make the pools of connections through a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs, **self._options())
        return manager

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"blocksize": BLOCK}
        if self._context is not None:
            options["ssl_context"] = self._context
        return options


def stream(response: requests.Response, block: int, where: str) -> Iterator[bytes]:
    """Yield a body as it comes in.

    Raises: UnreachableError when it breaks off.
    """
    try:
        yield from response.iter_content(block)
    except requests.RequestException as error:
        raise unreachable(error, response.url, where) from None


def unreachable(error: requests.RequestException, url: str, where: str) -> GitHubError:
    """Return the error that a failure of requests means; the address asked is not told in full."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error).upper():
        return CertificateError(
            f"the certificate of {host} is not trusted",
            where=where,
            fix="give the certificate of your authority as `ca-bundle`",
        )
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return GitHubError(f"{host or 'the API'} is not an address", where=where)
    return UnreachableError(
        f"no answer from {host} ({_reason(error)})",
        where=where,
        fix="check the network and the proxy settings, then run the job again",
    )


def _reason(error: BaseException) -> str:
    """Return why a connection failed, in words, without the address that was asked."""
    seen: BaseException | None = error
    told = type(error).__name__
    while seen is not None:
        if isinstance(seen, OSError) and seen.strerror:
            return seen.strerror
        if not isinstance(seen, requests.RequestException):
            told = type(seen).__name__
        inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        inner = inner or getattr(seen, "reason", None)
        seen = inner if isinstance(inner, BaseException) else seen.__cause__ or seen.__context__
    return told
