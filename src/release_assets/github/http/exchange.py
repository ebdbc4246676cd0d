"""Send one request and return its answer: token, headers and redirects, without a retry."""

import json as json_module
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit

import requests

from release_assets import __version__
from release_assets.clock import Clock
from release_assets.github import decode
from release_assets.github.http import origins, trace
from release_assets.github.http.request import Answer, Request
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import Adapter, PreparedRequest, check_headers, stream
from release_assets.github.http.transport_errors import TRANSPORT_ERRORS, describe_transport_error
from release_assets.github.server_time import ServerTime
from release_assets.light_dataclasses import dataclass, field
from release_assets.redact import redacted_answer

API_VERSION = "2022-11-28"
_MAX_REDIRECTS = 5
_BLOCK = 64 * 1024

Params = Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True)
class ApiAccess:
    """The address of GitHub's API, and what it takes to reach it."""

    url: str
    token: str = field(repr=False)
    timeouts: Timeouts
    tls: ssl.SSLContext | None = None  # None: the public authorities are enough


class Exchange:
    """Sends requests to one GitHub. Keeps connections alive; never sends the token elsewhere.

    It does not use a requests.Session, which keeps cookies, follows redirects in its own way and
    takes a fifth more time per request. That also reads a netrc file, which would replace the
    token, and variables that would replace the certificates.
    """

    def __init__(
        self,
        access: ApiAccess,
        clock: Clock,
        connections: int,
        before_request: Callable[[], object],
        debug: Callable[[str], None] | None,
    ) -> None:
        """before_request: called before each request, including those that follow a redirect.

        debug: called with a line for each request; None: debug lines are not shown.
        """
        self.api_url = access.url.rstrip("/")
        self.server = ServerTime(clock)
        self.calls = 0  # requests to GitHub itself, without those to its storage
        self._calls_lock = threading.Lock()
        self._token = access.token
        self._clock = clock
        self._before_request = before_request
        self._debug = debug
        self._adapter = Adapter(access.tls, connections, access.timeouts)

    def fetch(self, request: Request) -> Answer:
        """Send a request and return the answer with its whole body, whatever its status.

        Raises: TransientError when no valid answer comes; CancelledRunError.
        """
        with self.open(request) as response:
            return Answer(
                status=response.status_code,
                headers=response.headers,
                body=self.read_body(response, request.where),
            )

    def read_body(self, response: requests.Response, where: str) -> bytes:
        """Return a whole body, within a limit of size and time, with the token redacted.

        Raises: TransientError.
        """
        body = bytearray()  # not a list of parts, of which each may be one byte
        for part in stream(response, _BLOCK, where, is_file=False):
            body += part
            if len(body) > decode.MAX_ANSWER:
                what = f"the answer is larger than {decode.MAX_ANSWER // 1024**2} MiB"
                raise decode.unexpected(what, where)
        return redacted_answer(bytes(body), self._token)

    def open(self, request: Request) -> requests.Response:
        """Send a request, follow redirects, and return the answer with its body still to be read.

        A redirected request keeps its method, and sends its body again from the start.

        Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
        ("Follow redirects")
        """
        url, params = request.url, request.params
        for _ in range(_MAX_REDIRECTS + 1):
            response = self._send(request, url, params)
            if not _is_redirect(request.method, response.status_code):
                return response
            response.close()
            url, params = _redirect_target(request, url, response)
        raise decode.unexpected(f"more than {_MAX_REDIRECTS} redirects", request.where)

    def _send(self, request: Request, url: str, params: Params) -> requests.Response:
        """Send one request, log it for debugging, and return the answer, also a redirect."""
        self._before_request()
        self._count(url)
        prepared = self._prepared(request, url, params)
        started = self._clock.elapsed()
        try:
            check_headers(request.headers)
            response = self._adapter.open(prepared)
        except TRANSPORT_ERRORS as error:
            problem = describe_transport_error(error, url, request.where)
            if self._debug is not None:
                seconds = self._clock.elapsed() - started
                line = self._description(request, prepared)
                self._debug(trace.failure_line(line, problem.what, seconds=seconds))
            raise problem from None
        self.server.note(response.headers)
        if self._debug is not None:
            seconds = self._clock.elapsed() - started
            status, headers = response.status_code, response.headers
            line = self._description(request, prepared)
            self._debug(trace.answer_line(line, status, headers, url=url, seconds=seconds))
        return response

    def _description(self, request: Request, prepared: requests.PreparedRequest) -> str:
        """Return the start of a line for debugging."""
        url, body = prepared.url or "", prepared.body
        return trace.describe_request(request.method, self.api_url, url, body, request.attempt)

    def _count(self, url: str) -> None:
        if origins.may_see_token(self.api_url, url):
            with self._calls_lock:
                self.calls += 1

    def _prepared(self, request: Request, url: str, params: Params) -> PreparedRequest:
        body: Iterable[bytes] | None = request.body
        if request.json is not None:
            content = request.json() if callable(request.json) else request.json
            body = json_module.dumps(content).encode()  # type: ignore[assignment]
        headers = self._headers(request, url)
        if body is not None or request.is_writing:
            headers["Content-Length"] = str(len(body or b""))  # type: ignore[arg-type]
        return PreparedRequest(request.method, _url_with(url, params), headers, body)

    def _headers(self, request: Request, url: str) -> dict[str, str]:
        headers = {
            "User-Agent": f"publish-release-assets/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            **request.headers,
        }
        if request.json is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if origins.may_see_token(self.api_url, url):
            headers["Authorization"] = f"Bearer {self._token}"
            headers["Accept"] = request.accept
            if not origins.is_enterprise_server(self.api_url):
                headers["X-GitHub-Api-Version"] = API_VERSION
        return headers


def _url_with(url: str, params: Params) -> str:
    """Return a URL with parameters added to its query."""
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, quote_via=quote)}"


def _is_redirect(method: str, status: int) -> bool:
    return status in {307, 308} or (status in {301, 302, 303} and method in {"GET", "HEAD"})


def _redirect_target(request: Request, url: str, response: requests.Response) -> tuple[str, Params]:
    """Return the URL and the parameters of the request that follows a redirect from `url`.

    A redirect names the whole target. Only 307 and 308 without a query of their own keep the
    parameters of the request.

    Raises: UnexpectedAnswerError when it names no valid address.
    """
    target = response.headers.get("location")
    if not target:
        raise decode.unexpected("a redirect without an address", request.where)
    try:
        absolute, query = urldefrag(urljoin(url, target)).url, urlsplit(target).query
    except ValueError:
        absolute, query = "", ""
    if not origins.is_address(absolute):
        raise decode.unexpected("a redirect to an invalid address", request.where)
    keeps_params = response.status_code in {307, 308} and not query
    return absolute, request.params if keeps_params else None


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers with their names in lower case."""
    return {name.lower(): headers[name] for name in headers}
