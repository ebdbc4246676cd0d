"""The minimum rate of uploads and downloads, and the timeouts of other answers."""

import contextlib
import dataclasses
import gzip
import threading
import time

import pytest

from release_assets.github.errors import UnreachableError
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK
from tests.release_assets.github.test_transport_stalls import MORE_THAN_FITS, QUICK, failure_of
from tests.support.lanes import Blocks, Lane
from tests.support.peer import TIMEOUT_SECONDS, Peer, Script, Talk, length_of, slow_listener

pytestmark = pytest.mark.slow


@pytest.fixture(params=["plain", "TLS"])
def lane(request: pytest.FixtureRequest, lanes: dict[str, Lane]) -> Lane:
    return lanes[request.param]


MIN_RATE = Timeouts(
    connect_seconds=TIMEOUT_SECONDS,
    stall_seconds=TIMEOUT_SECONDS,
    answer_seconds=0.3,
    min_bytes=20_000,
)
SENT_TOO_SLOWLY = "no answer from uploads.example (it took less than 20,000 bytes in 0.3 seconds)"
RECEIVED_TOO_SLOWLY = r"\(it gave less than 20,000 bytes in 0\.3 seconds\)"


@pytest.mark.parametrize(("blocks", "first"), [(1, 0), (MORE_THAN_FITS, 0), (MORE_THAN_FITS, 1)])
def test_an_upload_below_the_minimum_rate_times_out(blocks: int, first: int, lane: Lane) -> None:
    """Also when the operating system has buffered all of it, and after a fast start."""
    client_done = threading.Event()

    def read_slowly(talk: Talk) -> None:
        talk.head()
        talk.read(first * BLOCK)
        while not client_done.wait(0.005):
            talk.sock.recv(1)

    peer = Peer(lane.wrap(read_slowly), listener=slow_listener())
    with peer, lane.client(peer, MIN_RATE) as client:
        message, seconds = failure_of(lambda: client.post(Blocks(blocks)))
        client_done.set()
    assert message == SENT_TOO_SLOWLY
    assert MIN_RATE.answer_seconds <= seconds < TIMEOUT_SECONDS / 2


def accepts_slowly(blocks: int, seconds: float) -> Script:
    """Accept so many blocks over so many seconds."""

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
        pytest.param(MIN_RATE, 5 * MIN_RATE.answer_seconds, id="the minimum rate"),
    ],
)
def test_a_slow_upload_above_the_minimum_rate_succeeds(
    timeouts: Timeouts, seconds: float, lane: Lane
) -> None:
    """Also when one block, or the rest in the buffers, takes longer than the timeout."""
    peer = Peer(lane.wrap(accepts_slowly(2, seconds)), listener=slow_listener())
    with peer, lane.client(peer, timeouts) as client:
        began = time.monotonic()
        assert client.post(Blocks(2)).status == 201
        assert time.monotonic() - began >= 0.7 * seconds


def test_the_timeout_of_the_answer_starts_after_the_body(lane: Lane) -> None:
    timeouts = dataclasses.replace(MIN_RATE, answer_seconds=1.0, min_bytes=MORE_THAN_FITS * BLOCK)

    def answer(talk: Talk) -> None:
        length = length_of(talk.head())
        time.sleep(0.6)
        talk.read(length)
        time.sleep(0.6)
        talk.reply("201 Created", "{}")

    with Peer(lane.wrap(answer)) as peer, lane.client(peer, timeouts) as client:
        assert client.post(Blocks(MORE_THAN_FITS // 4)).status == 201


def test_the_timeout_of_an_answer_s_body_starts_after_its_head(lane: Lane) -> None:
    def answer(talk: Talk) -> None:
        talk.head()
        for piece in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"{", b"}"):
            talk.sock.sendall(piece)
            time.sleep(0.6)

    timeouts = dataclasses.replace(MIN_RATE, answer_seconds=1.0)
    with Peer(lane.wrap(answer)) as peer, lane.client(peer, timeouts) as client:
        assert b"".join(client.parts(1, is_file=False)) == b"{}"


def test_time_to_read_the_file_does_not_count_against_the_minimum_rate(lane: Lane) -> None:
    timeouts = dataclasses.replace(MIN_RATE, min_bytes=10 * BLOCK)

    def answer(talk: Talk) -> None:
        talk.take()
        talk.reply("201 Created", "{}")

    body = Blocks(3, before=lambda _: time.sleep(1.3 * MIN_RATE.answer_seconds))
    with Peer(lane.wrap(answer)) as peer, lane.client(peer, timeouts) as client:
        assert client.post(body).status == 201


def answers_slowly(begin: bytes, then: bytes, times: int, end: bytes = b"") -> Script:
    """Answer with `begin`, then so many times with `then`, 20 ms apart, and with `end`."""

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
GZIPPED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10]
EMPTY_BLOCK = b"\0\0\0\xff\xff"  # an empty block of deflate


