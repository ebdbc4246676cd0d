import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from actions_toolkit import core

Answer = tuple[int, bytes]


class Service:
    """A token service that gives the prepared answers in order, and records the requests."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str | None]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append((self.path, self.headers["Authorization"]))
                status, body = service.answers.pop(0)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/token?api-version=2"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    it = Service()
    thread = threading.Thread(target=it.server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", it.url)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ask-token")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield it
    it.server.shutdown()
    thread.join()
    it.server.server_close()


def _token(value: object) -> Answer:
    return 200, json.dumps({"value": value}).encode()


def test_a_token_is_requested_and_masked(
    service: Service, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    service.answers = [(503, b""), (502, b"{}"), (504, b""), _token("tok%en")]
    assert core.get_id_token("api://a b/é-_.!~*'()&") == "tok%en"
    path = "/token?api-version=2&audience=api%3A%2F%2Fa%20b%2F%C3%A9-_.!~*'()%26"
    assert service.asked == [(path, "Bearer ask-token")] * 4
    out = capsysbinary.readouterr().out.decode().splitlines()
    assert out[0].startswith("::debug::ID token url is http")
    assert out[1:] == ["::add-mask::tok%25en"]


def test_the_audience_is_optional(service: Service) -> None:
    service.answers = [_token("t")]
    assert core.get_id_token() == "t"
    assert service.asked[0][0] == "/token?api-version=2"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ((403, b"{}"), "Error Code : 403"),
        ((200, b"no json"), "Failed to get ID Token"),
        (_token(None), "Response json body do not have ID Token field"),
        (_token(""), "Response json body do not have ID Token field"),
        ((200, b"[]"), "Response json body do not have ID Token field"),
    ],
)
def test_an_answer_without_a_token_is_an_error(service: Service, answer: Answer, what: str) -> None:
    service.answers = [answer]
    with pytest.raises(RuntimeError, match=what) as caught:
        core.get_id_token()
    assert str(caught.value).startswith("Error message: ")
    assert len(service.asked) == 1


def test_a_refusal_has_the_error_of_the_original(service: Service) -> None:
    service.answers = [(403, b"{}")]
    with pytest.raises(RuntimeError) as caught:
        core.get_id_token()
    assert str(caught.value).split("\n") == [
        "Error message: Failed to get ID Token. ",
        " ",
        "        Error Code : 403",
        " ",
        "        Error Message: Forbidden",
    ]


def test_an_unreachable_service_is_an_error(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:1/?a")
    with pytest.raises(RuntimeError, match="Failed to get ID Token"):
        core.get_id_token()
    assert not service.asked


@pytest.mark.parametrize("name", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
def test_a_job_without_the_permission_is_an_error(
    service: Service, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(RuntimeError) as caught:
        core.get_id_token()
    assert str(caught.value) == f"Error message: Unable to get {name} env variable"
    assert not service.asked
