"""Send one request and return its answer: token, headers and redirects, without a retry."""

import json as json_module
import ssl
import threading
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

import requests

from release_assets import __version__
from release_assets.clock import Clock
from release_assets.github import decode
from release_assets.github.errors import UnexpectedAnswerError
from release_assets.github.http import origins, trace
from release_assets.github.http.request import Answer, Request
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import (
    TRANSPORT_ERRORS,
    Adapter,
    describe_transport_error,
    stream,
)
from release_assets.github.server_time import ServerTime
from release_assets.redact import redacted_answer

API_VERSION = "2022-11-28"
_MAX_REDIRECTS = 5
_BLOCK = 64 * 1024


class Exchange:
    """Sends requests to one GitHub. Keeps connections alive; never sends the token elsewhere."""

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        clock: Clock,
        connections: int,
        before_request: Callable[[], object],
        debug: Callable[[str], None],
        tls: ssl.SSLContext | None,
        timeouts: Timeouts,
    ) -> None:
        """before_request: called before each request, including those that follow a redirect."""
        self.api_url = api_url.rstrip("/")
        self.server = ServerTime(clock)
        self.calls = 0  # requests to GitHub itself, without those to its storage
        self._calls_lock = threading.Lock()
        self._token = token
        self._clock = clock
        self._before_request = before_request
        self._debug = debug
        self._timeouts = timeouts
        # Not a requests.Session, which keeps cookies, follows redirects in its own way and takes
        # a fifth more time per request. It also reads a netrc file, which would replace the
        # token, and variables that would replace the certificates.
        self._adapter = Adapter(tls, connections, timeouts)

    def fetch(self, request: Request) -> Answer:
        """Send a request and return the answer with its whole body, whatever its status.

        Raises: TransientError when no valid answer comes; CancelledRunError.
        """
        with self.open(request) as response:
            return Answer(
                status=response.status_code,
                headers=lower_names(response.headers),
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
                raise UnexpectedAnswerError(
                    f"the answer is larger than {decode.MAX_ANSWER // 1024**2} MiB",
                    where=where,
                    fix=decode.NOT_THE_API,
                )
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
            status = response.status_code
            is_redirect = status in {307, 308} or (
                status in {301, 302, 303} and request.method in {"GET", "HEAD"}
            )
            if not is_redirect:
                return response
            target = response.headers.get("location")
            response.close()
            if not target:
                raise UnexpectedAnswerError(
                    "a redirect to nowhere", where=request.where, fix=decode.NOT_THE_API
                )
            # A redirect names the whole target. Only 307 and 308 without a query of their own
            # keep the parameters of the request.
            url, has_query = _redirect_target(url, target, request.where)
            params = request.params if status in {307, 308} and not has_query else None
        raise UnexpectedAnswerError(
            f"more than {_MAX_REDIRECTS} redirects", where=request.where, fix=decode.NOT_THE_API
        )

    def _send(
        self, request: Request, url: str, params: Mapping[str, str] | None
    ) -> requests.Response:
        """Send one request, log it for debugging, and return the answer, also a redirect."""
        self._before_request()
        self._count(url)
        body = request.body
        headers = self._headers(request, url)
        if request.json is not None:
            content = request.json() if callable(request.json) else request.json
            body = json_module.dumps(content).encode()  # type: ignore[assignment]
            headers["Content-Type"] = "application/json; charset=utf-8"
        request_text = trace.describe_request(
            request.method, self.api_url, url, body, request.attempt
        )
        started = self._clock.elapsed()
        try:
            response = self._adapter.send(
                requests.Request(
                    request.method, url, params=params, data=body, headers=headers
                ).prepare(),
                stream=True,
                timeout=(self._timeouts.connect_seconds, self._timeouts.stall_seconds),
                proxies=self._adapter.proxies(url),
            )
        except TRANSPORT_ERRORS as error:
            problem = describe_transport_error(error, url, request.where)
            took = self._clock.elapsed() - started
            self._debug(trace.failure_line(request_text, problem.what, seconds=took))
            raise problem from None
        self.server.note(response.headers)
        took = self._clock.elapsed() - started
        answer = lower_names(response.headers)
        line = trace.answer_line(request_text, response.status_code, answer, url=url, seconds=took)
        self._debug(line)
        return response

    def _count(self, url: str) -> None:
        if origins.may_see_token(self.api_url, url):
            with self._calls_lock:
                self.calls += 1

    def _headers(self, request: Request, url: str) -> dict[str, str]:
        headers = {
            "User-Agent": f"publish-release-assets/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            **request.headers,
        }
        if origins.may_see_token(self.api_url, url):
            headers["Authorization"] = f"Bearer {self._token}"
            headers["Accept"] = request.accept
            if not origins.is_enterprise_server(self.api_url):
                headers["X-GitHub-Api-Version"] = API_VERSION
        return headers


def _redirect_target(url: str, target: str, where: str) -> tuple[str, bool]:
    """Return the absolute URL that a redirect names, and whether it has a query.

    Raises: UnexpectedAnswerError when it is not a valid address.
    """
    try:
        absolute, query = urljoin(url, target), urlsplit(target).query
    except ValueError:
        absolute, query = "", ""
    if not origins.is_address(absolute):
        raise UnexpectedAnswerError(
            "a redirect to what is not an address", where=where, fix=decode.NOT_THE_API
        )
    return absolute, bool(query)


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers with their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