@pytest.mark.parametrize(
    ("begin", "then"),
    [
        pytest.param(LONG, b"x", id="a byte at a time"),
        pytest.param(LONG + b"x" * 100_000, b"x", id="fast, then a byte at a time"),
        pytest.param(CHUNKED, b"1\r\nx\r\n", id="a chunk of a byte at a time"),
        pytest.param(CHUNKED, b"1;" + b"x" * 5000 + b"\r\nx\r\n", id="long chunk extensions"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 5000, id="endless trailers"),
        pytest.param(GZIPPED, EMPTY_BLOCK * 5000, id="empty blocks of gzip"),
    ],
)
def test_a_download_below_the_minimum_rate_times_out(begin: bytes, then: bytes, lane: Lane) -> None:
    script = answers_slowly(begin, then, int(TIMEOUT_SECONDS / 0.02))
    with Peer(lane.wrap(script)) as peer, lane.client(peer, MIN_RATE) as client:
        began = time.monotonic()
        with pytest.raises(UnreachableError, match=RECEIVED_TOO_SLOWLY):
            for _ in client.parts(1000):
                pass
        seconds = time.monotonic() - began
    assert MIN_RATE.answer_seconds <= seconds < TIMEOUT_SECONDS / 2


@pytest.mark.parametrize(
    ("begin", "then", "end"),
    [
        pytest.param(LONG.replace(b"1000000", b"160000"), b"x" * 4000, b"", id="a length"),
        pytest.param(CHUNKED, b"fa0\r\n" + b"x" * 4000 + b"\r\n", b"0\r\n\r\n", id="chunks"),
    ],
)
def test_a_slow_download_above_the_minimum_rate_succeeds(
    begin: bytes, then: bytes, end: bytes, lane: Lane
) -> None:
    script = answers_slowly(begin, then, 40, end)
    with Peer(lane.wrap(script)) as peer, lane.client(peer, MIN_RATE) as client:
        began = time.monotonic()
        assert sum(len(part) for part in client.parts(1000)) == 160_000
        assert time.monotonic() - began > 2 * MIN_RATE.answer_seconds


def test_time_to_write_the_file_does_not_count_against_the_minimum_rate(lane: Lane) -> None:
    script = answers_slowly(LONG.replace(b"1000000", b"4000"), b"x" * 1000, 4)
    with Peer(lane.wrap(script)) as peer, lane.client(peer, MIN_RATE) as client:
        count = 0
        for part in client.parts(1000):
            count += len(part)
            time.sleep(1.3 * MIN_RATE.answer_seconds)
        assert count == 4000


@pytest.mark.parametrize(
    ("begin", "then"),
    [
        pytest.param(LONG, b"x" * 4000, id="a body"),
        pytest.param(CHUNKED + b"0\r\n", b"X: y\r\n" * 5000, id="endless trailers"),
        pytest.param(GZIPPED, EMPTY_BLOCK * 5000, id="empty blocks of gzip"),
    ],
)
def test_a_body_that_is_not_a_file_has_a_total_timeout(
    begin: bytes, then: bytes, lane: Lane
) -> None:
    script = answers_slowly(begin, then, int(TIMEOUT_SECONDS / 0.02))
    with (
        Peer(lane.wrap(script)) as peer,
        lane.client(peer, MIN_RATE) as client,
        pytest.raises(UnreachableError, match="the answer does not end"),
    ):
        for _ in client.parts(1000, is_file=False):
            pass
