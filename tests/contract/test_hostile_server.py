"""Hostile servers: each causes a clear error, in bounded time and memory."""

import gzip
import itertools
import json
import socketserver
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from release_assets.clock import Clock
from release_assets.errors import ReleaseAssetsError
from release_assets.github.client import GitHub
from release_assets.github.connect import connect_github
from release_assets.github.decode import MAX_ANSWER
from release_assets.github.errors import (
    GitHubError,
    PermissionDeniedError,
    UnexpectedAnswerError,
)
from release_assets.github.http.timeouts import Timeouts
from release_assets.github.read_back import download_digest
from release_assets.stop import Stop
from tests.support import samples
from tests.support.engine import Engine, FakeTime, RecordingReporter
from tests.support.job import Job
from tests.support.samples import inputs
from tests.support.sandbox import Sandbox
from tests.support.scripted_server import TIMEOUT_SECONDS, ServerConnection

pytestmark = pytest.mark.slow

Script = Callable[[ServerConnection], None]
TOKEN = "ghs_canary"
MIB = 1024 * 1024
OTHER_MEMORY = 24 * MIB  # memory of a run in addition to what it reads
SHORT_TIMEOUTS = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=0.3)
LONG_TIMEOUTS = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=TIMEOUT_SECONDS)


class Hostile:
    """A server that runs the same script on each connection."""

    def __init__(self, script: Script) -> None:
        self.heads: list[str] = []
        hostile = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.settimeout(TIMEOUT_SECONDS)
                # The client closes the connection as soon as it has detected the problem.
                with suppress(OSError, EOFError):
                    script(_RecordingConnection(self.request, hostile.heads))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def serving(self) -> Iterator["Hostile"]:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def github(
        self,
        directory: Path,
        timeouts: Timeouts = LONG_TIMEOUTS,
        clock: Clock | None = None,
        **given: str,
    ) -> GitHub:
        """Return a client of this server whose waits take no time."""
        asked = inputs(directory, token=TOKEN, max_attempts="2", **given)
        clock = clock or FakeTime().clock()
        github = connect_github(asked.access, {}, RecordingReporter(), Stop(), clock, timeouts)
        github.session.exchange.api_url = self.url
        return GitHub(github.session, asked.access.repository)


class _RecordingConnection(ServerConnection):
    def __init__(self, sock: Any, heads: list[str]) -> None:
        super().__init__(sock)
        self._heads = heads

    def read_head(self) -> str:
        head = super().read_head()
        self._heads.append(head)
        return head


