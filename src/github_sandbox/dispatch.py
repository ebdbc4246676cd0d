"""Each request that arrives -> its origin: logged, changed by the fault that is due, answered."""

from github_sandbox import control
from github_sandbox.access import token_of
from github_sandbox.connection import Connection
from github_sandbox.exchange import Exchange
from github_sandbox.fault_effects import apply_fault, throttle_for
from github_sandbox.journal import Entry
from github_sandbox.messages import Request
from github_sandbox.models import Origin
from github_sandbox.request_body import DisconnectedError
from github_sandbox.sandbox import Sandbox
from github_sandbox.world import World


def serve(sandbox: Sandbox, listener: Origin, connection: Connection, request: Request) -> bool:
    """Answer a request; return whether the connection may be used again."""
    world = sandbox.world
    request.origin, request.route_path = world.origins.locate(listener, request.host, request.path)
    if request.origin == "control":
        response = control.answer(sandbox, request)
        connection.respond(response, method=request.method, keep_alive=True)
        return request.keep_alive
    request.job = world.job_of(token_of(request))
    return _exchange(world, connection, request)


def _exchange(world: World, connection: Connection, request: Request) -> bool:
    entry = _new_entry(world, request)
    fault = world.faults.take(entry)
    entry.fault = fault.do if fault else None
    world.journal.add(entry)
    throttle = throttle_for(fault, world.settings.throttle)
    exchange = Exchange(
        world=world, connection=connection, request=request, entry=entry, throttle=throttle
    )
    started = world.clock.elapsed()
    try:
        return apply_fault(exchange, fault) if fault else exchange.respond(exchange.handle())
    except DisconnectedError:
        if request.body.is_cut:
            connection.reset()
        return False
    finally:
        entry.bytes_in = request.body.received
        entry.seconds = world.clock.elapsed() - started


def _new_entry(world: World, request: Request) -> Entry:
    return Entry(
        time=world.clock.now(),
        origin=request.origin,
        method=request.method,
        path=request.path,
        query=request.query,
        authorized="authorization" in request.headers,
        job=request.job,
        headers={k: v for k, v in request.headers.items() if k != "authorization"},
    )
