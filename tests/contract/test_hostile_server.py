"""Servers that mean no good: each ends in a clear error, in bounded time and memory."""

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
from tests.support.peer import TIMEOUT_SECONDS, Talk
from tests.support.samples import inputs
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

Script = Callable[[Talk], None]
TOKEN = "ghs_canary"
MIB = 1024 * 1024
SPARE = 24 * MIB  # what a run needs besides what it reads
QUICK = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=0.3)
PATIENT = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=TIMEOUT_SECONDS)


class Hostile:
    """Plays one script on each connection, however many there are."""

    def __init__(self, script: Script) -> None:
        self.heads: list[str] = []
        hostile = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.settimeout(TIMEOUT_SECONDS)
                # Whoever is served by it hangs up as soon as it has enough.
                with suppress(OSError, EOFError):
                    script(_Remembering(self.request, hostile.heads))

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
        timeouts: Timeouts = PATIENT,
        clock: Clock | None = None,
        **given: str,
    ) -> GitHub:
        """Return a client of it that waits for nothing."""
        asked = inputs(directory, token=TOKEN, max_attempts="2", **given)
        clock = clock or FakeTime().clock()
        github = connect_github(asked, {}, RecordingReporter(), Stop(), clock, timeouts)
        github.session.exchange.api_url = self.url
        return GitHub(github.session, asked.repository)


class _Remembering(Talk):
    def __init__(self, sock: Any, heads: list[str]) -> None:
        super().__init__(sock)
        self._heads = heads

    def head(self) -> str:
        head = super().head()
        self._heads.append(head)
        return head