def says(raw: bytes, then: bytes = b"") -> Script:
    """Answer each request with `raw`; then, if given, send `then` without end."""

    def script(connection: ServerConnection) -> None:
        connection.read_head()
        connection.sock.sendall(raw)
        while then:
            connection.sock.sendall(then)

    return script


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def length(*values: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", *(f"Content-Length: {one}" for one in values)]
    return "\r\n".join([*lines, "", "{}"]).encode()


def chunk(size: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n".encode()


def bomb(layers: int = 1) -> bytes:
    """Return a small compressed body that unpacks to four times the size limit of an answer."""
    packer = zlib.compressobj(1, wbits=31)
    blocks = (packer.compress(bytes(MIB)) for _ in range(4 * MAX_ANSWER // MIB))
    packed = b"".join(blocks) + packer.flush()
    for _ in range(layers - 1):
        packed = gzip.compress(packed, 9)
    return packed


ENDLESS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
LONG_HEADER = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"
MANY_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"

ANSWERS = [
    pytest.param(says(ENDLESS, CHUNK), id="an endless body"),
    pytest.param(says(answer(b"[" * 1_000_000)), id="deep JSON"),
    pytest.param(says(answer(b'{"id": ' + b"9" * 100_000 + b"}")), id="long number"),
    pytest.param(says(answer(b"\xff\xfe\x00[")), id="not UTF-8"),
    pytest.param(says(answer(b"null")), id="not an object"),
    pytest.param(says(answer(b"[]")[:-1]), id="a body cut short"),
    pytest.param(says(length("-5")), id="a negative length"),
    pytest.param(says(length("2x")), id="an invalid length"),
    pytest.param(says(length("2, 3")), id="two lengths in one header"),
    pytest.param(says(length("2", "3")), id="two lengths"),
    pytest.param(says(chunk("-5")), id="a chunk of -5 bytes"),
    pytest.param(says(chunk("-1"), b" " * 0x10000), id="a chunk of -1 bytes"),
    pytest.param(says(chunk("zz")), id="a chunk of zz bytes"),
    pytest.param(says(LONG_HEADER), id="a very long header"),
    pytest.param(says(MANY_HEADERS), id="very many headers"),
    pytest.param(says(b"220 smtp.example ESMTP\r\n"), id="another protocol"),
    pytest.param(says(b"\x15\x03\x01\x00\x02\x02\x46"), id="TLS"),
    pytest.param(says(b""), id="an empty answer"),
    pytest.param(says(answer(b"not gzip", "Content-Encoding: gzip")), id="invalid gzip"),
    pytest.param(
        says(answer(b"", "Location: /again", status="302 Found")),
        id="endless redirects",
    ),
    pytest.param(says(answer(b"{}", status="304 Not Modified")), id="not modified"),
    pytest.param(says(answer(b"{}", status="300 Multiple Choices")), id="multiple choices"),
    pytest.param(says(answer(b"{}", status="101 Switching")), id="another protocol"),
    pytest.param(
        says(b"HTTP/1.1 103 Early Hints\r\n", b"Link: </x>\r\n"),
        id="an endless interim answer",
    ),
    pytest.param(
        says(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        id="endless interim answers",
    ),
    *(
        pytest.param(
            says(answer(b"", f"Location: {target}", status="302 Found")),
            id=f"a redirect to {target[:40]}",
        )
        for target in (
            *("file:///etc/passwd", "http://[::1", "http://127.0.0.1:99999/"),
            *("http://127.0.0.1:x/", "http://user@127.0.0.1/", "http://\u0153:\u0153@127.0.0.1/"),
            *("http://:@127.0.0.1/", "http://[v1.x]/", "http://a..b/", "http://*/\x7f"),
            *(f"http://{'a' * 64}.example/", f"http://{'a.' * 200}example/", "http://\x01/"),
        )
    ),
]


@pytest.mark.parametrize("script", ANSWERS)
def test_an_invalid_answer_is_an_error(script: Script, tmp_path: Path) -> None:
    with Hostile(script).serving() as server, bounded_memory():
        with pytest.raises(GitHubError) as caught:
            server.github(tmp_path).get_release(1)
        assert TOKEN not in str(caught.value)


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"


def test_a_refusal_after_interim_answers_is_an_error(tmp_path: Path) -> None:
    refusal = answer(b'{"message": "No"}', status="403 Forbidden")
    with Hostile(says(INTERIM + refusal)).serving() as server:
        github = server.github(tmp_path)
        with pytest.raises(PermissionDeniedError):
            github.delete_asset(1)
        with pytest.raises(PermissionDeniedError):
            github.get_release(1)


def test_interim_answers_before_a_success_are_skipped(tmp_path: Path) -> None:
    body = json.dumps(RELEASE | {"upload_url": f"http://h/{UPLOADS}"}).encode()
    with Hostile(says(INTERIM + answer(body))).serving() as server:
        assert server.github(tmp_path).get_release(1).tag == "v1"
    with Hostile(says(INTERIM + answer(b"", status="204 No Content"))).serving() as server:
        assert server.github(tmp_path).delete_asset(1)


@pytest.mark.parametrize(
    "url",
    [
        *("http://[::1", "http://", "http://127.0.0.1:99999", "http://127.0.0.1:x"),
        *(f"http://{'a' * 64}.example", "http://a..b", "ftp://h", "nothing", ""),
    ],
)
def test_an_invalid_api_url_is_an_error(url: str, tmp_path: Path) -> None:
    with Hostile(says(b"")).serving() as server:
        github = server.github(tmp_path)
        github.session.exchange.api_url = url
        with pytest.raises(GitHubError, match="GITHUB_API_URL"):
            GitHub(github.session, "octo-org/app").get_release(1)


@pytest.mark.parametrize("size", ["-5", "-1", "zz"])
def test_a_chunked_asset_with_an_invalid_chunk_size_is_refused(size: str, tmp_path: Path) -> None:
    with (
        Hostile(says(chunk(size), b"x" * 0x10000)).serving() as server,
        bounded_memory(),
        pytest.raises(UnexpectedAnswerError),
    ):
        download_digest(samples.asset(size=10), server.github(tmp_path))


@pytest.mark.parametrize(
    ("layers", "encoding"),
    [
        pytest.param(1, "gzip", id="compressed once"),
        pytest.param(2, "gzip, gzip", id="compressed twice"),
        pytest.param(1, ", ".join(["gzip"] * 50), id="declared as compressed fifty times"),
    ],
)
def test_a_compression_bomb_is_refused_in_bounded_memory(
    layers: int, encoding: str, tmp_path: Path
) -> None:
    script = says(answer(bomb(layers), f"Content-Encoding: {encoding}"))
    with Hostile(script).serving() as server, bounded_memory(), pytest.raises(GitHubError):
        server.github(tmp_path).get_release(1)


def test_a_silent_server_times_out(tmp_path: Path) -> None:
    def silent(connection: ServerConnection) -> None:
        connection.read_head()
        connection.wait_for_close()

    with Hostile(silent).serving() as server, pytest.raises(GitHubError, match=r"127\.0\.0\.1"):
        server.github(tmp_path, SHORT_TIMEOUTS).get_release(1)


@pytest.mark.parametrize("status", ["200 OK", "422 Unprocessable Entity"])
@pytest.mark.parametrize("encoding", ["Content-Length: 9999", "Transfer-Encoding: chunked"])
def test_an_answer_a_byte_at_a_time_times_out(status: str, encoding: str, tmp_path: Path) -> None:
    """Each byte arrives before the stall timeout; the whole answer would not."""
    client_done = threading.Event()

    def drip(connection: ServerConnection) -> None:
        connection.read_head()
        connection.sock.sendall(f"HTTP/1.1 {status}\r\n{encoding}\r\n\r\n".encode())
        while not client_done.wait(0.02):
            connection.sock.sendall(b"1\r\n \r\n" if "chunked" in encoding else b" ")

    timeouts = Timeouts(
        connect_seconds=TIMEOUT_SECONDS, stall_seconds=TIMEOUT_SECONDS, answer_seconds=0.3
    )
    clock = Clock(sleep=lambda _: None)
    with Hostile(drip).serving() as server:
        late = threading.Timer(TIMEOUT_SECONDS, client_done.set)
        late.start()
        with pytest.raises(GitHubError, match=r"127\.0\.0\.1"):
            server.github(tmp_path, timeouts, clock).get_release(1)
        late.cancel()
        client_done.set()
    assert len(server.heads) == 2


def test_an_endless_list_is_refused(tmp_path: Path) -> None:
    def script(connection: ServerConnection) -> None:
        for number in itertools.count():
            connection.read_head()
            here = "{}:{}".format(*connection.sock.getsockname())
            connection.respond("200 OK", "[]", f'Link: <http://{here}/{number}>; rel="next"')

    with (
        Hostile(script).serving() as server,
        pytest.raises(GitHubError),
    ):
        server.github(tmp_path).list_assets(1)
    assert len(server.heads) == 100


@pytest.mark.parametrize(
    "link",
    [
        "<http://evil.invalid/2>",
        "<https://127.0.0.1/2>",
        "<http://127.0.0.1@evil.invalid/2>",
        "<http://user@{here}/2>",
        "<http://{here}/\x01>",
        "<http://[::1>",
        "<http://127.0.0.1:99999/2>",
        "<http://evil.invalid\\@127.0.0.1/2>",
        "</2>",
        "<//evil.invalid/2>",
        "<file:///etc/passwd>",
        "<>",
    ],
)
def test_a_next_page_on_another_host_is_refused(link: str, tmp_path: Path) -> None:
    def script(connection: ServerConnection) -> None:
        connection.read_head()
        here = "{}:{}".format(*connection.sock.getsockname())
        connection.sock.sendall(answer(b"[]", f'Link: {link.format(here=here)}; rel="next"'))

    with Hostile(script).serving() as server, pytest.raises(GitHubError):
        server.github(tmp_path).list_assets(1)
    assert len(server.heads) == 1


UPLOADS = "releases/1/assets{?name,label}"
RELEASE: dict[str, Any] = {
    "id": 1,
    "tag_name": "v1",
    "name": "v1",
    "body": "",
    "draft": True,
    "prerelease": False,
    "html_url": "https://github.com/o/r/releases/tag/v1",
    "assets": [],
}


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.invalid/",
        "https://evil.invalid/",
        "http://127.0.0.1@evil.invalid/",
        "http://evil@127.0.0.1/",
        "//evil.invalid/",
        "/uploads/",
        "file:///dev/",
        "http://[/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
    ],
)
def test_an_upload_url_on_another_host_is_refused(origin: str, tmp_path: Path) -> None:
    body = json.dumps(RELEASE | {"upload_url": f"{origin}{UPLOADS}"}).encode()
    with Hostile(says(answer(body))).serving() as server:
        github = server.github(tmp_path)
        release = github.get_release(1)
        with pytest.raises(GitHubError):
            github.upload_asset(
                release, name="a", label=None, content_type="text/plain", body=[b"a"], known_ids=()
            )
    assert len(server.heads) == 1


@pytest.mark.parametrize("upload_url", ["", "{?name}", "http://127.0.0.1/releases/2/assets{?name}"])
def test_an_upload_url_of_another_release_is_refused(upload_url: str, tmp_path: Path) -> None:
    body = json.dumps(RELEASE | {"upload_url": upload_url}).encode()
    with (
        Hostile(says(answer(body))).serving() as server,
        pytest.raises(UnexpectedAnswerError),
    ):
        server.github(tmp_path).get_release(1)


# Bodies of successful answers that have another shape than the call expects.
SHAPES: list[object] = [
    [],
    {},
    "text",
    [None],
    [{}],
    {"id": "1"},
    RELEASE | {"id": 10**30},
    RELEASE | {"upload_url": f"http://evil.invalid/{UPLOADS}"},
    RELEASE | {"tag_name": "v2", "draft": False},
    RELEASE | {"assets": {"0": 1}},
    [RELEASE | {"tag_name": "v1\n::set-output name=x::y", "upload_url": f"http://h/{UPLOADS}"}],
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: json.dumps(shape)[:40])
def test_an_answer_of_another_shape_is_an_expected_error_and_loses_no_asset(
    shape: object, engine: Engine, sandbox: Sandbox
) -> None:
    """Every call of a run gets such an answer in turn."""
    for number in range(20):
        sandbox.reset()
        engine.write({"dist/app.zip": b"new", "dist/b.txt": b"b"})
        old = {"name": "app.zip", "text": "old"}
        seed = {"tag": "v1", "assets": [old]}
        sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [seed]}]})
        sandbox.fault(skip=number, do="status", status=200, body=shape)
        with suppress(ReleaseAssetsError):
            engine.publish(overwrite="true", checksums="SUMS", max_attempts="2")
        contents = {
            sandbox.content_of(asset["id"]) for asset in sandbox.assets("v1") if asset["size"]
        }
        assert contents & {b"old", b"new"}
        if not sandbox.faults()[0]["struck"]:
            assert number > 6, "the run has fewer calls than a swap"
            return
    pytest.fail("a run has more calls than are tried")


