"""The transport's timeouts: a stalled server exceeds them, a slow one does not."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from release_assets.github.errors import GitHubError, UnreachableError
from release_assets.github.http.exchange import ApiAccess
from release_assets.github.http.request import Request
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK
from release_assets.github.http.transport_errors import describe_transport_error
from release_assets.github.limiter import Limiter
from release_assets.github.session import Session
from release_assets.stop import Stop
from tests.support.engine import FakeTime, RecordingReporter
from tests.support.routes import Blocks, Route
from tests.support.scripted_server import (
    TIMEOUT_SECONDS,
    Script,
    ScriptedServer,
    ServerConnection,
    body_length_of,
)

pytestmark = pytest.mark.slow

QUICK = Timeouts(connect_seconds=0.3, stall_seconds=0.4)
MORE_THAN_FITS = 256  # blocks
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"


@pytest.fixture(params=["plain", "TLS"])
def route(request: pytest.FixtureRequest, routes: dict[str, Route]) -> Route:
    return routes[request.param]


def message_of(error: requests.RequestException) -> str:
    """Return the message that the user reads."""
    found = describe_transport_error(error, "https://me:secret@uploads.example/x", "uploading")
    assert isinstance(found, UnreachableError)
    assert "secret" not in str(found)
    return found.what


def failure_of(ask: Callable[[], object]) -> tuple[str, float]:
    """Return the message of a failure, and the seconds until it."""
    began = time.monotonic()
    with pytest.raises(requests.RequestException) as caught:
        ask()
    return message_of(caught.value), time.monotonic() - began


@pytest.mark.parametrize("blocks_first", [0, 40])
def test_a_server_that_stops_reading_times_out(blocks_first: int, route: Route) -> None:
    client_done = threading.Event()

    def stall(connection: ServerConnection) -> None:
        connection.read_head()
        connection.read_body(blocks_first * BLOCK)
        assert client_done.wait(TIMEOUT_SECONDS)

    body = Blocks(MORE_THAN_FITS)
    with ScriptedServer(route.wrap(stall)) as server, route.client(server, QUICK) as client:
        message, seconds = failure_of(lambda: client.post(body))
        client_done.set()
    assert "uploads.example" in message
    assert "0.4" in message
    assert QUICK.stall_seconds <= seconds < TIMEOUT_SECONDS / 2
    assert body.blocks_read < MORE_THAN_FITS


def test_a_server_that_reads_a_body_without_answering_times_out(route: Route) -> None:
    client_done = threading.Event()

    def say_nothing(connection: ServerConnection) -> None:
        connection.read_request()
        assert client_done.wait(TIMEOUT_SECONDS)

    with ScriptedServer(route.wrap(say_nothing)) as server, route.client(server, QUICK) as client:
        message, seconds = failure_of(lambda: client.post(Blocks(3)))
        client_done.set()
    assert "uploads.example" in message
    assert "0.4" in message
    assert QUICK.stall_seconds <= seconds < TIMEOUT_SECONDS / 2


def test_a_server_that_does_not_answer_a_request_without_a_body_times_out(route: Route) -> None:
    client_done = threading.Event()

    def say_nothing(connection: ServerConnection) -> None:
        connection.read_head()
        assert client_done.wait(TIMEOUT_SECONDS)

    with ScriptedServer(route.wrap(say_nothing)) as server, route.client(server, QUICK) as client:
        message, seconds = failure_of(client.get)
        client_done.set()
    assert "uploads.example" in message
    assert QUICK.stall_seconds <= seconds < TIMEOUT_SECONDS / 2


@pytest.mark.parametrize("when", ["head", "body"])
def test_an_answer_that_stalls_times_out(when: str, route: Route) -> None:
    client_done = threading.Event()
    part = "HTTP/1.1 422 No\r\nContent-Length: 100\r\n" + ("\r\nhalf" if when == "body" else "")

    def stop(connection: ServerConnection) -> None:
        connection.read_head()
        connection.sock.sendall(part.encode())
        assert client_done.wait(TIMEOUT_SECONDS)

    with ScriptedServer(route.wrap(stop)) as server, route.client(server, QUICK) as client:
        message, seconds = failure_of(lambda: client.post(Blocks(MORE_THAN_FITS)))
        client_done.set()
    assert "uploads.example" in message
    assert QUICK.stall_seconds <= seconds < TIMEOUT_SECONDS / 2


def test_a_slow_answer_does_not_time_out_while_bytes_move(route: Route) -> None:
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"

    def answer_slowly(connection: ServerConnection) -> None:
        connection.read_request()
        for start in range(0, len(answer), 5):
            time.sleep(QUICK.stall_seconds / 4)
            connection.sock.sendall(answer[start : start + 5])

    with ScriptedServer(route.wrap(answer_slowly)) as server, route.client(server, QUICK) as client:
        began = time.monotonic()
        assert client.post(Blocks(1)).text == "{}"
        assert time.monotonic() - began >= 2 * QUICK.stall_seconds


def test_a_connection_that_is_not_accepted_times_out(routes: dict[str, Route]) -> None:
    with contextlib.ExitStack() as open_sockets:
        listener = open_sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(3):  # more than its queue holds: the next one is not answered
            waiting = open_sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        server = ScriptedServer(listener=listener)
        with routes["plain"].client(server, QUICK) as client:
            message, seconds = failure_of(client.get)
    assert "uploads.example" in message
    assert seconds < TIMEOUT_SECONDS / 2


@pytest.mark.parametrize(
    "leave",
    [
        lambda connection: connection.sock.close(),
        lambda connection: connection.reset(),
        lambda connection: connection.sock.sendall(SHORT),
    ],
)
def test_a_broken_connection_is_reported_with_its_host(
    leave: Callable[[ServerConnection], None], routes: dict[str, Route]
) -> None:
    def break_off(connection: ServerConnection) -> None:
        connection.read_head()
        leave(connection)

    with ScriptedServer(break_off) as server, routes["plain"].client(server) as client:
        assert "uploads.example" in failure_of(client.get)[0]


@pytest.mark.parametrize("value", ["text/plain\r\nX-Forged: 1", "text/plain\n", " text/plain"])
def test_a_header_with_a_line_break_is_refused(value: str) -> None:
    """Nothing is sent, and the message does not show the value, which may be a token."""
    with ScriptedServer() as server:
        github = session(f"http://127.0.0.1:{server.port}")
        request = Request(
            method="POST",
            url=f"{github.api_url}/upload",
            where="uploading `a.txt`",
            body=Blocks(1),
            headers={"Content-Type": value},
        )
        with pytest.raises(GitHubError, match="header") as caught:
            github.send(request, lambda answer: answer)
        assert "plain" not in str(caught.value)
        assert not isinstance(caught.value, UnreachableError)
        assert server.connections == 0


def session(api_url: str) -> Session:
    clock, stop, reporter = FakeTime().clock(), Stop(), RecordingReporter()
    access = ApiAccess(url=api_url, token="t0ken", timeouts=QUICK)
    return Session(access, clock, Limiter(clock, reporter.line, stop), reporter, 1, stop)


SHORT_ANSWER = Timeouts(
    connect_seconds=TIMEOUT_SECONDS, stall_seconds=TIMEOUT_SECONDS, answer_seconds=0.3
)
HEAD = b"HTTP/1.1 200 OK\r\nX: "
INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n"


def endless(begin: bytes, then: bytes, *, read: bool = False) -> Script:
    """Answer with `begin`, then with `then` every 20 ms until the client closes.

    read: whether to read a body first.
    """

    def script(connection: ServerConnection) -> None:
        head = connection.read_head()
        if read:
            connection.read_body(body_length_of(head))
        connection.sock.sendall(begin)
        with contextlib.suppress(OSError):
            for _ in range(int(TIMEOUT_SECONDS / 0.02)):
                connection.sock.sendall(then)
                time.sleep(0.02)

    return script


@pytest.mark.parametrize(
    ("script", "body"),
    [
        pytest.param(endless(HEAD, b"x"), None, id="a head"),
        pytest.param(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), None, id="interim answers"),
        pytest.param(endless(HEAD, b"x", read=True), 1, id="a head after a body"),
        pytest.param(endless(b"", INTERIM, read=True), 1, id="interim answers after a body"),
        pytest.param(endless(b"", b"H", read=True), 1, id="a status after a body"),
        pytest.param(endless(b"", INTERIM), MORE_THAN_FITS, id="interim answers and no reading"),
    ],
)
def test_an_endless_answer_times_out(script: Script, body: int | None, route: Route) -> None:
    with ScriptedServer(route.wrap(script)) as server, route.client(server, SHORT_ANSWER) as client:
        message, seconds = failure_of(
            client.get if body is None else lambda: client.post(Blocks(body))
        )
    assert "uploads.example" in message
    assert SHORT_ANSWER.answer_seconds <= seconds < TIMEOUT_SECONDS / 2


@pytest.mark.skipif(not hasattr(os, "sendfile"), reason="no other call is fast enough")
def test_a_flood_of_interim_answers_times_out(tmp_path: Path, routes: dict[str, Route]) -> None:
    """The client never runs out of bytes to read."""
    (tmp_path / "flood").write_bytes(INTERIM * 1_000_000)

    def flood(connection: ServerConnection) -> None:
        connection.read_request()
        connection.sock.settimeout(None)
        with (tmp_path / "flood").open("rb") as file, contextlib.suppress(OSError):
            for _ in range(10):
                os.sendfile(connection.sock.fileno(), file.fileno(), 0, len(INTERIM) * 1_000_000)

    with ScriptedServer(flood) as server, routes["plain"].client(server, SHORT_ANSWER) as client:
        message, seconds = failure_of(lambda: client.post(Blocks(1)))
    assert "uploads.example" in message
    assert SHORT_ANSWER.answer_seconds <= seconds < TIMEOUT_SECONDS / 2


def test_an_endless_answer_of_a_proxy_times_out(routes: dict[str, Route]) -> None:
    with (
        ScriptedServer(endless(b"HTTP/1.1 200 Go on\r\nX: ", b"x")) as server,
        routes["CONNECT"].client(server, SHORT_ANSWER) as client,
    ):
        _, seconds = failure_of(client.get)
    assert SHORT_ANSWER.answer_seconds <= seconds < TIMEOUT_SECONDS / 2
