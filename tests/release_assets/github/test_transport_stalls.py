"""The transport's patience: none with a peer that does nothing, all with a slow one."""

import contextlib
import dataclasses
import gzip
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from release_assets.github.errors import GitHubError, UnreachableError
from release_assets.github.http.request import Request
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK, describe_transport_error
from release_assets.github.limiter import Limiter
from release_assets.github.session import Session
from release_assets.stop import Stop
from tests.support.certificate import make_certificate
from tests.support.engine import FakeTime
from tests.support.lanes import Blocks, Lane, make_lanes
from tests.support.peer import PATIENCE, Peer, Script, Talk, length_of, slow_listener

pytestmark = pytest.mark.slow

QUICK = Timeouts(connect_seconds=0.3, stall_seconds=0.4)
MORE_THAN_FITS = 256  # blocks
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"


@pytest.fixture(scope="module")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lane]:
    return make_lanes(make_certificate(tmp_path_factory.mktemp("certificate")))


@pytest.fixture(params=["plain", "TLS"])
def lane(request: pytest.FixtureRequest, lanes: dict[str, Lane]) -> Lane:
    return lanes[request.param]


def told(error: requests.RequestException) -> str:
    """Return what the user is told."""
    found = describe_transport_error(error, "https://me:secret@uploads.example/x", "uploading")
    assert isinstance(found, UnreachableError)
    assert "secret" not in str(found)
    return found.what


def fails(ask: Callable[[], object]) -> tuple[str, float]:
    """Return what the user is told of a failure, and after how many seconds."""
    began = time.monotonic()
    with pytest.raises(requests.RequestException) as caught:
        ask()
    return told(caught.value), time.monotonic() - began


@pytest.mark.parametrize("blocks_first", [0, 40])
def test_a_peer_that_takes_nothing_is_given_up(blocks_first: int, lane: Lane) -> None:
    given_up = threading.Event()

    def stall(talk: Talk) -> None:
        talk.head()
        talk.read(blocks_first * BLOCK)
        assert given_up.wait(PATIENCE)

    body = Blocks(MORE_THAN_FITS)
    with Peer(lane.wrap(stall)) as peer, lane.client(peer, QUICK) as client:
        words, seconds = fails(lambda: client.post(body))
        given_up.set()
    assert words == "no answer from uploads.example (it took no more bytes for 0.4 seconds)"
    assert QUICK.stall_seconds <= seconds < PATIENCE / 2
    assert body.asked < MORE_THAN_FITS


def test_a_peer_that_takes_all_and_says_nothing_is_given_up(lane: Lane) -> None:
    given_up = threading.Event()

    def say_nothing(talk: Talk) -> None:
        talk.take()
        assert given_up.wait(PATIENCE)

    with Peer(lane.wrap(say_nothing)) as peer, lane.client(peer, QUICK) as client:
        words, seconds = fails(lambda: client.post(Blocks(3)))
        given_up.set()
    assert words == "no answer from uploads.example (nothing came back for 0.4 seconds)"
    assert QUICK.stall_seconds <= seconds < PATIENCE / 2


def test_a_server_that_does_not_answer_a_request_without_a_body_is_given_up(lane: Lane) -> None:
    given_up = threading.Event()

    def say_nothing(talk: Talk) -> None:
        talk.head()
        assert given_up.wait(PATIENCE)

    with Peer(lane.wrap(say_nothing)) as peer, lane.client(peer, QUICK) as client:
        words, seconds = fails(client.get)
        given_up.set()
    assert words == "no answer from uploads.example (nothing came back in time)"
    assert QUICK.stall_seconds <= seconds < PATIENCE / 2


