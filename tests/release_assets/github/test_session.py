"""One request: retries, waits, redirects, and where the token is sent."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from release_assets.github.errors import GitHubError, RateLimitedError, TransientError
from release_assets.github.http.request import Answer, Request
from tests.support.engine import Engine, RecordingReporter
from tests.support.limiter_slots import check_slots
from tests.support.sandbox import Sandbox


def ask(
    engine: Engine, method: str = "GET", *, is_idempotent: bool = True, path: str = ""
) -> Answer:
    """Send one request to the repository's releases."""
    session = engine.github().session
    url = f"{session.api_url}/repos/{engine.sandbox.repository}/releases{path}"
    request = Request(method=method, url=url, where="asking", is_idempotent=is_idempotent)
    return session.send(request, lambda answer: answer)


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "status", "status": 500},
        {"do": "status", "status": 502, "body": "<html>"},
        {"do": "status", "status": 408},
        {"do": "reset", "when": "after"},
        {"do": "lose"},
        {"do": "truncate"},
    ],
    ids=str,
)
def test_a_transient_failure_is_retried_with_backoff(
    fault: dict[str, Any], engine: Engine, sandbox: Sandbox
) -> None:
    sandbox.fault(**fault, times=2)
    assert ask(engine).status == 200
    assert len(sandbox.requests()) == 3
    assert engine.time.waits == [1.0, 2.0]
    assert sum("; trying again in " in line for line in engine.reporter.lines) == 2


def test_a_request_that_is_not_idempotent_is_not_retried(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="status", status=500)
    with pytest.raises(TransientError) as caught:
        ask(engine, is_idempotent=False)
    assert len(sandbox.requests()) == 1
    assert caught.value.wait_seconds == 1.0


@dataclass(slots=True)
class Simultaneous(RecordingReporter):
    """Holds each answer back until all requests have theirs."""

    all_answered: threading.Barrier = field(default_factory=lambda: threading.Barrier(8))

    def debug(self, text: str) -> None:
        self.lines.append(text)
        self.all_answered.wait(60)


def test_concurrent_failures_halve_the_limit_once(engine: Engine, sandbox: Sandbox) -> None:
    engine.reporter = Simultaneous()
    sandbox.fault(do="status", status=502, times=8)
    session = engine.github(concurrency="8").session
    url = f"{session.api_url}/repos/{sandbox.repository}/releases"
    request = Request(method="GET", url=url, where="asking", is_idempotent=False)

    def fail() -> None:
        with pytest.raises(TransientError):
            session.send(request, lambda answer: answer)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(fail) for _ in range(8)]:
            done.result()
    check_slots(session.limiter, 4)


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refusal_is_not_retried(status: int, engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="status", status=status)
    with pytest.raises(GitHubError):
        ask(engine)
    assert len(sandbox.requests()) == 1


def test_attempts_are_limited(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="status", status=503, times=None)
    with pytest.raises(TransientError, match="503"):
        ask(engine)
    assert len(sandbox.requests()) == 5


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        ({"do": "secondary-limit", "status": 403, "retry_after": 7}, 7.5),
        ({"do": "secondary-limit", "status": 429, "retry_after": 9}, 9.5),
        ({"do": "secondary-limit", "status": 403, "retry_after": None}, 63.0),
    ],
    ids=str,
)
def test_a_rate_limit_is_waited_out_and_logged(
    fault: dict[str, Any], wait: float, engine: Engine, sandbox: Sandbox
) -> None:
    sandbox.fault(**fault)
    assert ask(engine).status == 200
    assert engine.time.waits == [wait]
    assert any("all requests wait" in line for line in engine.reporter.lines)


def test_a_primary_limit_is_waited_out_until_its_reset(engine: Engine, sandbox: Sandbox) -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(engine.time.seconds) + 100),
    }
    sandbox.fault(do="status", status=403, headers=headers, body={"message": "API rate limit"})
    assert ask(engine).status == 200
    assert engine.time.waits == [105.0]


def test_a_rate_limit_uses_no_attempt_and_applies_to_requests_that_are_not_idempotent(
    engine: Engine, sandbox: Sandbox
) -> None:
    sandbox.fault(do="secondary-limit", status=403, retry_after=7, times=8)
    assert ask(engine, is_idempotent=False).status == 200
    assert len(sandbox.requests()) == 9
    # Each further rate limit spreads the jobs over a longer time.
    assert [round(wait) for wait in engine.time.waits] == [8, 9, 15, 39, 135, 457, 457, 457]


