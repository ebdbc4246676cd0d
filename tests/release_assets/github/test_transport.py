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
from release_assets.github.http.transport import BLOCK
from tests.support.lanes import Blocks, Lane, assert_set
from tests.support.peer import TIMEOUT_SECONDS, Peer, Talk, length_of

MORE_THAN_FITS = 256  # blocks: more than the buffers of a connection hold
REFUSAL = '{"message": "Cannot upload assets to an immutable release."}'


@pytest.fixture(params=["plain", "TLS", "proxy", "CONNECT"])
def lane(request: pytest.FixtureRequest, lanes: dict[str, Lane]) -> Lane:
    """Each way to a server."""
    return lanes[request.param]


@pytest.fixture(params=["plain", "TLS"])
def short_lane(request: pytest.FixtureRequest, lanes: dict[str, Lane]) -> Lane:
    """The ways without a proxy."""
    return lanes[request.param]


def accept_uploads(talk: Talk) -> None:
    """Accept one upload after the other."""
    try:
        while True:
            talk.take()
            talk.reply("201 Created", "{}")
    except EOFError:
        return


def read_on(talk: Talk) -> None:
    assert talk.gone()


def read_nothing(talk: Talk) -> None:
    """Read nothing until the client has closed: its reset ends the poll."""
    poll = select.poll()
    poll.register(talk.sock, 0)  # hangups and errors only
    assert poll.poll(TIMEOUT_SECONDS * 1000)


def hang_up(talk: Talk) -> None:
    talk.hang_up()
    assert talk.gone()


def close(talk: Talk) -> None:
    talk.sock.close()


def reset(talk: Talk) -> None:
    talk.reset()


@pytest.mark.parametrize("then", [read_on, read_nothing, hang_up, close, reset])
@pytest.mark.parametrize("blocks_first", [0, 3])
def test_an_early_answer_is_returned_at_once(
    then: Callable[[Talk], None], blocks_first: int, lane: Lane
) -> None:
    """Whatever the server does after it; the next request opens a new connection."""
    done = threading.Event()

    def refuse(talk: Talk) -> None:
        talk.head()
        talk.read(blocks_first * BLOCK)
        talk.reply("422 Unprocessable Entity", REFUSAL, "X-Test: yes")
        then(talk)
        done.set()

    body = Blocks(MORE_THAN_FITS)
    with Peer(lane.wrap(refuse), lane.wrap(accept_uploads)) as peer, lane.client(peer) as client:
        began = time.monotonic()
        answer = client.post(body)
        took = time.monotonic() - began
        assert (answer.status, answer.text) == (422, REFUSAL)
        assert answer.headers["X-Test"] == "yes"
        assert body.asked < MORE_THAN_FITS
        assert took < TIMEOUT_SECONDS / 2
        assert done.wait(TIMEOUT_SECONDS), "the connection was not closed"
        assert client.post(Blocks(1)).status == 201
        assert peer.connections == 2


def test_an_early_answer_in_pieces_is_returned_whole(lane: Lane) -> None:
    answer = f"HTTP/1.1 413 Too Large\r\nContent-Length: {len(REFUSAL)}\r\n\r\n{REFUSAL}"

    def refuse(talk: Talk) -> None:
        talk.head()
        for character in answer:
            talk.sock.sendall(character.encode())
            talk.read(1000)
        assert talk.gone()

    with Peer(lane.wrap(refuse)) as peer, lane.client(peer) as client:
        found = client.post(Blocks(MORE_THAN_FITS))
    assert (found.status, found.text) == (413, REFUSAL)


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


def test_interim_answers_do_not_end_a_body(lane: Lane) -> None:
    """Neither during the body nor after it, nor when they arrive in parts."""

    def take(talk: Talk) -> None:
        length = length_of(talk.head())
        talk.sock.sendall(INTERIM + INTERIM[:30])
        talk.read(5 * BLOCK)
        talk.sock.sendall(INTERIM[30:])
        talk.read(length - 5 * BLOCK)
        talk.sock.sendall(INTERIM)
        talk.reply("201 Created", "{}")
        accept_uploads(talk)

    body = Blocks(MORE_THAN_FITS)
    with Peer(lane.wrap(take)) as peer, lane.client(peer) as client:
        assert client.post(body).status == 201
        assert body.asked == MORE_THAN_FITS
        assert client.post(Blocks(1)).status == 201
        assert peer.connections == 1


