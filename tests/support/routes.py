"""Routes to a test server: plain, over TLS and through proxies, with the program's transport."""

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import requests

from release_assets.github.http.timeouts import Timeouts
from release_assets.github.http.transport import BLOCK, Adapter, stream
from tests.support.scripted_server import TIMEOUT_SECONDS, Script, ScriptedServer, ServerConnection

DEFAULT_TIMEOUTS = Timeouts(connect_seconds=TIMEOUT_SECONDS, stall_seconds=TIMEOUT_SECONDS)


class Blocks:
    """A request body of `count` blocks that counts how many have been read."""

    def __init__(
        self, count: int, before: Callable[[int], None] = lambda _: None, size: int = BLOCK
    ) -> None:
        """size: bytes of a block."""
        self.count = count
        self.size = size
        self.before = before  # called with the number of each block before the block is sent
        self.blocks_read = 0

    def __len__(self) -> int:
        return self.count * self.size

    def __iter__(self) -> Iterator[bytes]:
        block = bytes(self.size)
        for number in range(self.count):
            self.blocks_read += 1
            self.before(number)
            yield block


def wait_until_set(event: threading.Event) -> None:
    assert event.wait(TIMEOUT_SECONDS)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route: how the server wraps its script, and how the client connects."""

    wrap: Callable[[Script], Script]
    tls: ssl.SSLContext | None
    scheme: str = "http"
    host: str = "127.0.0.1"
    by_proxy: bool = False
    proxy_scheme: str = "http"

    def client(self, server: ScriptedServer, timeouts: Timeouts = DEFAULT_TIMEOUTS) -> "Client":
        return Client(self, server, timeouts)


@dataclass(frozen=True)
class Answer:
    """The response as the program's transport returned it."""

    status: int
    text: str
    headers: dict[str, str]


class Client:
    """Sends requests to one server with the program's transport."""

    def __init__(self, route: Route, server: ScriptedServer, timeouts: Timeouts) -> None:
        self._adapter = Adapter(route.tls, 4, timeouts)
        self._proxies: dict[str, str] = {}
        if route.by_proxy:
            self._proxies = {route.scheme: f"{route.proxy_scheme}://127.0.0.1:{server.port}"}
        self._url = f"{route.scheme}://{route.host}" + (
            "/" if route.by_proxy else f":{server.port}/"
        )
        self._timeout = (timeouts.connect_seconds, timeouts.stall_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Closing an adapter leaves connections open whose pool an exception still knows.
        for manager in (self._adapter.poolmanager, *self._adapter.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118 - it is no mapping
                manager.pools[key].close()

    def post(self, body: Blocks) -> Answer:
        return self._answer("POST", body)

    def get(self) -> Answer:
        return self._answer("GET", None)

    def download(self, size: int, *, is_file: bool = True) -> Iterator[bytes]:
        """Yield the body of an answer as it comes in."""
        with self._send("GET", None) as response:
            yield from stream(response, size, "downloading", is_file=is_file)

    def _answer(self, method: str, body: Blocks | None) -> Answer:
        found = self._send(method, body)
        return Answer(found.status_code, found.text, dict(found.headers))

    def _send(self, method: str, body: Blocks | None) -> requests.Response:
        request = requests.Request(method, self._url, data=body).prepare()
        return self._adapter.send(
            request, stream=True, timeout=self._timeout, proxies=self._proxies
        )


def make_routes(certificate: tuple[Path, Path]) -> dict[str, Route]:
    """Return the routes by name.

    certificate: paths of a certificate for localhost and of its key.
    """
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(*certificate)
    client = ssl.create_default_context(cafile=certificate[0])

    def over_tls(script: Script) -> Script:
        def run(connection: ServerConnection) -> None:
            connection.start_tls(server_tls)
            script(connection)

        return run

    def through_tunnel(script: Script) -> Script:
        def run(connection: ServerConnection) -> None:
            assert connection.read_head().startswith("CONNECT localhost:443 ")
            connection.sock.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
            over_tls(script)(connection)

        return run

    return {
        "plain": Route(wrap=lambda script: script, tls=None),
        "TLS": Route(wrap=over_tls, tls=client, scheme="https"),
        "proxy": Route(wrap=lambda script: script, tls=None, host="far.invalid", by_proxy=True),
        "CONNECT": Route(
            wrap=through_tunnel, tls=client, scheme="https", host="localhost", by_proxy=True
        ),
    }
