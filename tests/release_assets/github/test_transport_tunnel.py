"""TLS to a server within TLS to a proxy: early answers, whole bodies and timeouts."""

import contextlib
import select
import socket
import ssl
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK, describe_transport_error
from tests.support.lanes import Blocks, Lane
from tests.support.peer import TIMEOUT_SECONDS, Peer, Script, Talk, length_of, slow_listener

MORE_THAN_FITS = 256  # blocks: more than the buffers of a connection hold


@pytest.fixture
def within(certificate: tuple[Path, Path], tls: Lane) -> Lane:
    """TLS to a server, within TLS to a proxy."""
    return Lane(
        wrap=tls.wrap,
        tls=ssl.create_default_context(cafile=certificate[0]),
        scheme="https",
        host="localhost",
        by_proxy=True,
        proxy_scheme="https",
    )


NEVER = threading.Event()


def tunnel_to(
    peer: Peer, certificate: tuple[Path, Path], dripping: threading.Event = NEVER
) -> Script:
    """Return the script of a proxy that the client connects to over TLS.

    dripping: once set, the proxy forwards bytes to the client one by one.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def tunnel(talk: Talk) -> None:
        talk.secure(context)
        assert talk.head().startswith("CONNECT ")
        talk.sock.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        with (
            socket.create_connection(("127.0.0.1", peer.port), TIMEOUT_SECONDS) as far,
            contextlib.suppress(OSError),
        ):
            forward(talk.sock, far, dripping)

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
    certificate: tuple[Path, Path], tls: Lane, within: Lane
) -> None:
    def refuse(talk: Talk) -> None:
        talk.head()
        talk.reply("422 Unprocessable Entity", "refused")
        assert talk.gone()

    body = Blocks(MORE_THAN_FITS)
    with (
        Peer(tls.wrap(refuse)) as peer,
        Peer(tunnel_to(peer, certificate)) as proxy,
        within.client(proxy) as client,
    ):
        answer = client.post(body)
    assert (answer.status, answer.text) == (422, "refused")
    assert body.asked < MORE_THAN_FITS


def test_tls_within_tls_sends_the_whole_body(
    certificate: tuple[Path, Path], tls: Lane, within: Lane
) -> None:
    """Also when a block does not fit into the send buffer."""

    def take(talk: Talk) -> None:
        for _ in range(2):
            assert talk.take() == 10 * BLOCK
            talk.reply("201 Created", "{}")

    with (
        Peer(tls.wrap(take)) as peer,
        Peer(tunnel_to(peer, certificate), listener=slow_listener()) as proxy,
        within.client(proxy) as client,
    ):
        assert [client.post(Blocks(10)).status for _ in range(2)] == [201, 201]
        assert proxy.connections == 1


def test_tls_within_tls_times_out_for_a_stalled_peer(
    certificate: tuple[Path, Path], tls: Lane, within: Lane
) -> None:
    client_done = threading.Event()

    def stall(talk: Talk) -> None:
        talk.head()
        assert client_done.wait(TIMEOUT_SECONDS)

    quick = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=0.4)
    with (
        Peer(tls.wrap(stall)) as peer,
        Peer(tunnel_to(peer, certificate)) as proxy,
        within.client(proxy, quick) as client,
    ):
        with pytest.raises(requests.RequestException) as caught:
            client.post(Blocks(MORE_THAN_FITS))
        client_done.set()
    assert "it took no more bytes" in str(caught.value)


LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n" + b"x" * 16_000


@pytest.mark.parametrize("when", ["handshake", "head", "body", "after a body"])
def test_tls_within_tls_times_out_for_a_byte_at_a_time(
    when: str, certificate: tuple[Path, Path], tls: Lane, within: Lane
) -> None:
    """The connect timeout applies to a handshake, the stall timeout to a record."""
    dripping = threading.Event()
    if when == "handshake":
        dripping.set()

    def answer(talk: Talk) -> None:
        head = talk.head()
        if when == "after a body":
            talk.read(length_of(head))
        if when == "body":
            talk.sock.sendall(LARGE[:60])
            time.sleep(0.2)
        dripping.set()
        talk.sock.sendall(LARGE[60:] if when == "body" else LARGE)
        talk.gone()

    quick = Timeouts(connect_seconds=0.6, stall_seconds=0.4, answer_seconds=0.8)
    with (
        Peer(suppressed(tls.wrap(answer))) as peer,
        Peer(suppressed(tunnel_to(peer, certificate, dripping))) as proxy,
        within.client(proxy, quick) as client,
    ):
        began = time.monotonic()
        with pytest.raises(requests.RequestException) as caught:
            client.post(Blocks(1)) if when == "after a body" else client.get()
        seconds = time.monotonic() - began
    message = describe_transport_error(caught.value, "https://localhost/", "asking").what
    why = "the answer does not end" if when == "after a body" else "nothing came back in time"
    assert message == f"no answer from localhost ({why})"
    assert 0.3 < seconds < TIMEOUT_SECONDS / 2


def test_each_step_within_tls_has_its_own_timeout(
    certificate: tuple[Path, Path], tls: Lane, within: Lane
) -> None:
    def answer(talk: Talk) -> None:
        for length in (0, 0, 0, BLOCK):
            talk.head()
            talk.read(length)
            time.sleep(0.4)
            talk.reply("200 OK", "{}")

    quick = Timeouts(connect_seconds=0.6, stall_seconds=0.6)
    with (
        Peer(tls.wrap(answer)) as peer,
        Peer(tunnel_to(peer, certificate)) as proxy,
        within.client(proxy, quick) as client,
    ):
        assert [client.get().text for _ in range(3)] == ["{}"] * 3
        assert client.post(Blocks(1)).text == "{}"
        assert proxy.connections == 1


def test_a_proxy_over_tls_forwards_a_plain_body(tls: Lane, within: Lane) -> None:
    """Without TLS to the server, no step has a deadline of its own."""

    def answer(talk: Talk) -> None:
        for _ in range(2):
            assert talk.take() == 2 * BLOCK
            time.sleep(0.2)
            talk.reply("201 Created", "{}")

    plain = replace(within, scheme="http", host="far.invalid")
    with Peer(tls.wrap(answer)) as proxy, plain.client(proxy) as client:
        assert [client.post(Blocks(2)).status for _ in range(2)] == [201, 201]


def suppressed(script: Script) -> Script:
    """Return a script that ends silently when the peer closes in any way."""

    def run(talk: Talk) -> None:
        with contextlib.suppress(OSError, EOFError):
            script(talk)

    return run
