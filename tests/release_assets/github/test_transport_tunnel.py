"""TLS to a server within TLS to a proxy: early answers, whole bodies and timeouts."""

import contextlib
import select
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import requests

from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK
from release_assets.github.http.transport_errors import describe_transport_error
from release_assets.light_dataclasses import replace
from tests.support.routes import Blocks, Route
from tests.support.scripted_server import (
    TIMEOUT_SECONDS,
    Script,
    ScriptedServer,
    ServerConnection,
    body_length_of,
    slow_listener,
)

MORE_THAN_FITS = 256  # blocks: more than the buffers of a connection hold


@pytest.fixture
def within(certificate: tuple[Path, Path], tls: Route) -> Route:
    """TLS to a server, within TLS to a proxy."""
    return Route(
        wrap=tls.wrap,
        tls=ssl.create_default_context(cafile=certificate[0]),
        scheme="https",
        host="localhost",
        by_proxy=True,
        proxy_scheme="https",
    )


NEVER = threading.Event()


def tunnel_to(
    server: ScriptedServer, certificate: tuple[Path, Path], dripping: threading.Event = NEVER
) -> Script:
    """Return the script of a proxy that the client connects to over TLS.

    dripping: once set, the proxy forwards bytes to the client one by one.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def tunnel(connection: ServerConnection) -> None:
        connection.start_tls(context)
        assert connection.read_head().startswith("CONNECT ")
        connection.sock.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        with (
            socket.create_connection(("127.0.0.1", server.port), TIMEOUT_SECONDS) as far,
            contextlib.suppress(OSError),
        ):
            forward(connection.sock, far, dripping)

    return tunnel


def forward(near: socket.socket, far: socket.socket, dripping: threading.Event) -> None:
    """Forward bytes both ways until one side closes."""
    assert isinstance(near, ssl.SSLSocket)
    while True:
        ready = [near] if near.pending() else select.select([near, far], [], [], TIMEOUT_SECONDS)[0]
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            end = time.monotonic() + TIMEOUT_SECONDS
            while source is far and dripping.is_set() and data and time.monotonic() < end:
                near.sendall(data[:1])
                data = data[1:]
                time.sleep(0.01)
            (far if source is near else near).sendall(data)


def test_tls_within_tls_returns_an_early_answer(
    certificate: tuple[Path, Path], tls: Route, within: Route
) -> None:
    def refuse(connection: ServerConnection) -> None:
        connection.read_head()
        connection.respond("422 Unprocessable Entity", "refused")
        assert connection.wait_for_close()

    body = Blocks(MORE_THAN_FITS)
    with (
        ScriptedServer(tls.wrap(refuse)) as server,
        ScriptedServer(tunnel_to(server, certificate)) as proxy,
        within.client(proxy) as client,
    ):
        answer = client.post(body)
    assert (answer.status, answer.text) == (422, "refused")
    assert body.blocks_read < MORE_THAN_FITS


def test_tls_within_tls_sends_the_whole_body(
    certificate: tuple[Path, Path], tls: Route, within: Route
) -> None:
    """Also when a block does not fit into the send buffer."""

    def take(connection: ServerConnection) -> None:
        for _ in range(2):
            assert connection.read_request() == 10 * BLOCK
            connection.respond("201 Created", "{}")

    with (
        ScriptedServer(tls.wrap(take)) as server,
        ScriptedServer(tunnel_to(server, certificate), listener=slow_listener()) as proxy,
        within.client(proxy) as client,
    ):
        assert [client.post(Blocks(10)).status for _ in range(2)] == [201, 201]
        assert proxy.connections == 1


def test_tls_within_tls_times_out_for_a_stalled_server(
    certificate: tuple[Path, Path], tls: Route, within: Route
) -> None:
    client_done = threading.Event()

    def stall(connection: ServerConnection) -> None:
        connection.read_head()
        assert client_done.wait(TIMEOUT_SECONDS)

    quick = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=0.4)
    with (
        ScriptedServer(tls.wrap(stall)) as server,
        ScriptedServer(tunnel_to(server, certificate)) as proxy,
        within.client(proxy, quick) as client,
    ):
        with pytest.raises(requests.RequestException) as caught:
            client.post(Blocks(MORE_THAN_FITS))
        client_done.set()
    assert "0.4 seconds" in str(caught.value)


LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n" + b"x" * 16_000


@pytest.mark.parametrize("when", ["handshake", "head", "body", "after a body"])
def test_tls_within_tls_times_out_for_a_byte_at_a_time(
    when: str, certificate: tuple[Path, Path], tls: Route, within: Route
) -> None:
    """The connect timeout applies to a handshake, the stall timeout to a record."""
    dripping = threading.Event()
    if when == "handshake":
        dripping.set()

    def answer(connection: ServerConnection) -> None:
        head = connection.read_head()
        if when == "after a body":
            connection.read_body(body_length_of(head))
        if when == "body":
            connection.sock.sendall(LARGE[:60])
            time.sleep(0.2)
        dripping.set()
        connection.sock.sendall(LARGE[60:] if when == "body" else LARGE)
        connection.wait_for_close()

    quick = Timeouts(connect_seconds=0.6, stall_seconds=0.4, answer_seconds=0.8)
    with (
        ScriptedServer(suppressed(tls.wrap(answer))) as server,
        ScriptedServer(suppressed(tunnel_to(server, certificate, dripping))) as proxy,
        within.client(proxy, quick) as client,
    ):
        began = time.monotonic()
        with pytest.raises(requests.RequestException) as caught:
            client.post(Blocks(1)) if when == "after a body" else client.get()
        seconds = time.monotonic() - began
    message = describe_transport_error(caught.value, "https://localhost/", "asking").what
    assert "localhost" in message
    assert 0.3 < seconds < TIMEOUT_SECONDS / 2


def test_each_step_within_tls_has_its_own_timeout(
    certificate: tuple[Path, Path], tls: Route, within: Route
) -> None:
    def answer(connection: ServerConnection) -> None:
        for length in (0, 0, 0, BLOCK):
            connection.read_head()
            connection.read_body(length)
            time.sleep(0.4)
            connection.respond("200 OK", "{}")

    quick = Timeouts(connect_seconds=0.6, stall_seconds=0.6)
    with (
        ScriptedServer(tls.wrap(answer)) as server,
        ScriptedServer(tunnel_to(server, certificate)) as proxy,
        within.client(proxy, quick) as client,
    ):
        assert [client.get().text for _ in range(3)] == ["{}"] * 3
        assert client.post(Blocks(1)).text == "{}"
        assert proxy.connections == 1


def test_a_proxy_over_tls_forwards_a_plain_body(tls: Route, within: Route) -> None:
    """Without TLS to the server, no step has a deadline of its own."""

    def answer(connection: ServerConnection) -> None:
        for _ in range(2):
            assert connection.read_request() == 2 * BLOCK
            time.sleep(0.2)
            connection.respond("201 Created", "{}")

    plain = replace(within, scheme="http", host="far.invalid")
    with ScriptedServer(tls.wrap(answer)) as proxy, plain.client(proxy) as client:
        assert [client.post(Blocks(2)).status for _ in range(2)] == [201, 201]


def suppressed(script: Script) -> Script:
    """Return a script that ends silently when the server closes in any way."""

    def run(connection: ServerConnection) -> None:
        with contextlib.suppress(OSError, EOFError):
            script(connection)

    return run
