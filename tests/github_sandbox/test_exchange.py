import time

from tests.github_sandbox.conftest import RELEASES, Api
from tests.github_sandbox.raw_requests import raw_upload


def test_a_refusal_comes_before_the_body(api: Api) -> None:
    release = api.release()
    api.asset(release, "a")
    assert raw_upload(api, release, b"").startswith(b"HTTP/1.1 422 ")


def test_a_client_that_expects_100_continue_gets_it(api: Api) -> None:
    release = api.release()
    head = raw_upload(api, release, b"", extra="Expect: 100-continue\r\n")
    assert head == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_the_log_contains_no_token(api: Api) -> None:
    api.call("GET", RELEASES, headers={"X-Test": "yes"})
    entry = api.sandbox.requests()[-1]
    assert (entry.authorized, entry.headers["x-test"]) == (True, "yes")
    assert api.sandbox.token not in repr(entry)


def test_the_setting_latency_delays_every_answer(api: Api) -> None:
    api.sandbox.settings(latency=0.2)
    started = time.monotonic()
    api.call("GET", RELEASES)
    assert time.monotonic() - started >= 0.2