@pytest.mark.parametrize("when", ["head", "body"])
def test_an_answer_that_stops_in_the_middle_is_given_up(when: str, lane: Lane) -> None:
    given_up = threading.Event()
    part = "HTTP/1.1 422 No\r\nContent-Length: 100\r\n" + ("\r\nhalf" if when == "body" else "")

    def stop(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(part.encode())
        assert given_up.wait(PATIENCE)

    with Peer(lane.wrap(stop)) as peer, lane.client(peer, QUICK) as client:
        words, seconds = fails(lambda: client.post(Blocks(MORE_THAN_FITS)))
        given_up.set()
    assert "nothing came back in time" in words
    assert QUICK.stall_seconds <= seconds < PATIENCE / 2


def test_a_slow_answer_is_waited_for_while_bytes_move(lane: Lane) -> None:
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"

    def answer_slowly(talk: Talk) -> None:
        talk.take()
        for start in range(0, len(answer), 5):
            time.sleep(QUICK.stall_seconds / 4)
            talk.sock.sendall(answer[start : start + 5])

    with Peer(lane.wrap(answer_slowly)) as peer, lane.client(peer, QUICK) as client:
        began = time.monotonic()
        assert client.post(Blocks(1)).text == "{}"
        assert time.monotonic() - began >= 2 * QUICK.stall_seconds


def test_a_machine_that_does_not_accept_is_given_up(lanes: dict[str, Lane]) -> None:
    with contextlib.ExitStack() as open_sockets:
        listener = open_sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(3):  # more than its queue holds: the next one is not answered
            waiting = open_sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        peer = Peer(listener=listener)
        with lanes["plain"].client(peer, QUICK) as client:
            words, seconds = fails(client.get)
    assert words == "no answer from uploads.example (the connection could not be made in time)"
    assert seconds < PATIENCE / 2


@pytest.mark.parametrize(
    ("leave", "words"),
    [
        (lambda talk: talk.sock.close(), "it hung up"),
        (lambda talk: talk.reset(), "Connection reset by peer"),
        (lambda talk: talk.sock.sendall(SHORT), "it hung up in the middle of the answer"),
    ],
)
def test_the_user_is_told_how_a_connection_broke(
    leave: Callable[[Talk], None], words: str, lanes: dict[str, Lane]
) -> None:
    def break_off(talk: Talk) -> None:
        talk.head()
        leave(talk)

    with Peer(break_off) as peer, lanes["plain"].client(peer) as client:
        assert words in fails(client.get)[0]


@pytest.mark.parametrize("value", ["text/plain\r\nX-Forged: 1", "text/plain\n", " text/plain"])
def test_a_header_cannot_be_forged(value: str) -> None:
    """It is refused before anything is sent, and the value, which may be a token, is not told."""
    with Peer() as peer:
        github = session(f"http://127.0.0.1:{peer.port}")
        request = Request(
            method="POST",
            url=f"{github.api_url}/upload",
            where="uploading `a.txt`",
            body=Blocks(1),
            headers={"Content-Type": value},
        )
        with pytest.raises(GitHubError, match="a header of the request") as caught:
            github.send(request, lambda answer: answer)
        assert "plain" not in str(caught.value)
        assert not isinstance(caught.value, UnreachableError)
        assert peer.connections == 0


def session(api_url: str) -> Session:
    clock, stop = FakeTime().clock(), Stop()
    return Session(
        api_url=api_url,
        token="t0ken",
        clock=clock,
        limiter=Limiter(clock, print, stop),
        log=print,
        debug=print,
        max_attempts=1,
        stop=stop,
        timeouts=QUICK,
    )


DRIPPED = Timeouts(connect_seconds=PATIENCE, stall_seconds=PATIENCE, answer_seconds=0.3)
HEAD = b"HTTP/1.1 200 OK\r\nX: "
INTERIM = b"HTTP/1.1 102 Processing\r\n\r\n"


def drips(begin: bytes, then: bytes, *, read: bool = False) -> Script:
    """Answer with some bytes, and then with others, each in time, for as long as anybody hears.

    read: whether a body is read before.
    """

    def script(talk: Talk) -> None:
        head = talk.head()
        if read:
            talk.read(length_of(head))
        talk.sock.sendall(begin)
        with contextlib.suppress(OSError):
            for _ in range(int(PATIENCE / 0.02)):
                talk.sock.sendall(then)
                time.sleep(0.02)

    return script


@pytest.mark.parametrize(
    ("script", "body"),
    [
        pytest.param(drips(HEAD, b"x"), None, id="a head"),
        pytest.param(drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), None, id="interim answers"),
        pytest.param(drips(HEAD, b"x", read=True), 1, id="a head after a body"),
        pytest.param(drips(b"", INTERIM, read=True), 1, id="interim answers after a body"),
        pytest.param(drips(b"", b"H", read=True), 1, id="a status after a body"),
        pytest.param(drips(b"", INTERIM), MORE_THAN_FITS, id="interim answers and no reading"),
    ],
)
def test_an_answer_that_does_not_come_to_its_end_is_given_up(
    script: Script, body: int | None, lane: Lane
) -> None:
    why = "the answer does not end"
    if body == MORE_THAN_FITS:
        why = "it took less than 262,144 bytes in 0.3 seconds"

    with Peer(lane.wrap(script)) as peer, lane.client(peer, DRIPPED) as client:
        words, seconds = fails(client.get if body is None else lambda: client.post(Blocks(body)))
    assert words == f"no answer from uploads.example ({why})"
    assert DRIPPED.answer_seconds <= seconds < PATIENCE / 2


