"""The minimum rate of uploads and downloads, and the timeouts of other answers."""

import contextlib
import gzip
import re
import threading
import time

import pytest

from release_assets.github.errors import UnreachableError
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK
from release_assets.light_dataclasses import replace
from tests.release_assets.github.test_transport_stalls import MORE_THAN_FITS, QUICK, failure_of
from tests.support.routes import Blocks, Route
from tests.support.scripted_server import (
    TIMEOUT_SECONDS,
    Script,
    ScriptedServer,
    ServerConnection,
    body_length_of,
    slow_listener,
)

pytestmark = pytest.mark.slow


@pytest.fixture(params=["plain", "TLS"])
def route(request: pytest.FixtureRequest, routes: dict[str, Route]) -> Route:
    return routes[request.param]


MIN_RATE = Timeouts(
    connect_seconds=TIMEOUT_SECONDS,
    stall_seconds=TIMEOUT_SECONDS,
    answer_seconds=0.3,
    min_bytes=20_000,
)
RATE = r"20,000 bytes in 0\.3 seconds"


@pytest.mark.parametrize(("blocks", "first"), [(1, 0), (MORE_THAN_FITS, 0), (MORE_THAN_FITS, 1)])
def test_an_upload_below_the_minimum_rate_times_out(blocks: int, first: int, route: Route) -> None:
    """Also when the operating system has buffered all of it, and after a fast start."""
    client_done = threading.Event()

    def read_slowly(connection: ServerConnection) -> None:
        connection.read_head()
        connection.read_body(first * BLOCK)
        while not client_done.wait(0.005):
            connection.sock.recv(1)

    server = ScriptedServer(route.wrap(read_slowly), listener=slow_listener())
    with server, route.client(server, MIN_RATE) as client:
        message, seconds = failure_of(lambda: client.post(Blocks(blocks)))
        client_done.set()
    assert "uploads.example" in message
    assert re.search(RATE, message)
    assert MIN_RATE.answer_seconds <= seconds < TIMEOUT_SECONDS / 2


def accepts_slowly(blocks: int, seconds: float) -> Script:
    """Accept so many blocks over so many seconds."""

    def script(connection: ServerConnection) -> None:
        length, began = body_length_of(connection.read_head()), time.monotonic()
        while length > 0:
            due = seconds * (1 - length / (blocks * BLOCK))
            time.sleep(max(0.0, due - (time.monotonic() - began)))
            length -= connection.read_body(min(length, 4096))
        connection.respond("201 Created", "{}")

    return script


@pytest.mark.parametrize(
    ("timeouts", "seconds"),
    [
        pytest.param(QUICK, 3 * QUICK.stall_seconds, id="bytes move"),
        pytest.param(MIN_RATE, 5 * MIN_RATE.answer_seconds, id="the minimum rate"),
    ],
)
def test_a_slow_upload_above_the_minimum_rate_succeeds(
    timeouts: Timeouts, seconds: float, route: Route
) -> None:
    """Also when one block, or the rest in the buffers, takes longer than the timeout."""
    server = ScriptedServer(route.wrap(accepts_slowly(2, seconds)), listener=slow_listener())
    with server, route.client(server, timeouts) as client:
        began = time.monotonic()
        assert client.post(Blocks(2)).status == 201
        assert time.monotonic() - began >= 0.7 * seconds


def test_the_timeout_of_the_answer_starts_after_the_body(route: Route) -> None:
    timeouts = replace(MIN_RATE, answer_seconds=1.0, min_bytes=MORE_THAN_FITS * BLOCK)

    def answer(connection: ServerConnection) -> None:
        length = body_length_of(connection.read_head())
        time.sleep(0.6)
        connection.read_body(length)
        time.sleep(0.6)
        connection.respond("201 Created", "{}")

    with ScriptedServer(route.wrap(answer)) as server, route.client(server, timeouts) as client:
        assert client.post(Blocks(MORE_THAN_FITS // 4)).status == 201


def test_the_timeout_of_an_answer_s_body_starts_after_its_head(route: Route) -> None:
    def answer(connection: ServerConnection) -> None:
        connection.read_head()
        for piece in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"{", b"}"):
            connection.sock.sendall(piece)
            time.sleep(0.6)

    timeouts = replace(MIN_RATE, answer_seconds=1.0)
    with ScriptedServer(route.wrap(answer)) as server, route.client(server, timeouts) as client:
        assert b"".join(client.download(1, is_file=False)) == b"{}"


def test_time_to_read_the_file_does_not_count_against_the_minimum_rate(route: Route) -> None:
    timeouts = replace(MIN_RATE, min_bytes=10 * BLOCK)

    def answer(connection: ServerConnection) -> None:
        connection.read_request()
        connection.respond("201 Created", "{}")

    body = Blocks(3, before=lambda _: time.sleep(1.3 * MIN_RATE.answer_seconds))
    with ScriptedServer(route.wrap(answer)) as server, route.client(server, timeouts) as client:
        assert client.post(body).status == 201


def answers_slowly(begin: bytes, then: bytes, times: int, end: bytes = b"") -> Script:
    """Answer with `begin`, then so many times with `then`, 20 ms apart, and with `end`."""

    def script(connection: ServerConnection) -> None:
        connection.read_head()
        with contextlib.suppress(OSError):
            connection.sock.sendall(begin)
            for _ in range(times):
                connection.sock.sendall(then)
                time.sleep(0.02)
            connection.sock.sendall(end)

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
def test_a_download_below_the_minimum_rate_times_out(
    begin: bytes, then: bytes, route: Route
) -> None:
    script = answers_slowly(begin, then, int(TIMEOUT_SECONDS / 0.02))
    with ScriptedServer(route.wrap(script)) as server, route.client(server, MIN_RATE) as client:
        began = time.monotonic()
        with pytest.raises(UnreachableError, match=RATE):
            for _ in client.download(1000):
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
    begin: bytes, then: bytes, end: bytes, route: Route
) -> None:
    script = answers_slowly(begin, then, 40, end)
    with ScriptedServer(route.wrap(script)) as server, route.client(server, MIN_RATE) as client:
        began = time.monotonic()
        assert sum(len(part) for part in client.download(1000)) == 160_000
        assert time.monotonic() - began > 2 * MIN_RATE.answer_seconds


def test_time_to_write_the_file_does_not_count_against_the_minimum_rate(route: Route) -> None:
    script = answers_slowly(LONG.replace(b"1000000", b"4000"), b"x" * 1000, 4)
    with ScriptedServer(route.wrap(script)) as server, route.client(server, MIN_RATE) as client:
        count = 0
        for part in client.download(1000):
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
    begin: bytes, then: bytes, route: Route
) -> None:
    script = answers_slowly(begin, then, int(TIMEOUT_SECONDS / 0.02))
    with (
        ScriptedServer(route.wrap(script)) as server,
        route.client(server, MIN_RATE) as client,
        pytest.raises(UnreachableError),
    ):
        for _ in client.download(1000, is_file=False):
            pass
