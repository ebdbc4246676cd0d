"""One request: token, timeouts, redirects, repeats where repeating is safe."""

import json as json_module
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from release_assets import __version__
from release_assets.clock import Clock
from release_assets.errors import (
    GitHubError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnexpectedAnswerError,
)
from release_assets.github import decode, origins, retry
from release_assets.github.connection import Timeouts
from release_assets.github.pace import Pacer
from release_assets.github.server_time import ServerTime
from release_assets.github.transport import Adapter, stream, unreachable
from release_assets.stop import Stop

JSON = "application/vnd.github+json"
BYTES = "application/octet-stream"
API_VERSION = "2022-11-28"
Value = TypeVar("Value")

TIMEOUTS = Timeouts()
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked. A body is iterated anew for every try, and has a length."""

    method: str
    url: str
    where: str  # which call it is, for the user
    params: Mapping[str, str] | None = None
    json: object = None
    body: Iterable[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    repeat: bool = True  # whether it may be sent again when nobody knows what became of it
    known: bool = False  # whether what it names was there a moment ago


class Session:
    """Speaks HTTP to one GitHub: connections are kept, the token stays at home."""

    def __init__(
        self,
        *,
        api_url: str,
        token: str,
        clock: Clock,
        pacer: Pacer,
        say: Callable[[str], None],
        debug: Callable[[str], None],
        max_attempts: int,
        stop: Stop,
        tls: ssl.SSLContext | None = None,
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self.clock = clock
        self.server = ServerTime(clock)
        self.pacer = pacer
        self.max_attempts = max_attempts
        self.stop = stop
        self.may_have_written = False  # whether anything may be other than before
        self._token = token
        self._say = say
        self._debug = debug
        self._http = requests.Session()
        # Proxies are read from the environment, once for a server. Nothing else is: a netrc file
        # would replace the token, a stray variable the certificates.
        self._http.trust_env = False
        self._timeouts = timeouts
        self._adapter = Adapter(tls, pacer.most, timeouts)
        self._http.mount("https://", self._adapter)
        self._http.mount("http://", self._adapter)

    def send(self, request: Request, understand: Callable[[Answer], Value]) -> Value:
        """Return what the answer of success means.

        understand: raises UnexpectedAnswerError for an answer that means nothing; it counts as
        one that was lost.

        Raises: GitHubError for any other answer, after the repeats that are safe and may help. A
            TransientError of a request that is not repeated says how long to wait.
        """
        known = request.known
        for attempt in range(1, self.max_attempts + 1):
            headers: Mapping[str, str] = {}
            is_last = attempt == self.max_attempts
            began = self.pacer.wait()
            try:
                answer = self._whole(request)
                headers = answer.headers
                if answer.status >= 300:
                    raise self._error(request, answer.status, headers, answer.body)
                self._wrote(request)
                value = understand(answer)
            except NotFoundError as failure:
                if not known or is_last:
                    raise
                known = False  # GitHub may lag behind itself, but not for long
                self.wait_to_look(failure, request.where, attempt)
            except TransientError as failure:
                if not isinstance(failure, RateLimitedError):
                    self._wrote(request)
                self._take_complaint(failure, headers, attempt, began)
                failure.final = request.repeat and (is_last or failure.wait_seconds is None)
                if not request.repeat or failure.final:
                    raise
                self.wait_after(failure, f"{request.where}, try {attempt} of {self.max_attempts}")
            else:
                self.pacer.went_well(began)
                return value
        raise AssertionError("max_attempts is at least 1")

    def _wrote(self, request: Request) -> None:
        self.may_have_written = self.may_have_written or request.method not in {"GET", "HEAD"}

    def open(self, request: Request) -> requests.Response:
        """Return an answer of success whose body is still to be read; the caller closes it.

        Raises: GitHubError for any other, without a repeat. A TransientError says how long to wait.
        """
        headers: Mapping[str, str] = {}
        began = self.pacer.wait()
        try:
            response = self._follow(request)
            if response.status_code < 300:
                return response
            headers = _lower(response.headers)
            with response:
                body = _read(response, request.where)
            raise self._error(request, response.status_code, headers, body)
        except TransientError as failure:
            self._take_complaint(failure, headers, 1, began)
            raise

    def wait_after(self, failure: TransientError, what: str) -> None:
        """Wait as long as a failure says, and say so."""
        seconds = failure.wait_seconds or 0.0
        if isinstance(failure, RateLimitedError):
            self.pacer.wait()  # said when the pause began
            return
        self._say(f"{what}: {failure.what}; trying again in {seconds:.1f} s")
        self.clock.sleep(seconds)

    def wait_to_look(self, problem: GitHubError, what: str, attempt: int) -> None:
        """Wait before looking what became of a request, and say so."""
        if not isinstance(problem, TransientError):
            # Its cause is another job or a list that lags: both pass in a moment.
            wrapped = TransientError(problem.what)
            wrapped.wait_seconds = retry.wait_seconds(
                "failed", {}, attempt, now=self.server.now(), chance=self.clock.chance()
            )
            problem = wrapped
        self.wait_after(problem, f"{what}, try {attempt} of {self.max_attempts}")

    def _take_complaint(
        self, failure: TransientError, headers: Mapping[str, str], attempt: int, began: int
    ) -> None:
        limited = isinstance(failure, RateLimitedError)
        failure.wait_seconds = retry.wait_seconds(
            "limited" if limited else "failed",
            headers,
            attempt,
            now=self.server.now(),
            chance=self.clock.chance(),
        )
        self.pacer.complained(began)
        if limited and failure.wait_seconds is not None:
            self.pacer.pause(failure.wait_seconds, failure.what)

    @staticmethod
    def _error(
        request: Request, status: int, headers: Mapping[str, str], body: bytes
    ) -> GitHubError:
        return decode.error_of(request.method, request.where, status, headers, body)

    def _whole(self, request: Request) -> Answer:
        with self._follow(request) as response:
            return Answer(
                status=response.status_code,
                headers=_lower(response.headers),
                body=_read(response, request.where),
            )

    def _follow(self, request: Request) -> requests.Response:
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
                raise UnexpectedAnswerError("a redirect to nowhere", where=request.where)
            response.close()
            # A redirect says the whole target: what was asked for is in it, or meant to go.
            url = urljoin(url, target)
            params = request.params if status in {307, 308} else None
            if urlsplit(target).query:
                params = None
        raise UnexpectedAnswerError(
            f"more than {_MOST_REDIRECTS} redirects", where=request.where, fix="run the job again"
        )

    def _once(
        self, request: Request, url: str, params: Mapping[str, str] | None
    ) -> requests.Response:
        self.pacer.wait()
        self.stop.check()
        began = self.clock.elapsed()
        body = request.body
        headers = self._headers(request, url)
        if request.json is not None:
            body = json_module.dumps(request.json).encode()  # type: ignore[assignment]
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            response = self._http.request(
                request.method,
                url,
                params=params,
                data=body,
                headers=headers,
                timeout=(self._timeouts.connect_seconds, self._timeouts.stall_seconds),
                allow_redirects=False,
                stream=True,
                proxies=self._adapter.proxies(url),
            )
        except requests.RequestException as error:
            raise unreachable(error, url, request.where) from None
        except ValueError:
            # requests looks where a redirect leads, also when it is not to follow it.
            raise UnexpectedAnswerError("a redirect to no address", where=request.where) from None
        self.server.note(response.headers)
        took = self.clock.elapsed() - began
        self._debug(f"{request.method} {_plain(url)} -> {response.status_code} in {took:.3f} s")
        return response

    def _headers(self, request: Request, url: str) -> dict[str, str]:
        headers = {"User-Agent": f"publish-release-assets/{__version__}", **request.headers}
        if origins.may_see_token(self.api_url, url):
            headers["Authorization"] = f"Bearer {self._token}"
            headers["Accept"] = request.accept
            if not origins.is_enterprise_server(self.api_url):
                headers["X-GitHub-Api-Version"] = API_VERSION
        return headers


def _read(response: requests.Response, where: str) -> bytes:
    """Return a whole body, up to a size that no honest answer has."""
    parts: list[bytes] = []
    size = 0
    for part in stream(response, 65536, where):
        parts.append(part)
        size += len(part)
        if size > decode.MAX_ANSWER:
            raise UnexpectedAnswerError("the answer does not end", where=where)
    return b"".join(parts)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _plain(url: str) -> str:
    """Return a URL without its query, which may hold a signature."""
    return url.partition("?")[0]