@pytest.mark.skipif(not hasattr(os, "sendfile"), reason="only who sends aside is fast enough")
def test_a_flood_of_interim_answers_comes_to_its_end(
    tmp_path: Path, lanes: dict[str, Lane]
) -> None:
    """There is always one more to read."""
    (tmp_path / "flood").write_bytes(INTERIM * 1_000_000)

    def flood(talk: Talk) -> None:
        talk.take()
        talk.sock.settimeout(None)
        with (tmp_path / "flood").open("rb") as file, contextlib.suppress(OSError):
            for _ in range(10):
                os.sendfile(talk.sock.fileno(), file.fileno(), 0, len(INTERIM) * 1_000_000)

    with Peer(flood) as peer, lanes["plain"].client(peer, DRIPPED) as client:
        words, seconds = fails(lambda: client.post(Blocks(1)))
    assert words == "no answer from uploads.example (the answer does not end)"
    assert DRIPPED.answer_seconds <= seconds < PATIENCE / 2


def test_a_proxy_that_does_not_come_to_its_end_is_given_up(lanes: dict[str, Lane]) -> None:
    with (
        Peer(drips(b"HTTP/1.1 200 Go on\r\nX: ", b"x")) as peer,
        lanes["CONNECT"].client(peer, DRIPPED) as client,
    ):
        words, seconds = fails(client.get)
    assert "the answer does not end" in words
    assert DRIPPED.answer_seconds <= seconds < PATIENCE / 2


FEW = Timeouts(
    connect_seconds=PATIENCE, stall_seconds=PATIENCE, answer_seconds=0.3, min_bytes=20_000
)
TOOK_FEW = "no answer from uploads.example (it took less than 20,000 bytes in 0.3 seconds)"
GAVE_FEW = r"\(it gave less than 20,000 bytes in 0\.3 seconds\)"


@pytest.mark.parametrize(("blocks", "first"), [(1, 0), (MORE_THAN_FITS, 0), (MORE_THAN_FITS, 1)])
def test_a_peer_that_takes_a_byte_at_a_time_is_given_up(
    blocks: int, first: int, lane: Lane
) -> None:
    """Also when the system has taken all of it, and after some that went well."""
    given_up = threading.Event()

    def sip(talk: Talk) -> None:
        talk.head()
        talk.read(first * BLOCK)
        while not given_up.wait(0.005):
            talk.sock.recv(1)

    peer = Peer(lane.wrap(sip), listener=slow_listener())
    with peer, lane.client(peer, FEW) as client:
        words, seconds = fails(lambda: client.post(Blocks(blocks)))
        given_up.set()
    assert words == TOOK_FEW
    assert FEW.answer_seconds <= seconds < PATIENCE / 2


def takes(blocks: int, seconds: float) -> Script:
    """Take so many blocks in so many seconds, a little at a time, and say yes."""

    def script(talk: Talk) -> None:
        length, began = length_of(talk.head()), time.monotonic()
        while length > 0:
            due = seconds * (1 - length / (blocks * BLOCK))
            time.sleep(max(0.0, due - (time.monotonic() - began)))
            length -= talk.read(min(length, 4096))
        talk.reply("201 Created", "{}")

    return script


@pytest.mark.parametrize(
    ("timeouts", "seconds"),
    [
        pytest.param(QUICK, 3 * QUICK.stall_seconds, id="bytes move"),
        pytest.param(FEW, 5 * FEW.answer_seconds, id="enough of them"),
    ],
)
def test_a_slow_link_is_waited_for(timeouts: Timeouts, seconds: float, lane: Lane) -> None:
    """Longer for one block than any limit, and for what the system holds after the last one."""
    peer = Peer(lane.wrap(takes(2, seconds)), listener=slow_listener())
    with peer, lane.client(peer, timeouts) as client:
        began = time.monotonic()
        assert client.post(Blocks(2)).status == 201
        assert time.monotonic() - began >= 0.7 * seconds