def test_the_program_reports_an_error_for_a_hostile_server(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    lie = json.dumps(
        [RELEASE | {"html_url": "javascript:alert(1)", "upload_url": f"https://h/{UPLOADS}"}]
    )
    with Hostile(says(answer(lie.encode()))).serving() as server:
        job = Job.at(tmp_path, sandbox)
        job.write({"dist/app.zip": b"app"})
        step = job.run_program(
            {"files": "dist/*", "max-attempts": "1"}, {"GITHUB_API_URL": server.url}
        )
    assert step.exit_code == 1
    assert "title=Bug" not in step.log
    assert "::error title=" in step.log


def test_an_endless_asset_is_not_read_to_its_end(tmp_path: Path) -> None:
    script = says(ENDLESS, CHUNK)
    with (
        Hostile(script).serving() as server,
        bounded_memory(),
        pytest.raises(GitHubError, match="10"),
    ):
        download_digest(samples.asset(size=10), server.github(tmp_path))


MINIMUM_RATE = Timeouts(
    connect_seconds=TIMEOUT_SECONDS,
    stall_seconds=TIMEOUT_SECONDS,
    answer_seconds=0.5,
    min_bytes=200_000,
)


def test_a_download_below_the_minimum_rate_times_out(tmp_path: Path) -> None:
    client_done = threading.Event()

    def drip(connection: ServerConnection) -> None:
        connection.read_head()
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not client_done.wait(0.02):
            connection.sock.sendall(b"x")

    with Hostile(drip).serving() as server:
        with pytest.raises(GitHubError, match=r"200,000 bytes in 0\.5 seconds"):
            download_digest(samples.asset(size=1_000_000), server.github(tmp_path, MINIMUM_RATE))
        client_done.set()
    assert len(server.heads) == 2


@pytest.mark.parametrize("times", [1, 99])
def test_an_upload_below_the_minimum_rate_is_retried(
    times: int, engine: Engine, sandbox: Sandbox
) -> None:
    """The old asset stays until it is replaced."""
    engine.timeouts = MINIMUM_RATE
    engine.write({"dist/app.zip": bytes(24 * MIB)})  # more than the operating system buffers
    seed = {"tag": "v1", "assets": [{"name": "app.zip", "text": "old"}]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [seed]}]})
    sandbox.fault(match={"origin": "uploads"}, times=times, do="throttle", bytes_per_second=20)
    outcome = engine.publish(overwrite="true", max_attempts="2")
    if times == 1:
        assert outcome.errors == ()
        assert sandbox.content("v1", "app.zip") == bytes(24 * MIB)
    else:
        (error,) = outcome.errors
        assert "200,000 bytes in 0.5 seconds" in error.what
        assert sandbox.content("v1", "app.zip") == b"old"
    assert [asset["name"] for asset in sandbox.assets("v1")] == ["app.zip"]


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Check that the peak memory of the block is below two answers of the largest size."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0 < peak < 2 * MAX_ANSWER + OTHER_MEMORY
