"""What each kind of fault does to a request and its answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from github_sandbox import api
from github_sandbox.content import Corruption
from github_sandbox.errors import ApiError
from github_sandbox.exchange import Exchange
from github_sandbox.fault_answers import answer_of_fault, corrupted, garbage
from github_sandbox.faults import UNSET, Fault
from github_sandbox.interference import interfere
from github_sandbox.lies import lie
from github_sandbox.limits import primary_refusal, secondary_refusal
from github_sandbox.messages import Response
from github_sandbox.request_body import Throttle
from github_sandbox.routing import find_call
from github_sandbox.uploads import create_starter
from github_sandbox.visibility import Lag


def throttle_for(fault: Fault | None, bytes_per_second: float | None) -> Throttle:
    """Return how fast bytes are transferred; bytes_per_second: as the settings say."""
    throttle = Throttle(bytes_per_second=bytes_per_second)
    if fault is None:
        return throttle
    if fault.do == "throttle":
        return replace(throttle, bytes_per_second=fault.bytes_per_second)
    if fault.do == "stall" and fault.at == "body":
        return replace(throttle, stall_after=fault.bytes, stall_seconds=fault.seconds)
    if fault.do == "reset" and fault.when == "during":
        stall_after = fault.bytes if fault.seconds else None
        return replace(
            throttle,
            cut_after=fault.bytes,
            stall_after=stall_after,
            stall_seconds=fault.seconds,
        )
    return throttle


def apply_fault(exchange: Exchange, fault: Fault) -> bool:
    """Answer a request with a fault; return whether the connection may be used again."""
    return _EFFECTS[fault.do](exchange, fault)


def _answer_with_status(exchange: Exchange, fault: Fault) -> bool:
    _handle_as_far_as_allowed(exchange, fault)
    return exchange.respond(answer_of_fault(fault), drain=fault.drain)


def _answer_early(exchange: Exchange, fault: Fault) -> bool:
    body = exchange.request.body
    buffer = memoryview(bytearray(64 * 1024))
    while body.received < fault.bytes and not body.finished:
        body.readinto(buffer[: min(len(buffer), fault.bytes - body.received)])
    return exchange.respond(answer_of_fault(fault), drain=fault.drain)


def _refuse_by_limit(exchange: Exchange, fault: Fault) -> bool:
    if fault.when == "after":
        exchange.request.body.drain()
    if fault.do == "primary-limit":
        error = primary_refusal(fault.status or 403, None)
        resets = str(int(exchange.world.clock.now() + fault.seconds) + 1)
        error.headers = (*error.headers, ("X-RateLimit-Reset", resets))
    else:
        error = secondary_refusal(fault.status or 403, fault.retry_after)
    response = api.refusal(exchange.world, exchange.request, error)
    return exchange.respond(response.with_headers(*fault.headers.items()), drain=fault.drain)


def _reset(exchange: Exchange, fault: Fault) -> bool:
    unset = fault.leave == UNSET
    _handle_as_far_as_allowed(exchange, replace(fault, leave="starter") if unset else fault)
    exchange.sleep(fault.seconds)
    exchange.connection.reset()
    return False


def _lose_answer(exchange: Exchange, _: Fault) -> bool:
    exchange.handle()
    exchange.connection.close()
    return False


def _delay(exchange: Exchange, fault: Fault) -> bool:
    response = exchange.handle()
    exchange.entry.status = response.status
    exchange.sleep(fault.seconds)
    return exchange.respond(response)


def _stall(exchange: Exchange, fault: Fault) -> bool:
    if fault.at == "answer":
        return _delay(exchange, fault)
    if fault.at == "head":
        exchange.sleep(fault.seconds)
        exchange.connection.reset()
        return False
    return _transfer_slowly(exchange, fault)


def _transfer_slowly(exchange: Exchange, _: Fault) -> bool:
    return exchange.respond(exchange.handle())  # the throttle of the exchange does the rest


def _corrupt(exchange: Exchange, fault: Fault) -> bool:
    request = exchange.request
    if request.origin != "uploads":
        return exchange.respond(corrupted(exchange.handle()))
    corruption = Corruption(at=(request.body.length or 0) // 2, hidden=fault.hidden)
    request.alterations = replace(request.alterations, corruption=corruption)
    return exchange.respond(exchange.handle())


def _truncate(exchange: Exchange, fault: Fault) -> bool:
    return exchange.respond(exchange.handle(), truncate=True, silent_seconds=fault.seconds)


def _answer_with_garbage(exchange: Exchange, _: Fault) -> bool:
    return exchange.respond(garbage(exchange.handle()))


def _lag(exchange: Exchange, fault: Fault) -> bool:
    lag = Lag(seconds=fault.seconds, requests=fault.requests)
    exchange.request.alterations = replace(exchange.request.alterations, lag=lag)
    return exchange.respond(exchange.handle())


def _change_list(exchange: Exchange, fault: Fault) -> bool:
    request = exchange.request
    request.alterations = replace(request.alterations, list_change=fault.change)
    return exchange.respond(exchange.handle())


def _lie(exchange: Exchange, fault: Fault) -> bool:
    response = lie(exchange.world, exchange.request, fault, exchange.handle)
    return exchange.respond(response.with_headers(*fault.headers.items()))


def _send_interim(exchange: Exchange, fault: Fault) -> bool:
    return exchange.respond(
        _handle_and_act(exchange, fault, lambda: exchange.send_interim(fault.interim))
    )


def _interfere(exchange: Exchange, fault: Fault) -> bool:
    world, request = exchange.world, exchange.request
    return exchange.respond(
        _handle_and_act(exchange, fault, lambda: interfere(world, request, fault.actions))
    )


def _handle_and_act(exchange: Exchange, fault: Fault, act: Callable[[], None]) -> Response:
    """Handle the request, and act before or after that, as the fault says."""
    if fault.when == "before":
        act()
        return exchange.handle()
    response = exchange.handle()
    act()
    return response


def _handle_as_far_as_allowed(exchange: Exchange, fault: Fault) -> None:
    """Carry out as much of the request as `when`, `effect` and `leave` of the fault say."""
    request = exchange.request
    is_upload = request.origin == "uploads" and request.method == "POST"
    if is_upload and fault.when != "before":
        leaves = None if fault.leave == UNSET else fault.leave
        request.alterations = replace(request.alterations, upload_leaves=leaves)
        exchange.handle()
    elif is_upload and fault.leave == "starter":
        _leave_starter(exchange)
    elif fault.effect or fault.leave == "uploaded":
        exchange.handle()
    elif fault.when != "before":
        exchange.drain()


def _leave_starter(exchange: Exchange) -> None:
    """Take the name of the asset, as an upload does before its body is read."""
    try:
        call, _ = find_call(exchange.world, exchange.request)
        create_starter(call)
    except ApiError:
        return  # the request would have been refused


_EFFECTS: Mapping[str, Callable[[Exchange, Fault], bool]] = {
    "status": _answer_with_status,
    "early": _answer_early,
    "reset": _reset,
    "lose": _lose_answer,
    "delay": _delay,
    "stall": _stall,
    "throttle": _transfer_slowly,
    "corrupt": _corrupt,
    "truncate": _truncate,
    "garbage": _answer_with_garbage,
    "primary-limit": _refuse_by_limit,
    "secondary-limit": _refuse_by_limit,
    "lag": _lag,
    "lie": _lie,
    "list": _change_list,
    "interim": _send_interim,
    "interfere": _interfere,
}
