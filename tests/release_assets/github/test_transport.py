"""The transport against servers that answer early, send other bytes or close the connection."""

import contextlib
import select
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from release_assets.files.errors import FileChangedError
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK
from tests.support.routes import Blocks, Route, wait_until_set
from tests.support.scripted_server import (
    TIMEOUT_SECONDS,
    ScriptedServer,
    ServerConnection,
    body_length_of,
    slow_listener,
)

MORE_THAN_FITS = 256  # blocks: more than the buffers of a connection hold
REFUSAL = '{"message": "Cannot upload assets to an immutable release."}'


@pytest.fixture(params=["plain", "TLS", "proxy", "CONNECT"])
def route(request: pytest.FixtureRequest, routes: dict[str, Route]) -> Route:
    """Each route to a server."""
    return routes[request.param]


@pytest.fixture(params=["plain", "TLS"])
def direct_route(request: pytest.FixtureRequest, routes: dict[str, Route]) -> Route:
    """The routes without a proxy."""
    return routes[request.param]


def accept_uploads(connection: ServerConnection) -> None:
    """Accept one upload after the other."""
    try:
        while True:
            connection.read_request()
            connection.respond("201 Created", "{}")
    except EOFError:
        return


def read_until_close(connection: ServerConnection) -> None:
    assert connection.wait_for_close()


def read_nothing(connection: ServerConnection) -> None:
    """Read nothing until the client has closed: its reset ends the poll."""
    poll = select.poll()
    poll.register(connection.sock, 0)  # hangups and errors only
    assert poll.poll(TIMEOUT_SECONDS * 1000)


def close_sending(connection: ServerConnection) -> None:
    connection.close_sending()
    assert connection.wait_for_close()


def close(connection: ServerConnection) -> None:
    connection.sock.close()


def reset(connection: ServerConnection) -> None:
    connection.reset()


@pytest.mark.parametrize("then", [read_until_close, read_nothing, close_sending, close, reset])
@pytest.mark.parametrize("blocks_first", [0, 3])
def test_an_early_answer_is_returned_at_once(
    then: Callable[[ServerConnection], None], blocks_first: int, route: Route
) -> None:
    """Whatever the server does after it; the next request opens a new connection."""
    done = threading.Event()

    def refuse(connection: ServerConnection) -> None:
        connection.read_head()
        connection.read_body(blocks_first * BLOCK)
        connection.respond("422 Unprocessable Entity", REFUSAL, "X-Test: yes")
        then(connection)
        done.set()

    body = Blocks(MORE_THAN_FITS)
    with (
        ScriptedServer(route.wrap(refuse), route.wrap(accept_uploads)) as server,
        route.client(server) as client,
    ):
        began = time.monotonic()
        answer = client.post(body)
        took = time.monotonic() - began
        assert (answer.status, answer.text) == (422, REFUSAL)
        assert answer.headers["X-Test"] == "yes"
        assert body.blocks_read < MORE_THAN_FITS
        assert took < TIMEOUT_SECONDS / 2
        assert done.wait(TIMEOUT_SECONDS), "the connection was not closed"
        assert client.post(Blocks(1)).status == 201
        assert server.connections == 2


@pytest.mark.parametrize("then", [read_until_close, close_sending, close, reset])
def test_an_early_answer_to_a_small_body_is_returned(
    then: Callable[[ServerConnection], None], route: Route
) -> None:
    def refuse(connection: ServerConnection) -> None:
        connection.read_head()
        connection.respond("422 Unprocessable Entity", REFUSAL, "Connection: close")
        then(connection)

    with ScriptedServer(route.wrap(refuse)) as server, route.client(server) as client:
        answer = client.post(Blocks(3, size=100))
    assert (answer.status, answer.text) == (422, REFUSAL)


def test_a_small_body_arrives_with_the_head(route: Route) -> None:
    def take(connection: ServerConnection) -> None:
        for _ in range(2):
            length = body_length_of(connection.read_head())
            assert connection.buffered == length
            connection.read_body(length)
            connection.respond("201 Created", "{}")

    with ScriptedServer(route.wrap(take)) as server, route.client(server) as client:
        assert [client.post(Blocks(3, size=100)).status for _ in range(2)] == [201, 201]
        assert server.connections == 1


