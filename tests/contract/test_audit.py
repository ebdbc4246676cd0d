"""The search for known vulnerabilities: pip-audit itself, against a service of the test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from scripts.audit import REQUIREMENTS, judge
from tests.support.job import ROOT

pytestmark = pytest.mark.slow

VULNERABILITY = {
    "id": "PYSEC-2030-1",
    "modified": "2030-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "requests", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]},
            ],
        }
    ],
}


class Service(HTTPServer):
    """A server that answers like osv.dev."""

    def __init__(self, vulnerable: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.vulnerable = vulnerable  # name of a package
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = asked["package"]["name"]
        self.server.asked.append(name)
        found = {"vulns": [VULNERABILITY]} if name == self.server.vulnerable else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(params=["requests", "nothing"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    with Service(request.param) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def audit(url: str, required: str = "1") -> "subprocess.CompletedProcess[str]":
    service = ("--vulnerability-service", "osv", "--osv-url", url)
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts/audit.py"), *service],
        env={**os.environ, "REQUIRE_AUDIT": required, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_every_requirement_is_looked_up(service: Service) -> None:
    done = audit(f"http://127.0.0.1:{service.server_port}/query")
    pinned = [line.split("==")[0] for line in REQUIREMENTS.read_text().splitlines() if "==" in line]
    assert sorted(service.asked) == sorted(pinned)
    if service.vulnerable == "requests":
        assert done.returncode == 1
        assert "PYSEC-2030-1, fixed in 99.0" in done.stdout
    else:
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"no known vulnerability in {len(pinned)} requirements\n"


@pytest.mark.parametrize(("required", "exit_code"), [("1", 1), ("", 0)])
def test_a_service_without_an_answer_fails_only_a_required_audit(
    required: str, exit_code: int
) -> None:
    done = audit("http://127.0.0.1:1/query", required)
    assert done.returncode == exit_code, done.stderr
    assert "pip-audit failed: " in done.stdout


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        pytest.param(
            {"dependencies": [{"name": "requests", "skip_reason": "not found on PyPI"}]},
            "no information about requests",
            id="unknown, for which pip-audit exits with 0",
        ),
        pytest.param({"dependencies": []}, "no information", id="no requirements"),
        pytest.param({}, "pip-audit failed", id="no report"),
    ],
)
def test_an_unknown_result_fails_only_a_required_audit(
    report: dict[str, Any], expected: str
) -> None:
    judged = judge(0, json.dumps(report), "", required=True)
    assert judged.exit_code == 1
    assert judged.lines[0].startswith(expected)
    assert judge(0, json.dumps(report), "", required=False).exit_code == 0


def test_a_usage_error_of_pip_audit_always_fails() -> None:
    assert judge(2, "", "no such option", required=False).exit_code == 2
