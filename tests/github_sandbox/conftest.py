"""A minimal client for the tests of the sandbox."""

from typing import Any

import pytest
import requests

from tests.support.sandbox import Sandbox

RELEASES = "/repos/octo-org/app/releases"


class Api:
    """A client that sends requests with one token to one sandbox."""

    def __init__(self, sandbox: Sandbox, token: str | None) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request to a path of the API, or to a complete URL."""
        url = path if "://" in path else self.sandbox.api_url + path
        options.setdefault("timeout", 20)
        return self.session.request(method, url, **options)

    def create(self, **body: Any) -> requests.Response:
        return self.call("POST", RELEASES, json=body)

    def release(self, tag: str = "v1", **body: Any) -> dict[str, Any]:
        answer = self.create(tag_name=tag, **body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def upload(
        self, release: dict[str, Any], name: str, data: bytes = b"bytes", **options: Any
    ) -> requests.Response:
        url = release["upload_url"].partition("{")[0]
        params = {"name": name} | options.pop("params", {})
        headers = {"Content-Type": "application/x-test"} | options.pop("headers", {})
        return self.call("POST", url, params=params, headers=headers, data=data, **options)

    def asset(self, release: dict[str, Any], name: str, data: bytes = b"bytes") -> dict[str, Any]:
        answer = self.upload(release, name, data)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox, sandbox.token)


@pytest.fixture(params=["github.com", "ghe.com", "ghes"], scope="session")
def flavoured_process(request: pytest.FixtureRequest) -> Any:
    with Sandbox.start("--tag", "v1", "--flavour", request.param) as started:
        yield started


@pytest.fixture
def flavoured(flavoured_process: Sandbox) -> Api:
    """A client of a sandbox of each flavour."""
    flavoured_process.reset()
    return Api(flavoured_process, flavoured_process.token)
