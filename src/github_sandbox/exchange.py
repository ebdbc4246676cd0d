"""One request from its head to the end of its answer, with whatever fault strikes it."""

from dataclasses import replace

from github_sandbox import api, control, downloads, web
from github_sandbox.access import token_of
from github_sandbox.assets import leave_behind
from github_sandbox.bodies import HungUpError, Pace
from github_sandbox.errors import ApiError
from github_sandbox.faults import INTERIM, UNSET, Fault, Interim
from github_sandbox.interference import interfere
from github_sandbox.journal import Entry
from github_sandbox.lies import lie
from github_sandbox.limits import primary_refusal, secondary_refusal
from github_sandbox.made_up import corrupted, garbage, made_up
from github_sandbox.messages import Request, Response
from github_sandbox.models import Origin
from github_sandbox.sandbox import Sandbox
from github_sandbox.wire import READ_ON_SECONDS, Connection
from github_sandbox.world import World


def serve(sandbox: Sandbox, listener: Origin, connection: Connection, request: Request) -> bool:
    """Answer a request; return whether the connection may be used again."""
    world = sandbox.world
    place = world.origins.place(listener, request.host, request.path)
    request.origin, request.route_path = place
    if request.origin == "control":
        response = control.answer(sandbox, request)
        connection.respond(response, method=request.method, keep_alive=True, pace=Pace())
        return request.keep_alive
    return _Exchange(world, connection, request).run()


