"""One request and its answer: the origin handles it, then the answer is logged and written."""

from dataclasses import dataclass

from github_sandbox import api, downloads, web
from github_sandbox.connection import UNREAD_BODY_SECONDS, Connection
from github_sandbox.faults import INTERIM, Interim
from github_sandbox.journal import Entry
from github_sandbox.messages import Request, Response
from github_sandbox.request_body import Throttle
from github_sandbox.world import World


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request, the connection that it came on, and its entry in the log."""

    world: World
    connection: Connection
    request: Request
    entry: Entry
    throttle: Throttle

    def handle(self) -> Response:
        """Carry out the request and return its answer."""
        world, request = self.world, self.request
        if not world.settings.continue_expected:
            request.body.expects_continue = False
        request.body.throttle = self.throttle
        if request.origin == "storage" and request.method == "POST":
            return api.answer_redirected_upload(world, request)
        if request.origin == "storage":
            return downloads.serve_content(world, request)
        if request.origin == "web":
            return web.answer(world, request)
        response, self.entry.points = api.answer(world, request)
        return response

    def drain(self) -> None:
        """Read the body of the request and discard it."""
        self.request.body.throttle = self.throttle
        self.request.body.drain()

    def respond(
        self,
        response: Response,
        *,
        drain: bool | None = None,
        truncate: bool = False,
        silent_seconds: float = 0.0,
    ) -> bool:
        """Write the answer; return whether the connection may be used again.

        drain: whether to read a body that is still unread; None: as the settings say. truncate:
        write half of the answer's body, and close after silent_seconds.
        """
        body, settings = self.request.body, self.world.settings
        self.sleep(settings.latency)
        unread = not body.finished and not body.expects_continue
        drains = unread and (settings.drain if drain is None else drain)
        keep_alive = self.request.keep_alive and not truncate and (body.finished or drains)
        self._log(response, truncate=truncate)
        self.send_interim(INTERIM if settings.interim else ())
        self.connection.respond(
            response,
            method=self.request.method,
            keep_alive=keep_alive,
            bytes_per_second=self.throttle.bytes_per_second,
            truncate=truncate,
        )
        self.sleep(silent_seconds)
        if drains:
            body.drain()
        if not keep_alive:
            left_unread = unread and not drains
            self.connection.close(wait_seconds=UNREAD_BODY_SECONDS if left_unread else 0.0)
        return keep_alive

    def send_interim(self, answers: tuple[Interim, ...]) -> None:
        """Write answers with a status of 1xx."""
        for answer in answers:
            self.connection.respond_interim(answer.status, tuple(answer.headers.items()))

    def sleep(self, seconds: float) -> None:
        """Wait, by the clock of the sandbox."""
        if seconds:
            self.world.clock.sleep(seconds)

    def _log(self, response: Response, *, truncate: bool) -> None:
        entry = self.entry
        entry.status = response.status
        entry.bytes_in = self.request.body.received
        entry.bytes_out = response.length // 2 if truncate else response.length
        if not self.world.settings.log_bodies:
            return
        sent = self.request.body.loaded
        entry.request_body = None if sent is None else sent.decode("utf-8", "replace")
        entry.response_headers = {name.lower(): value for name, value in response.headers}
        if isinstance(response.body, bytes):
            entry.response_body = response.body.decode("utf-8", "replace")