def test_an_interim_answer_may_come_before_an_early_one(lane: Lane) -> None:
    def refuse(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(INTERIM)
        talk.reply("401 Unauthorized", REFUSAL)
        assert talk.gone()

    with Peer(lane.wrap(refuse)) as peer, lane.client(peer) as client:
        answer = client.post(Blocks(MORE_THAN_FITS))
    assert (answer.status, answer.text) == (401, REFUSAL)


def test_tls_session_tickets_do_not_count_as_an_answer(
    certificate: tuple[Path, Path], lanes: dict[str, Lane]
) -> None:
    """A server sends them after the handshake, which makes the socket readable."""
    handshake_done = threading.Event()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    server.num_tickets = 20

    def take(talk: Talk) -> None:
        talk.secure(server)
        assert talk.sock.version() == "TLSv1.3"  # type: ignore[attr-defined] # it is TLS's
        handshake_done.set()
        accept_uploads(talk)

    body = Blocks(20, before=lambda _: assert_set(handshake_done))
    with Peer(take) as peer, lanes["TLS"].client(peer) as client:
        assert client.post(body).status == 201


def test_a_connection_is_reused(lane: Lane) -> None:
    with Peer(lane.wrap(accept_uploads)) as peer, lane.client(peer) as client:
        for count in (1, 30, 2):
            assert client.post(Blocks(count)).status == 201
        assert peer.connections == 1


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
    answer: str, short_lane: Lane
) -> None:
    def take(talk: Talk) -> None:
        talk.take()
        talk.sock.sendall(answer.encode())

    script = short_lane.wrap(take)
    with Peer(script, script) as peer, short_lane.client(peer) as client:
        for _ in range(2):
            found = client.post(Blocks(20))
            assert (found.status, found.text) == (201, "{}")
        assert peer.connections == 2


def test_a_reused_connection_that_the_server_closed_is_reopened(lane: Lane) -> None:
    closed = threading.Event()

    def take_one(talk: Talk) -> None:
        talk.take()
        talk.reply("201 Created", "{}")
        talk.hang_up()
        closed.set()

    with Peer(lane.wrap(take_one), lane.wrap(accept_uploads)) as peer, lane.client(peer) as client:
        assert client.post(Blocks(1)).status == 201
        assert closed.wait(TIMEOUT_SECONDS)
        assert client.post(Blocks(20)).status == 201


@pytest.mark.parametrize("then", [hang_up, close, reset])
def test_a_connection_that_closes_without_an_answer_fails_at_once(
    then: Callable[[Talk], None], lane: Lane
) -> None:
    def leave(talk: Talk) -> None:
        talk.head()
        talk.read(3 * BLOCK)
        then(talk)

    body = Blocks(MORE_THAN_FITS)
    with Peer(lane.wrap(leave), lane.wrap(accept_uploads)) as peer, lane.client(peer) as client:
        began = time.monotonic()
        with pytest.raises(requests.ConnectionError):
            client.post(body)
        assert time.monotonic() - began < TIMEOUT_SECONDS / 2
        assert body.asked < MORE_THAN_FITS
        assert client.post(Blocks(1)).status == 201


def test_an_answer_that_is_not_http_is_an_error(short_lane: Lane) -> None:
    def send_smtp(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(b"220 mail.example ESMTP\r\n")
        assert talk.gone()

    script = short_lane.wrap(send_smtp)
    with (
        Peer(script) as peer,
        short_lane.client(peer) as client,
        pytest.raises(requests.ConnectionError),
    ):
        client.post(Blocks(MORE_THAN_FITS))


def test_an_error_from_the_body_is_raised_unchanged(lane: Lane) -> None:
    """The connection is closed, so that the server notices the incomplete upload."""
    broken = threading.Event()

    def take_part(talk: Talk) -> None:
        length = length_of(talk.head())
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            assert talk.read(length) < length
        broken.set()

    def change(number: int) -> None:
        if number == 3:
            raise FileChangedError("dist/app.zip")

    with Peer(lane.wrap(take_part), lane.wrap(accept_uploads)) as peer, lane.client(peer) as client:
        with pytest.raises(FileChangedError):
            client.post(Blocks(20, before=change))
        assert broken.wait(TIMEOUT_SECONDS)
        assert client.post(Blocks(1)).status == 201


def test_requests_without_a_body_reuse_the_connection(lane: Lane) -> None:
    def answer(talk: Talk) -> None:
        for _ in range(2):
            assert talk.head().startswith("GET ")
            talk.reply("200 OK", "fine")
        accept_uploads(talk)

    with Peer(lane.wrap(answer)) as peer, lane.client(peer) as client:
        assert [client.get().text, client.get().text] == ["fine", "fine"]
        assert client.post(Blocks(1)).status == 201
        assert peer.connections == 1
