"""The transport over TLS: OpenSSL's error queue, resets during a write, and TLS within TLS."""

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK, Adapter, describe_transport_error
from tests.support.certificate import make_certificate
from tests.support.lanes import Answer, Blocks, Lane, make_lanes
from tests.support.peer import PATIENCE, Peer, Script, Talk, length_of, slow_listener

MORE_THAN_FITS = 256  # blocks


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def lanes(certificate: tuple[Path, Path]) -> dict[str, Lane]:
    return make_lanes(certificate)


@pytest.fixture
def tls(lanes: dict[str, Lane]) -> Lane:
    return lanes["TLS"]


def reset_after_the_head(talk: Talk) -> None:
    talk.head()
    talk.reset()


def says_ok(talk: Talk) -> None:
    talk.head()
    talk.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def break_a_write(lane: Lane) -> None:
    """Let a reset fail a TLS write of this thread, outside the transport."""
    with Peer(lane.wrap(reset_after_the_head)) as peer:
        raw = socket.create_connection(("127.0.0.1", peer.port), PATIENCE)
        assert lane.tls is not None
        with lane.tls.wrap_socket(raw, server_hostname="localhost") as sock:
            sock.sendall(b"POST / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(OSError):
                while True:
                    sock.send(bytes(BLOCK))


@pytest.mark.parametrize("with_body", [True, False])
def test_a_failed_write_does_not_break_another_connection(with_body: bool, tls: Lane) -> None:
    """The other connection is reused, and its answer comes a little later.

    Without the workaround this fails in CPython 3.13.5, but not in all versions: see openssl.py.
    """

    def answer_late(talk: Talk) -> None:
        for _ in range(2):
            head = talk.head()
            talk.read(length_of(head) if head.startswith("POST") else 0)
            # Let the client wait first: only a read that has to wait would fail.
            threading.Event().wait(0.05)
            talk.reply("200 OK", "well")

    with Peer(tls.wrap(answer_late)) as peer, tls.client(peer) as client:
        for broken in (False, True):
            if broken:
                break_a_write(tls)
            answer = client.post(Blocks(1)) if with_body else client.get()
            assert (answer.status, answer.text) == (200, "well")
        assert peer.connections == 1


class CountingContext(ssl.SSLContext):
    """Counts how often authorities are loaded."""

    read = 0

    def load_verify_locations(self, *args: Any, **kwargs: Any) -> None:
        self.read += 1
        super().load_verify_locations(*args, **kwargs)


def test_the_authorities_are_loaded_once_for_all_connections(
    tls: Lane, certificate: tuple[Path, Path]
) -> None:
    context = CountingContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificate[0])
    for _ in range(3):
        with Peer(tls.wrap(says_ok)) as peer, replace(tls, tls=context).client(peer) as client:
            assert client.get().status == 200
    assert context.read == 1


def test_all_connections_share_a_context_that_verifies() -> None:
    adapter = Adapter(None, 4, Timeouts())
    pools = [
        adapter.get_connection_with_tls_context(
            requests.Request("GET", f"https://{host}/").prepare(), verify=verify
        )
        for host in ("api.github.com", "uploads.github.com")
        for verify in (True, False)
    ]
    contexts = {pool.conn_kw["ssl_context"] for pool in pools}
    (context,) = contexts
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs()
    assert {getattr(pool, "cert_reqs", None) for pool in pools} == {"CERT_REQUIRED"}


class RacingSocket(ssl.SSLSocket):
    """A socket whose peer answers and resets just before a block is written."""

    write_started: threading.Event | None = None
    reset_sent: threading.Event | None = None

    def send(self, data: object, flags: int = 0) -> int:
        size = len(memoryview(data))  # type: ignore[arg-type] # any buffer
        if self.write_started is not None and self.reset_sent is not None and size > 1000:
            self.write_started.set()
            assert self.reset_sent.wait(PATIENCE)
            poll = select.poll()
            poll.register(self, 0)
            assert poll.poll(PATIENCE * 1000), "no reset came"
        return super().send(data, flags)  # type: ignore[arg-type] # any buffer


def race_with_a_reset(
    answers: bool, certificate: tuple[Path, Path], tls: Lane
) -> tuple[Callable[[Talk], None], Lane]:
    """Return the script of such a server, and the way to it."""
    write_started, reset_sent = threading.Event(), threading.Event()

    class Racing(RacingSocket):
        pass

    Racing.write_started, Racing.reset_sent = write_started, reset_sent
    context = ssl.create_default_context(cafile=certificate[0])
    context.sslsocket_class = Racing
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    server.num_tickets = 0  # reading one would empty OpenSSL's error queue

    def answer_and_reset(talk: Talk) -> None:
        talk.secure(server)
        talk.head()
        assert write_started.wait(PATIENCE)
        if answers:
            talk.reply("422 Unprocessable Entity", "refused")
        talk.reset()
        reset_sent.set()

    return answer_and_reset, Lane(wrap=tls.wrap, tls=context, scheme="https")


def refused_in_a_race(certificate: tuple[Path, Path], tls: Lane) -> Answer:
    script, lane = race_with_a_reset(True, certificate, tls)
    with Peer(script) as peer, lane.client(peer) as client:
        return client.post(Blocks(20))


def test_an_answer_just_before_a_reset_is_returned(
    certificate: tuple[Path, Path], tls: Lane
) -> None:
    """The socket was writable and not readable; then answer and reset arrive together."""
    answer = refused_in_a_race(certificate, tls)
    assert (answer.status, answer.text) == (422, "refused")


def test_a_reset_during_a_write_is_an_error(certificate: tuple[Path, Path], tls: Lane) -> None:
    script, lane = race_with_a_reset(False, certificate, tls)
    with (
        Peer(script) as peer,
        lane.client(peer) as client,
        pytest.raises(requests.ConnectionError),
    ):
        client.post(Blocks(20))


def test_a_failed_upload_does_not_break_a_download(
    certificate: tuple[Path, Path], tls: Lane
) -> None:
    """The same thread does both. Without the workaround this fails as above."""
    broken = threading.Event()

    def answer_in_parts(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
        assert broken.wait(PATIENCE)
        threading.Event().wait(0.05)  # let the client wait first
        talk.sock.sendall(b"half")

    with Peer(tls.wrap(answer_in_parts)) as peer, tls.client(peer) as client:
        parts = client.parts(4)
        assert next(parts) == b"half"
        assert refused_in_a_race(certificate, tls).status == 422
        broken.set()
        assert next(parts) == b"half"


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
            socket.create_connection(("127.0.0.1", peer.port), PATIENCE) as far,
            contextlib.suppress(OSError),
        ):
            forward(talk.sock, far, dripping)

    return tunnel


def forward(near: socket.socket, far: socket.socket, dripping: threading.Event) -> None:
    """Forward bytes both ways until one side closes."""
    assert isinstance(near, ssl.SSLSocket)
    while True:
        ready = [near] if near.pending() else select.select([near, far], [], [], PATIENCE)[0]
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            end = time.monotonic() + PATIENCE
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
        assert client_done.wait(PATIENCE)

    quick = Timeouts(connect_seconds=PATIENCE, stall_seconds=0.4)
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
    assert 0.3 < seconds < PATIENCE / 2


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