def test_the_answer_has_a_time_of_its_own(lane: Lane) -> None:
    timeouts = dataclasses.replace(FEW, answer_seconds=1.0, min_bytes=MORE_THAN_FITS * BLOCK)

    def answer(talk: Talk) -> None:
        length = length_of(talk.head())
        time.sleep(0.6)
        talk.read(length)
        time.sleep(0.6)
        talk.reply("201 Created", "{}")

    with Peer(lane.wrap(answer)) as peer, lane.client(peer, timeouts) as client:
        assert client.post(Blocks(MORE_THAN_FITS // 4)).status == 201


def test_the_body_of_an_answer_has_a_time_of_its_own(lane: Lane) -> None:
    def answer(talk: Talk) -> None:
        talk.head()
        for piece in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"{", b"}"):
            talk.sock.sendall(piece)
            time.sleep(0.6)

    timeouts = dataclasses.replace(FEW, answer_seconds=1.0)
    with Peer(lane.wrap(answer)) as peer, lane.client(peer, timeouts) as client:
        assert b"".join(client.parts(1, is_file=False)) == b"{}"


def test_time_that_the_file_takes_is_not_the_peer_s(lane: Lane) -> None:
    timeouts = dataclasses.replace(FEW, min_bytes=10 * BLOCK)

    def answer(talk: Talk) -> None:
        talk.take()
        talk.reply("201 Created", "{}")

    body = Blocks(3, before=lambda _: time.sleep(1.3 * FEW.answer_seconds))
    with Peer(lane.wrap(answer)) as peer, lane.client(peer, timeouts) as client:
        assert client.post(body).status == 201


def gives(begin: bytes, then: bytes, times: int, end: bytes = b"") -> Script:
    """Answer with some bytes, and then with others at a time."""

    def script(talk: Talk) -> None:
        talk.head()
        with contextlib.suppress(OSError):
            talk.sock.sendall(begin)
            for _ in range(times):
                talk.sock.sendall(then)
                time.sleep(0.02)
            talk.sock.sendall(end)

    return script


LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10]
NOTHING = b"\0\0\0\xff\xff"  # a block of deflate that holds nothing


@pytest.mark.parametrize(
    ("begin", "then"),
    [
        pytest.param(LONG, b"x", id="a byte at a time"),
        pytest.param(LONG + b"x" * 100_000, b"x", id="much, then a byte at a time"),
        pytest.param(CHUNKED, b"1\r\nx\r\n", id="a chunk of a byte at a time"),
        pytest.param(CHUNKED, b"1;" + b"x" * 5000 + b"\r\nx\r\n", id="more about a chunk"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 5000, id="more after the last"),
        pytest.param(PACKED, NOTHING * 5000, id="nothing, packed"),
    ],
)
def test_a_file_that_comes_a_byte_at_a_time_is_given_up(
    begin: bytes, then: bytes, lane: Lane
) -> None:
    script = gives(begin, then, int(PATIENCE / 0.02))
    with Peer(lane.wrap(script)) as peer, lane.client(peer, FEW) as client:
        began = time.monotonic()
        with pytest.raises(UnreachableError, match=GAVE_FEW):
            for _ in client.parts(1000):
                pass
        seconds = time.monotonic() - began
    assert FEW.answer_seconds <= seconds < PATIENCE / 2


@pytest.mark.parametrize(
    ("begin", "then", "end"),
    [
        pytest.param(LONG.replace(b"1000000", b"160000"), b"x" * 4000, b"", id="a length"),
        pytest.param(CHUNKED, b"fa0\r\n" + b"x" * 4000 + b"\r\n", b"0\r\n\r\n", id="chunks"),
    ],
)
def test_a_file_may_take_as_long_as_it_takes(
    begin: bytes, then: bytes, end: bytes, lane: Lane
) -> None:
    script = gives(begin, then, 40, end)
    with Peer(lane.wrap(script)) as peer, lane.client(peer, FEW) as client:
        began = time.monotonic()
        assert sum(len(part) for part in client.parts(1000)) == 160_000
        assert time.monotonic() - began > 2 * FEW.answer_seconds


def test_time_that_the_disk_takes_is_not_the_server_s(lane: Lane) -> None:
    script = gives(LONG.replace(b"1000000", b"4000"), b"x" * 1000, 4)
    with Peer(lane.wrap(script)) as peer, lane.client(peer, FEW) as client:
        count = 0
        for part in client.parts(1000):
            count += len(part)
            time.sleep(1.3 * FEW.answer_seconds)
        assert count == 4000


@pytest.mark.parametrize(
    ("begin", "then"),
    [
        pytest.param(LONG, b"x" * 4000, id="a body"),
        pytest.param(CHUNKED + b"0\r\n", b"X: y\r\n" * 5000, id="more after the last chunk"),
        pytest.param(PACKED, NOTHING * 5000, id="nothing, packed"),
    ],
)
def test_what_is_no_file_has_one_time_for_all(begin: bytes, then: bytes, lane: Lane) -> None:
    script = gives(begin, then, int(PATIENCE / 0.02))
    with (
        Peer(lane.wrap(script)) as peer,
        lane.client(peer, FEW) as client,
        pytest.raises(UnreachableError, match="the answer does not end"),
    ):
        for _ in client.parts(1000, is_file=False):
            pass
