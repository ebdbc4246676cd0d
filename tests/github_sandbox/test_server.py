import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.github_sandbox.conftest import RELEASES, Api
from tests.support.sandbox import Sandbox


def exchange(url: str, data: bytes) -> bytes:
    """Send bytes, and return everything until the server closes the connection."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=10) as client:
        client.sendall(data)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        "GET /é HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000,
    ],
)
def test_a_request_that_is_not_http_gets_an_html_page(sandbox: Sandbox, data: bytes) -> None:
    answer = exchange(sandbox.api_url, data)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"text/html" in answer


def test_pipelined_requests_are_answered_in_order(sandbox: Sandbox) -> None:
    head = f"GET {RELEASES} HTTP/1.1\r\nHost: x\r\nUser-Agent: raw\r\n"
    answer = exchange(sandbox.api_url, f"{head}\r\n{head}Connection: close\r\n\r\n".encode())
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2


def test_a_connection_is_kept_alive_after_a_refusal(api: Api) -> None:
    release = api.release()
    url = urlsplit(release["upload_url"].partition("{")[0])
    head = (
        f"POST {url.path}?name=a HTTP/1.1\r\nUser-Agent: raw\r\nContent-Type: a/b\r\n"
        f"Authorization: Bearer {api.sandbox.token}\r\nContent-Length: 5\r\n"
    )
    request = f"{head}\r\n12345".encode()
    last = f"{head}Connection: close\r\n\r\n12345".encode()
    answer = exchange(api.sandbox.uploads_url, request + request + last)
    assert answer.count(b"HTTP/1.1 ") == 3
    assert answer.count(b" 422 ") == 2


def test_one_of_many_concurrent_uploads_of_a_name_succeeds(api: Api) -> None:
    release = api.release()
    statuses: list[int] = []

    def upload() -> None:
        one = Api(api.sandbox, api.sandbox.token)
        statuses.append(one.upload(release, "same", b"x" * 100_000).status_code)

    threads = [threading.Thread(target=upload) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [422] * 23
    assert len(api.sandbox.assets("v1")) == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
@pytest.mark.parametrize("flavour", ["github.com", "ghes"])
def test_the_sandbox_serves_tls(
    sandbox_with: Callable[..., Sandbox], tmp_path: Path, flavour: str
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    files = ["-addext", names, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *files], check=True, capture_output=True)
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    sandbox = sandbox_with("--tag", "v1", "--flavour", flavour, *tls)
    api = Api(sandbox, sandbox.token)
    api.session.verify = str(certificate)
    data = b"x" * 3_000_000
    asset = api.asset(api.release(), "a", data)
    octets = {"Accept": "application/octet-stream"}
    assert api.call("GET", asset["url"], headers=octets).content == data
    assert sandbox.asset_names("v1") == ["a"]
    sandbox.fault(match={"origin": "api", "method": "DELETE"}, do="reset", when="before")
    with pytest.raises(requests.ConnectionError):
        api.call("DELETE", asset["url"])
    assert sandbox.asset_names("v1") == ["a"]


@pytest.mark.parametrize("flavour", ["ghe.com", "ghes"])
def test_the_sandbox_serves_hosts_by_name(
    sandbox_with: Callable[..., Sandbox], flavour: str
) -> None:
    sandbox = sandbox_with("--tag", "v1", "--flavour", flavour, "--hostname", "octo.example")
    assert sandbox.uploads_url.startswith("http://uploads.octo.example")
    assert sandbox.storage_url.startswith("http://objects.octo.example")
    api = Api(sandbox, sandbox.token)
    api.session.proxies = {"http": f"http://{sandbox.address}"}
    asset = api.asset(api.release(), "a", b"bytes")
    octets = {"Accept": "application/octet-stream"}
    assert api.call("GET", asset["url"], headers=octets).content == b"bytes"
    assert [request.origin for request in sandbox.requests()] == [
        *("api", "uploads", "api", "storage")
    ]