def test_a_rate_limit_that_lasts_for_hours_raises(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="secondary-limit", status=403, retry_after=3000, times=None)
    with pytest.raises(RateLimitedError) as caught:
        ask(engine)
    assert caught.value.final
    assert 5 < sum(engine.time.waits) / 3600 < 6


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        ({"status": 200, "headers": {"x-ratelimit-remaining": "0"}}, 105),
        ({"status": 500}, 63),
        ({"status": 404}, 63),  # of an Enterprise Server without rate limits
    ],
)
def test_the_reset_time_is_requested_when_the_answer_lacks_it(
    answer: dict[str, Any], wait: int, engine: Engine, sandbox: Sandbox
) -> None:
    if answer["status"] == 200:
        answer["headers"]["x-ratelimit-reset"] = str(
            int(time.time()) + 100
        )  # by the sandbox's clock
    sandbox.fault(match={"path": "^/rate_limit$"}, do="status", body={}, **answer)
    message = "API rate limit exceeded for installation ID 1."
    sandbox.fault(
        match={"origin": "uploads"}, do="status", status=403, body={"message": message}, leave=None
    )
    engine.write({"dist/a.zip": b"a"})
    engine.publish_well()
    assert abs(max(engine.time.waits) - wait) < 3
    assert sandbox.count("GET", "/rate_limit") == 1
    assert sandbox.count("POST", "/assets") == 2


def test_a_rate_limit_with_too_long_a_wait_raises_at_once(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="secondary-limit", status=403, retry_after=4000)
    with pytest.raises(RateLimitedError):
        ask(engine)
    assert engine.time.waits == []


def test_redirects_are_limited(engine: Engine, sandbox: Sandbox) -> None:
    path = f"/repos/{sandbox.repository}/releases"
    sandbox.fault(
        do="status", status=301, headers={"Location": f"{sandbox.api_url}{path}"}, times=None
    )
    with pytest.raises(GitHubError, match="5"):
        ask(engine)


def test_a_redirect_to_an_invalid_url_is_retried(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="status", status=301, headers={"Location": "https://[x"})
    assert ask(engine).status == 200
    assert len(sandbox.requests()) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_followed_without_the_token(
    status: int, engine: Engine, sandbox: Sandbox
) -> None:
    # By name localhost is not the host 127.0.0.1, but it is the same machine.
    elsewhere = sandbox.api_url.replace("127.0.0.1", "localhost")
    sandbox.fault(
        match={"path": "/releases$"},
        do="status",
        status=status,
        headers={"Location": f"{elsewhere}/repos/{sandbox.repository}/releases/latest"},
    )
    with pytest.raises(GitHubError):
        ask(engine)
    assert [request.authorized for request in sandbox.requests()] == [True, False]


def test_debug_lines_omit_the_query(engine: Engine) -> None:
    ask(engine, path="?per_page=1")
    (line,) = [line for line in engine.reporter.lines if line.startswith("debug: GET ")]
    assert "-> 200 in " in line
    assert "per_page" not in line


def test_debug_lines_show_status_attempt_and_headers(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="status", status=502, headers={"Retry-After": "7"})
    ask(engine)
    first, second = [line for line in engine.reporter.lines if line.startswith("debug: GET ")]
    url = f"{sandbox.api_url}/repos/{sandbox.repository}/releases"
    assert first.startswith(f"debug: GET {url} -> 502 in 0 ms, ")
    assert first.endswith(", retry after 7")
    assert second.startswith(f"debug: GET {url}, attempt 2 -> 200 in 0 ms, 2 bytes back, id ")
    assert second.endswith(" requests left")


def test_a_debug_line_shows_that_no_answer_came(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="reset", when="before")
    ask(engine)
    first, _ = [line for line in engine.reporter.lines if line.startswith("debug: GET ")]
    assert "/releases -> " in first
    assert "127.0.0.1:" in first
    assert first.endswith(", after 0 ms")


def test_requests_to_github_are_counted(engine: Engine, sandbox: Sandbox) -> None:
    session = engine.github().session
    away = sandbox.api_url.replace("127.0.0.1", "localhost")
    sandbox.fault(do="status", status=302, headers={"Location": away})
    url = f"{session.api_url}/repos/{sandbox.repository}/releases"
    session.send(Request(method="GET", url=url, where="asking"), lambda answer: answer)
    assert session.calls == 1, "without those to other hosts"
    sandbox.fault(do="status", status=502)
    session.send(Request(method="GET", url=url, where="asking"), lambda answer: answer)
    assert session.calls == 3, "including those that fail"


def test_a_netrc_file_does_not_replace_the_token(
    engine: Engine, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = engine.workspace / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password other")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    assert ask(engine).status == 200
    assert sandbox.requests()[0].authorized


def test_a_proxy_from_the_environment_is_used(
    engine: Engine, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox accepts requests for api.github.localhost like a proxy."""
    monkeypatch.setenv("http_proxy", sandbox.api_url)
    monkeypatch.setenv("no_proxy", "")
    session = engine.github().session
    session.exchange.api_url = "http://api.github.localhost"
    url = f"{session.api_url}/repos/{sandbox.repository}/releases"
    request = Request(method="GET", url=url, where="asking")
    assert session.send(request, lambda answer: answer).status == 200


def test_cookies_are_not_kept(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.fault(do="status", status=500, headers={"Set-Cookie": "session=1; Path=/"})
    assert ask(engine).status == 200
    sent = [{name.lower() for name in request.headers} for request in sandbox.requests()]
    assert len(sent) == 2
    assert all("accept" in names and "cookie" not in names for names in sent)
