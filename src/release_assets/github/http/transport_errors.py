"""An error of requests, urllib3 or http.client -> the error to report."""

import re
from collections.abc import Iterator
from http.client import HTTPException, RemoteDisconnected

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    InvalidChunkLength,
    LocationValueError,
    MaxRetryError,
)

from release_assets.github import decode, decode_errors
from release_assets.github.errors import CertificateError, GitHubError, UnreachableError
from release_assets.github.http import origins
from release_assets.github.http.answer_headers import BadFramingError
from release_assets.wording import words

TRANSPORT_ERRORS = (requests.RequestException, HTTPError, HTTPException, ValueError, LookupError)
"""What requests, urllib3 and http.client raise for an invalid answer or address.

requests does not wrap all of the last three, for example for a host name that is too long.
"""


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
