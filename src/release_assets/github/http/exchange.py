"""One exchange: token, proxies, timeouts, redirects. Nothing is repeated here."""

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
from release_assets.github.http.transport import BROKEN, Adapter, stream, unreachable
from release_assets.github.server_time import ServerTime
from release_assets.redact import redacted_answer

API_VERSION = "2022-11-28"
_MOST_REDIRECTS = 5
_BLOCK = 64 * 1024


class Exchange:
    """Asks one GitHub: connections are kept, the token stays at home."""

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        clock: Clock,
        connections: int,
        before: Callable[[], object],
        debug: Callable[[str], None],
        tls: ssl.SSLContext | None,
        timeouts: Timeouts,
    ) -> None:
        """before: called before each request, also those that a redirect leads to."""
        self.api_url = api_url.rstrip("/")
        self.server = ServerTime(clock)
        self.calls = 0  # requests to GitHub itself: not to the storage that it names
        self._counting = threading.Lock()
        self._token = token
        self._clock = clock
        self._before = before
        self._debug = debug
        self._timeouts = timeouts
        # Without a session of requests: it would keep cookies, follow redirects its own way, and
        # take a fifth more time for a request. From the environment come the proxies alone: a
        # netrc file would replace the token, a stray variable the certificates.
        self._adapter = Adapter(tls, connections, timeouts)

    def whole(self, request: Request) -> Answer:
        """Send a request and return the whole answer, whatever it says.

        Raises: TransientError when none comes, or none that means anything; CancelledRunError.
        """
        with self.follow(request) as response:
            return Answer(
                status=response.status_code,
                headers=lower(response.headers),
                body=self.read(response, request.where),
            )

    def read(self, response: requests.Response, where: str) -> bytes:
        """Return a whole body, up to a size and a time that no honest answer takes.

        Should it hold the token, that is left out here, before anything reads it.

        Raises: TransientError.
        """
        body = bytearray()  # not a list of parts, which may be a byte each
        for part in stream(response, _BLOCK, where, is_file=False):
            body += part
            if len(body) > decode.MAX_ANSWER:
                raise UnexpectedAnswerError(
                    f"the answer is larger than {decode.MAX_ANSWER // 1024**2} MiB",
                    where=where,
                    fix=decode.NOT_THE_API,
                )
        return redacted_answer(bytes(body), self._token)

    def follow(self, request: Request) -> requests.Response:
        """Send, and follow redirects with the same method and the body from its start.

        Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
        ("Follow redirects")
        """
        url, params = request.url, request.params
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._once(request, url, params)
            status = response.status_code
            follows = status in {307, 308} or (
                status in {301, 302, 303} and request.method in {"GET", "HEAD"}
            )
            target = response.headers.get("location")
            if not follows:
                return response
            if not target:
                response.close()
                raise UnexpectedAnswerError(
                    "a redirect to nowhere", where=request.where, fix=decode.NOT_THE_API
                )
            response.close()
            # A redirect says the whole target: what was asked for is in it, or meant to go.
            url, has_query = _followed(url, target, request.where)
            params = request.params if status in {307, 308} and not has_query else None
        raise UnexpectedAnswerError(
            f"more than {_MOST_REDIRECTS} redirects", where=request.where, fix=decode.NOT_THE_API
        )

    def _once(
        self, request: Request, url: str, params: Mapping[str, str] | None
    ) -> requests.Response:
        self._before()
        self._count(url)
        body = request.body
        headers = self._headers(request, url)
        if request.json is not None:
            body = json_module.dumps(request.json).encode()  # type: ignore[assignment]
            headers["Content-Type"] = "application/json; charset=utf-8"
        asked = trace.asked(request.method, self.api_url, url, body, request.attempt)
        began = self._clock.elapsed()
        try:
            response = self._adapter.send(
                requests.Request(
                    request.method, url, params=params, data=body, headers=headers
                ).prepare(),
                stream=True,
                timeout=(self._timeouts.connect_seconds, self._timeouts.stall_seconds),
                proxies=self._adapter.proxies(url),
            )
        except BROKEN as error:
            problem = unreachable(error, url, request.where)
            took = self._clock.elapsed() - began
            self._debug(trace.unanswered(asked, problem.what, seconds=took))
            raise problem from None
        self.server.note(response.headers)
        took = self._clock.elapsed() - began
        told = lower(response.headers)
        self._debug(trace.answered(asked, response.status_code, told, url=url, seconds=took))
        return response

    def _count(self, url: str) -> None:
        if origins.may_see_token(self.api_url, url):
            with self._counting:
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


def _followed(url: str, target: str, where: str) -> tuple[str, bool]:
    """Return where a redirect leads to, and whether it has a query.

    Raises: UnexpectedAnswerError when that is not an address.
    """
    try:
        followed, query = urljoin(url, target), urlsplit(target).query
    except ValueError:
        followed, query = "", ""
    if not origins.is_address(followed):
        raise UnexpectedAnswerError(
            "a redirect to what is not an address", where=where, fix=decode.NOT_THE_API
        )
    return followed, bool(query)


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