class _Exchange:
    """One request and its fate."""

    def __init__(self, world: World, connection: Connection, request: Request) -> None:
        self._world = world
        self._connection = connection
        self._request = request
        request.job = world.job_of(token_of(request))
        self._fault = world.faults.take(
            request.origin, request.method, request.path, request.query, request.job
        )
        self._started = world.clock.elapsed()
        self._entry = Entry(
            time=world.clock.now(),
            origin=request.origin,
            method=request.method,
            path=request.path,
            query=request.query,
            authorized="authorization" in request.headers,
            job=request.job,
            headers={k: v for k, v in request.headers.items() if k != "authorization"},
            fault=self._fault.do if self._fault else None,
        )
        world.journal.add(self._entry)

    def run(self) -> bool:
        """Return whether the connection may be used again."""
        try:
            return self._strike() if self._fault else self._plain()
        except _ResetError:
            self._connection.reset()
            return False
        except HungUpError:
            if self._cut_now():
                self._connection.reset()
            return False
        finally:
            self._entry.bytes_in = self._request.body.received
            self._entry.seconds = self._world.clock.elapsed() - self._started

    def _plain(self) -> bool:
        return self._respond(self._handle())

    def _handle(self) -> Response:
        """Return the answer that the request has without a fault; what it asks for is done."""
        world, request = self._world, self._request
        fault = self._fault
        if not world.settings.continue_expected:
            request.body.expects_continue = False
        request.body.pace = self._pace(fault)
        if request.origin == "storage" and request.method == "POST":
            return api.receive_handed_over(world, request)
        if request.origin == "storage":
            return downloads.serve_content(world, request)
        if request.origin == "web":
            return web.answer(world, request)
        response, self._entry.points = api.answer(world, request)
        return response

    def _pace(self, fault: Fault | None) -> Pace:
        pace = Pace(bytes_per_second=self._world.settings.throttle)
        if fault is None:
            return pace
        if fault.do == "throttle":
            return replace(pace, bytes_per_second=fault.bytes_per_second)
        if fault.do == "stall" and fault.at == "body":
            return replace(pace, stall_after=fault.bytes, stall_seconds=fault.seconds)
        if fault.do == "reset" and fault.when == "during":
            stall_after = fault.bytes if fault.seconds else None
            return replace(
                pace,
                stall_after=stall_after,
                stall_seconds=fault.seconds,
                cut_after=fault.bytes,
            )
        return pace

    def _cut_now(self) -> bool:
        pace = self._request.body.pace
        return pace.cut_after is not None and self._request.body.received >= pace.cut_after

    def _strike(self) -> bool:
        fault, request = self._fault, self._request
        if fault is None:
            raise AssertionError("there is a fault")
        strikes = {
            "status": self._strike_status,
            "early": self._strike_early,
            "reset": self._strike_reset,
            "lose": self._strike_lose,
            "primary-limit": self._strike_limit,
            "secondary-limit": self._strike_limit,
            "lie": self._strike_lie,
            "interim": self._strike_interim,
            "interfere": self._strike_interfere,
        }
        if fault.do in strikes:
            return strikes[fault.do](fault)
        if fault.do == "stall" and fault.at == "head":
            self._world.clock.sleep(fault.seconds)
            raise _ResetError
        if fault.do == "delay" or (fault.do == "stall" and fault.at == "answer"):
            response = self._handle()
            self._entry.status = response.status
            self._world.clock.sleep(fault.seconds)
            return self._respond(response)
        if fault.do == "lag":
            request.lag = {"seconds": fault.seconds, "requests": fault.requests}
        if fault.do == "list":
            request.change = fault.change
        if fault.do == "corrupt" and request.origin == "uploads":
            request.spoil_at = (request.body.length or 0) // 2
            request.spoil_hidden = fault.hidden
        response = self._handle()
        if fault.do == "garbage":
            response = garbage(response)
        if fault.do == "corrupt" and request.origin != "uploads":
            response = corrupted(response)
        return self._respond(response, cut=fault.do == "truncate")

    def _strike_status(self, fault: Fault) -> bool:
        self._carry_out(fault)
        return self._respond(made_up(fault), drain=fault.drain)

    def _strike_early(self, fault: Fault) -> bool:
        self._read_some(fault.bytes)
        return self._respond(made_up(fault), drain=fault.drain)

    def _strike_limit(self, fault: Fault) -> bool:
        if fault.when == "after":
            self._request.body.drain()
        if fault.do == "primary-limit":
            error = primary_refusal(fault.status or 403, None)
            resets = str(int(self._world.clock.now() + fault.seconds) + 1)
            error.headers = (*error.headers, ("X-RateLimit-Reset", resets))
        else:
            error = secondary_refusal(fault.status or 403, fault.retry_after)
        response = api.refusal(self._world, self._request, error)
        extra = tuple(fault.headers.items())
        return self._respond(response.with_headers(*extra), drain=fault.drain)

    def _strike_reset(self, fault: Fault) -> bool:
        self._carry_out(replace(fault, leave="starter") if fault.leave == UNSET else fault)
        if fault.seconds:
            self._world.clock.sleep(fault.seconds)
        raise _ResetError

    def _strike_lose(self, fault: Fault) -> bool:
        del fault
        self._handle()
        self._connection.close()
        return False

    def _strike_lie(self, fault: Fault) -> bool:
        response = lie(self._world, self._request, fault, self._handle)
        return self._respond(response.with_headers(*fault.headers.items()))

    def _strike_interim(self, fault: Fault) -> bool:
        if fault.when == "before":
            self._send_interim(fault.interim)
        response = self._handle()
        if fault.when != "before":
            self._send_interim(fault.interim)
        return self._respond(response)

    def _strike_interfere(self, fault: Fault) -> bool:
        if fault.when == "before":
            interfere(self._world, self._request, fault.actions)
        response = self._handle()
        if fault.when != "before":
            interfere(self._world, self._request, fault.actions)
        return self._respond(response)

    def _send_interim(self, answers: tuple[Interim, ...]) -> None:
        for answer in answers:
            self._connection.respond_interim(answer.status, tuple(answer.headers.items()))

    def _carry_out(self, fault: Fault) -> None:
        """Do as much of the request as the fault lets pass."""
        request = self._request
        left = None if fault.leave == UNSET else fault.leave
        uploads = request.origin == "uploads" and request.method == "POST"
        if fault.when == "before":
            if uploads and left == "starter":
                self._leave_behind()
            elif fault.effect or left == "uploaded":
                self._handle()
        elif uploads:
            request.leave = (
                "uploaded" if left == "uploaded" else ("starter" if left == "starter" else None)
            )
            self._handle()
        elif fault.effect or left == "uploaded":
            self._handle()
        else:
            request.body.pace = self._pace(fault)
            request.body.drain()

    def _leave_behind(self) -> None:
        try:
            call, _ = api.find_call(self._world, self._request)
            leave_behind(call, "starter")
        except ApiError:
            return  # it would have been refused, and left nothing

    def _read_some(self, count: int) -> None:
        body = self._request.body
        buffer = memoryview(bytearray(64 * 1024))
        while body.received < count and not body.finished:
            body.readinto(buffer[: min(len(buffer), count - body.received)])

    def _respond(self, response: Response, *, cut: bool = False, drain: bool | None = None) -> bool:
        """Write the answer; then deal with a body that was not read."""
        request, settings = self._request, self._world.settings
        if settings.latency:
            self._world.clock.sleep(settings.latency)
        drain = settings.drain if drain is None else drain
        unread = not request.body.finished and not request.body.expects_continue
        invited = request.body.expects_continue and not request.body.finished
        keep_alive = request.keep_alive and not response.close and not cut
        keep_alive = keep_alive and not invited and (drain or not unread)
        self._entry.status = response.status
        self._entry.bytes_in = request.body.received
        self._entry.bytes_out = response.length // 2 if cut else response.length
        if settings.log_bodies:
            self._note_bodies(response)
        pace = self._pace(self._fault)
        if settings.interim:
            self._send_interim(INTERIM)
        self._connection.respond(
            response, method=request.method, keep_alive=keep_alive, pace=pace, cut=cut
        )
        if cut and self._fault and self._fault.seconds:
            self._world.clock.sleep(self._fault.seconds)
        if unread and drain:
            request.body.drain()
        if not keep_alive:
            self._connection.close(wait_seconds=READ_ON_SECONDS if unread and not drain else 0.0)
        return keep_alive

    def _note_bodies(self, response: Response) -> None:
        sent = self._request.body.loaded
        self._entry.request_body = None if sent is None else sent.decode("utf-8", "replace")
        self._entry.response_headers = {name.lower(): value for name, value in response.headers}
        if isinstance(response.body, bytes):
            self._entry.response_body = response.body.decode("utf-8", "replace")


class _ResetError(Exception):
    """A fault resets the connection here."""