def test_a_small_body_is_sent_at_once_even_if_nothing_is_read(routes: dict[str, Route]) -> None:
    """Whatever the network is like: sending it has no more than the timeout of connecting."""

    def answer_unread(connection: ServerConnection) -> None:
        time.sleep(1.0)  # the client must not need the server to read meanwhile
        connection.respond("201 Created", "{}", "Connection: close")
        assert connection.wait_for_close()

    timeouts = Timeouts(connect_seconds=0.5, stall_seconds=TIMEOUT_SECONDS)
    with (
        ScriptedServer(answer_unread, listener=slow_listener()) as server,
        routes["plain"].client(server, timeouts) as client,
    ):
        assert client.post(Blocks(1, size=16 * 1024)).status == 201


@pytest.mark.parametrize("size", [1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1])
def test_a_body_arrives_whole_whatever_its_size(size: int, route: Route) -> None:
    received: list[int] = []

    def take(connection: ServerConnection) -> None:
        for _ in range(2):
            received.append(connection.read_request())
            connection.respond("201 Created", "{}")

    with ScriptedServer(route.wrap(take)) as server, route.client(server) as client:
        assert [client.post(Blocks(1, size=size)).status for _ in range(2)] == [201, 201]
    assert received == [size, size]


def test_an_early_answer_in_pieces_is_returned_whole(route: Route) -> None:
    answer = f"HTTP/1.1 413 Too Large\r\nContent-Length: {len(REFUSAL)}\r\n\r\n{REFUSAL}"

    def refuse(connection: ServerConnection) -> None:
        connection.read_head()
        for character in answer:
            connection.sock.sendall(character.encode())
            connection.read_body(1000)
        assert connection.wait_for_close()

    with ScriptedServer(route.wrap(refuse)) as server, route.client(server) as client:
        found = client.post(Blocks(MORE_THAN_FITS))
    assert (found.status, found.text) == (413, REFUSAL)


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


def test_interim_answers_do_not_end_a_body(route: Route) -> None:
    """Neither during the body nor after it, nor when they arrive in parts."""

    def take(connection: ServerConnection) -> None:
        length = body_length_of(connection.read_head())
        connection.sock.sendall(INTERIM + INTERIM[:30])
        connection.read_body(5 * BLOCK)
        connection.sock.sendall(INTERIM[30:])
        connection.read_body(length - 5 * BLOCK)
        connection.sock.sendall(INTERIM)
        connection.respond("201 Created", "{}")
        accept_uploads(connection)

    body = Blocks(MORE_THAN_FITS)
    with ScriptedServer(route.wrap(take)) as server, route.client(server) as client:
        assert client.post(body).status == 201
        assert body.blocks_read == MORE_THAN_FITS
        assert client.post(Blocks(1)).status == 201
        assert server.connections == 1


def test_an_interim_answer_may_come_before_an_early_one(route: Route) -> None:
    def refuse(connection: ServerConnection) -> None:
        connection.read_head()
        connection.sock.sendall(INTERIM)
        connection.respond("401 Unauthorized", REFUSAL)
        assert connection.wait_for_close()

    with ScriptedServer(route.wrap(refuse)) as server, route.client(server) as client:
        answer = client.post(Blocks(MORE_THAN_FITS))
    assert (answer.status, answer.text) == (401, REFUSAL)


def test_tls_session_tickets_do_not_count_as_an_answer(
    certificate: tuple[Path, Path], routes: dict[str, Route]
) -> None:
    """A server sends them after the handshake, which makes the socket readable."""
    handshake_done = threading.Event()
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(*certificate)
    server_tls.num_tickets = 20

    def take(connection: ServerConnection) -> None:
        connection.start_tls(server_tls)
        assert connection.sock.version() == "TLSv1.3"  # type: ignore[attr-defined] # it is TLS's
        handshake_done.set()
        accept_uploads(connection)

    body = Blocks(20, before=lambda _: wait_until_set(handshake_done))
    with ScriptedServer(take) as server, routes["TLS"].client(server) as client:
        assert client.post(body).status == 201