def says(raw: bytes, then: bytes = b"") -> Script:
    """Answer each request with these bytes, and, where there are some, with more without end."""

    def script(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(raw)
        while then:
            talk.sock.sendall(then)

    return script


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def length(*told: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", *(f"Content-Length: {one}" for one in told)]
    return "\r\n".join([*lines, "", "{}"]).encode()


def chunk(size: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n".encode()


def bomb(layers: int = 1) -> bytes:
    """Return what is small, and four times what is read at most when it is unpacked."""
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
    pytest.param(says(ENDLESS, CHUNK), "larger than 16 MiB", id="a body without end"),
    pytest.param(says(answer(b"[" * 1_000_000)), "not JSON", id="deep JSON"),
    pytest.param(says(answer(b'{"id": ' + b"9" * 100_000 + b"}")), "not JSON", id="long number"),
    pytest.param(says(answer(b"\xff\xfe\x00[")), "not JSON", id="no text"),
    pytest.param(says(answer(b"null")), "not an object", id="another shape"),
    pytest.param(says(answer(b"[]")[:-1]), "in the middle of the answer", id="a body cut short"),
    pytest.param(says(length("-5")), "the length of the answer is not", id="a negative length"),
    pytest.param(says(length("2x")), "the length of the answer is not", id="no length"),
    pytest.param(says(length("2, 3")), "more than one length", id="two lengths in one"),
    pytest.param(says(length("2", "3")), "more than one length", id="two lengths"),
    pytest.param(says(chunk("-5")), "a negative size", id="a chunk of -5 bytes"),
    pytest.param(says(chunk("-1"), b" " * 0x10000), "a negative size", id="a chunk of -1 bytes"),
    pytest.param(says(chunk("zz")), "a size that is not", id="a chunk of zz bytes"),
    pytest.param(says(LONG_HEADER), "no answer from 127.0.0.1", id="a header without end"),
    pytest.param(says(MANY_HEADERS), "no answer from 127.0.0.1", id="headers without end"),
    pytest.param(says(b"220 smtp.example ESMTP\r\n"), "no answer from", id="another protocol"),
    pytest.param(says(b"\x15\x03\x01\x00\x02\x02\x46"), "no answer from", id="TLS"),
    pytest.param(says(b""), "it hung up", id="nothing"),
    pytest.param(
        says(answer(b"not gzip", "Content-Encoding: gzip")), "no answer from", id="no gzip"
    ),
    pytest.param(
        says(answer(b"", "Location: /again", status="302 Found")),
        "more than 5 redirects",
        id="redirects without end",
    ),
    pytest.param(
        says(answer(b"{}", status="304 Not Modified")), "refused with 304", id="nothing new"
    ),
    pytest.param(says(answer(b"{}", status="300 Multiple Choices")), "with 300", id="a choice"),
    pytest.param(says(answer(b"{}", status="101 Switching")), "with 101", id="another protocol"),
    pytest.param(
        says(b"HTTP/1.1 103 Early Hints\r\n", b"Link: </x>\r\n"),
        "interim answers do not end",
        id="an interim answer without end",
    ),
    pytest.param(
        says(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        "interim answers do not end",
        id="interim answers without end",
    ),
    *(
        pytest.param(
            says(answer(b"", f"Location: {target}", status="302 Found")),
            "a redirect to what is not an address",
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


@pytest.mark.parametrize(("script", "told"), ANSWERS)
def test_an_answer_that_is_none(script: Script, told: str, tmp_path: Path) -> None:
    with Hostile(script).serving() as server, bounded_memory():
        with pytest.raises(GitHubError) as caught:
            server.github(tmp_path).get_release(1)
        assert told in str(caught.value)
        assert TOKEN not in str(caught.value)


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"


def test_interim_answers_before_a_refusal_are_no_success(tmp_path: Path) -> None:
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
def test_an_address_of_the_api_that_is_none_is_an_error(url: str, tmp_path: Path) -> None:
    with Hostile(says(b"")).serving() as server:
        github = server.github(tmp_path)
        github.session.exchange.api_url = url
        with pytest.raises(GitHubError, match="GITHUB_API_URL"):
            GitHub(github.session, "octo-org/app").get_release(1)


@pytest.mark.parametrize(
    ("size", "told"), [("-5", "a negative size"), ("-1", "a negative size"), ("zz", "a size that")]
)
def test_an_asset_in_parts_without_a_size_is_not_taken(
    size: str, told: str, tmp_path: Path
) -> None:
    with (
        Hostile(says(chunk(size), b"x" * 0x10000)).serving() as server,
        bounded_memory(),
        pytest.raises(UnexpectedAnswerError, match=told),
    ):
        download_digest(samples.asset(size=10), server.github(tmp_path))


@pytest.mark.parametrize(
    ("layers", "encoding"),
    [
        pytest.param(1, "gzip", id="packed once"),
        pytest.param(2, "gzip, gzip", id="packed twice"),
        pytest.param(1, ", ".join(["gzip"] * 50), id="said to be packed fifty times"),
    ],
)
def test_what_is_much_when_it_is_unpacked(layers: int, encoding: str, tmp_path: Path) -> None:
    script = says(answer(bomb(layers), f"Content-Encoding: {encoding}"))
    with Hostile(script).serving() as server, bounded_memory(), pytest.raises(GitHubError):
        server.github(tmp_path).get_release(1)


def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    def silent(talk: Talk) -> None:
        talk.head()
        talk.gone()

    with Hostile(silent).serving() as server, pytest.raises(GitHubError, match="in time"):
        server.github(tmp_path, QUICK).get_release(1)


@pytest.mark.parametrize("status", ["200 OK", "422 Unprocessable Entity"])
@pytest.mark.parametrize("encoding", ["Content-Length: 9999", "Transfer-Encoding: chunked"])
def test_a_server_that_says_it_a_byte_at_a_time(status: str, encoding: str, tmp_path: Path) -> None:
    """Each byte comes in time; all of them would not."""
    given_up = threading.Event()

    def drip(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(f"HTTP/1.1 {status}\r\n{encoding}\r\n\r\n".encode())
        while not given_up.wait(0.02):
            talk.sock.sendall(b"1\r\n \r\n" if "chunked" in encoding else b" ")

    timeouts = Timeouts(
        connect_seconds=TIMEOUT_SECONDS, stall_seconds=TIMEOUT_SECONDS, answer_seconds=0.3
    )
    clock = Clock(sleep=lambda _: None)
    with Hostile(drip).serving() as server:
        late = threading.Timer(TIMEOUT_SECONDS, given_up.set)
        late.start()
        with pytest.raises(GitHubError, match="the answer does not end"):
            server.github(tmp_path, timeouts, clock).get_release(1)
        late.cancel()
        given_up.set()
    assert len(server.heads) == 2


def test_a_list_without_end(tmp_path: Path) -> None:
    def script(talk: Talk) -> None:
        for number in itertools.count():
            talk.head()
            here = "{}:{}".format(*talk.sock.getsockname())
            talk.reply("200 OK", "[]", f'Link: <http://{here}/{number}>; rel="next"')

    with (
        Hostile(script).serving() as server,
        pytest.raises(GitHubError, match="the list does not end"),
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
def test_a_next_page_elsewhere(link: str, tmp_path: Path) -> None:
    def script(talk: Talk) -> None:
        talk.head()
        here = "{}:{}".format(*talk.sock.getsockname())
        talk.sock.sendall(answer(b"[]", f'Link: {link.format(here=here)}; rel="next"'))

    with Hostile(script).serving() as server, pytest.raises(GitHubError, match="another host"):
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
def test_an_address_for_uploads_elsewhere(origin: str, tmp_path: Path) -> None:
    body = json.dumps(RELEASE | {"upload_url": f"{origin}{UPLOADS}"}).encode()
    with Hostile(says(answer(body))).serving() as server:
        github = server.github(tmp_path)
        release = github.get_release(1)
        with pytest.raises(GitHubError, match="not its own"):
            github.upload_asset(
                release, name="a", label=None, content_type="text/plain", body=[b"a"]
            )
    assert len(server.heads) == 1


@pytest.mark.parametrize("upload_url", ["", "{?name}", "http://127.0.0.1/releases/2/assets{?name}"])
def test_an_address_for_uploads_to_no_release_or_another(upload_url: str, tmp_path: Path) -> None:
    body = json.dumps(RELEASE | {"upload_url": upload_url}).encode()
    with (
        Hostile(says(answer(body))).serving() as server,
        pytest.raises(GitHubError, match="that of another release"),
    ):
        server.github(tmp_path).get_release(1)


# Answers of success that hold something else, for every call of a run.
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
def test_another_shape_at_any_call_of_a_run(
    shape: object, engine: Engine, sandbox: Sandbox
) -> None:
    """Each is an error that is told, none a bug; and what was there stays."""
    for number in range(20):
        sandbox.reset()
        engine.write({"dist/app.zip": b"new", "dist/b.txt": b"b"})
        old = {"name": "app.zip", "text": "old"}
        seed = {"tag": "v1", "assets": [old]}
        sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [seed]}]})
        sandbox.fault(skip=number, do="status", status=200, body=shape)
        with suppress(ReleaseAssetsError):
            engine.publish(overwrite="true", checksums="SUMS", max_attempts="2")
        bytes_there = {
            sandbox.content_of(asset["id"]) for asset in sandbox.assets("v1") if asset["size"]
        }
        assert bytes_there & {b"old", b"new"}
        if not sandbox.faults()[0]["struck"]:
            assert number > 6, "the run has fewer calls than a swap"
            return
    pytest.fail("a run has more calls than are tried")


def test_the_whole_program_against_a_server_of_lies(tmp_path: Path, sandbox: Sandbox) -> None:
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


def test_an_asset_without_end_that_is_read_back(tmp_path: Path) -> None:
    script = says(ENDLESS, CHUNK)
    with (
        Hostile(script).serving() as server,
        bounded_memory(),
        pytest.raises(GitHubError, match=r"has at least .* bytes instead of 10"),
    ):
        download_digest(samples.asset(size=10), server.github(tmp_path))


FEW = Timeouts(
    connect_seconds=TIMEOUT_SECONDS,
    stall_seconds=TIMEOUT_SECONDS,
    answer_seconds=0.5,
    min_bytes=200_000,
)


def test_an_asset_that_comes_a_byte_at_a_time(tmp_path: Path) -> None:
    given_up = threading.Event()

    def drip(talk: Talk) -> None:
        talk.head()
        talk.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not given_up.wait(0.02):
            talk.sock.sendall(b"x")

    with Hostile(drip).serving() as server:
        with pytest.raises(
            GitHubError, match=r"\(it gave less than 200,000 bytes in 0\.5 seconds\)"
        ):
            download_digest(samples.asset(size=1_000_000), server.github(tmp_path, FEW))
        given_up.set()
    assert len(server.heads) == 2


@pytest.mark.parametrize("times", [1, 99])
def test_an_upload_that_is_taken_a_byte_at_a_time(
    times: int, engine: Engine, sandbox: Sandbox
) -> None:
    """It is tried again, and what was there stays until it is replaced."""
    engine.timeouts = FEW
    engine.write({"dist/app.zip": bytes(24 * MIB)})  # more than the system takes for the server
    seed = {"tag": "v1", "assets": [{"name": "app.zip", "text": "old"}]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [seed]}]})
    sandbox.fault(match={"origin": "uploads"}, times=times, do="throttle", bytes_per_second=20)
    outcome = engine.publish(overwrite="true", max_attempts="2")
    if times == 1:
        assert outcome.errors == ()
        assert sandbox.content("v1", "app.zip") == bytes(24 * MIB)
    else:
        (error,) = outcome.errors
        assert "(it took less than 200,000 bytes in 0.5 seconds)" in str(error)
        assert sandbox.content("v1", "app.zip") == b"old"
    assert [asset["name"] for asset in sandbox.assets("v1")] == ["app.zip"]


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let no more be held at once than an answer of the largest size that is read, twice."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0 < peak < 2 * MAX_ANSWER + SPARE