def test_a_connection_is_reused(route: Route) -> None:
    with ScriptedServer(route.wrap(accept_uploads)) as server, route.client(server) as client:
        for count in (1, 30, 2):
            assert client.post(Blocks(count)).status == 201
        assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        "HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n{}",
        "HTTP/1.0 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 201 Created\r\n\r\n{}",
    ],
)
def test_an_answer_that_closes_the_connection_is_read_to_its_end(
    answer: str, direct_route: Route
) -> None:
    def take(connection: ServerConnection) -> None:
        connection.read_request()
        connection.sock.sendall(answer.encode())

    script = direct_route.wrap(take)
    with ScriptedServer(script, script) as server, direct_route.client(server) as client:
        for _ in range(2):
            found = client.post(Blocks(20))
            assert (found.status, found.text) == (201, "{}")
        assert server.connections == 2


def test_a_reused_connection_that_the_server_closed_is_reopened(route: Route) -> None:
    closed = threading.Event()

    def take_one(connection: ServerConnection) -> None:
        connection.read_request()
        connection.respond("201 Created", "{}")
        connection.close_sending()
        closed.set()

    with (
        ScriptedServer(route.wrap(take_one), route.wrap(accept_uploads)) as server,
        route.client(server) as client,
    ):
        assert client.post(Blocks(1)).status == 201
        assert closed.wait(TIMEOUT_SECONDS)
        assert client.post(Blocks(20)).status == 201


@pytest.mark.parametrize("then", [close_sending, close, reset])
def test_a_connection_that_closes_without_an_answer_fails_at_once(
    then: Callable[[ServerConnection], None], route: Route
) -> None:
    def leave(connection: ServerConnection) -> None:
        connection.read_head()
        connection.read_body(3 * BLOCK)
        then(connection)

    body = Blocks(MORE_THAN_FITS)
    with (
        ScriptedServer(route.wrap(leave), route.wrap(accept_uploads)) as server,
        route.client(server) as client,
    ):
        began = time.monotonic()
        with pytest.raises(requests.ConnectionError):
            client.post(body)
        assert time.monotonic() - began < TIMEOUT_SECONDS / 2
        assert body.blocks_read < MORE_THAN_FITS
        assert client.post(Blocks(1)).status == 201


def test_an_answer_that_is_not_http_is_an_error(direct_route: Route) -> None:
    def send_smtp(connection: ServerConnection) -> None:
        connection.read_head()
        connection.sock.sendall(b"220 mail.example ESMTP\r\n")
        assert connection.wait_for_close()

    script = direct_route.wrap(send_smtp)
    with (
        ScriptedServer(script) as server,
        direct_route.client(server) as client,
        pytest.raises(requests.ConnectionError),
    ):
        client.post(Blocks(MORE_THAN_FITS))


def test_an_error_from_the_body_is_raised_unchanged(route: Route) -> None:
    """The connection is closed, so that the server notices the incomplete upload."""
    broken = threading.Event()

    def take_part(connection: ServerConnection) -> None:
        length = body_length_of(connection.read_head())
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            assert connection.read_body(length) < length
        broken.set()

    def change(number: int) -> None:
        if number == 3:
            raise FileChangedError("dist/app.zip")

    with (
        ScriptedServer(route.wrap(take_part), route.wrap(accept_uploads)) as server,
        route.client(server) as client,
    ):
        with pytest.raises(FileChangedError):
            client.post(Blocks(20, before=change))
        assert broken.wait(TIMEOUT_SECONDS)
        assert client.post(Blocks(1)).status == 201


def test_requests_without_a_body_reuse_the_connection(route: Route) -> None:
    def answer(connection: ServerConnection) -> None:
        for _ in range(2):
            assert connection.read_head().startswith("GET ")
            connection.respond("200 OK", "fine")
        accept_uploads(connection)

    with ScriptedServer(route.wrap(answer)) as server, route.client(server) as client:
        assert [client.get().text, client.get().text] == ["fine", "fine"]
        assert client.post(Blocks(1)).status == 201
        assert server.connections == 1
