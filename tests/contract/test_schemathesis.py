"""The sandbox under random requests that are generated from GitHub's OpenAPI description.

`SCHEMATHESIS_SECONDS=600 pytest tests/contract/test_schemathesis.py` tries for longer.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.openapi import description
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

SECONDS = os.environ.get("SCHEMATHESIS_SECONDS")
EXAMPLES = 12  # for each call, if no time is given
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "use_after_free"),
)
# Existing and missing values: a random number would never name an existing object.
SEED = {
    "repositories": [
        {
            "name": "octo-org/app",
            "releases": [
                {"tag": "v1", "id": 1, "assets": [{"id": 11, "name": "app.zip", "text": "app"}]},
                {
                    "tag": "v2",
                    "id": 2,
                    "draft": True,
                    "assets": [{"id": 12, "name": "b", "size": 9}],
                },
                {"tag": "v3", "id": 3, "immutable": True},
            ],
        }
    ]
}
THERE = {
    "owner": ["octo-org", "nobody"],
    "repo": ["app"],
    "release-id": [1, 2, 3, 4],
    "asset-id": [11, 12, 13],
}


@pytest.mark.timeout(120 + int(SECONDS or 0))
@pytest.mark.parametrize("origin", ["api", "uploads"])
@pytest.mark.parametrize("flavour", ["github.com", "ghes"])
def test_the_sandbox_answers_any_request_as_described(
    flavour: str, origin: str, sandbox_with: Any, tmp_path: Path
) -> None:
    sandbox: Sandbox = sandbox_with("--flavour", flavour, "--tag", "v1")
    sandbox.seed(SEED)
    document = described(sandbox, origin)
    (tmp_path / "description.json").write_text(json.dumps(document))
    bound = ["--max-time", SECONDS] if SECONDS else ["--max-examples", str(EXAMPLES)]
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "run", "description.json"),
            *("--url", sandbox.api_url if origin == "api" else sandbox.uploads_url),
            *("--header", f"Authorization: Bearer {sandbox.admin_token}"),
            *("--checks", ",".join(CHECKS), "--suppress-health-check", "all", *bound),
            *("--seed", "1", "--no-color", "--request-timeout", "60"),
        ],
        cwd=tmp_path,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(tmp_path), "NO_PROXY": "*"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = sandbox.requests()
    wanted = {200, 201, 204, 400, 404, 422} if origin == "api" else {201, 400, 404, 422}
    assert {request.status for request in made} >= wanted
    assert not [request for request in made if request.status is None or request.status >= 500]
    sandbox.state()  # it still runs, and can list its content


def described(sandbox: Sandbox, origin: str) -> dict[str, Any]:
    """Return the description of one host's calls, with values that exist in the sandbox."""
    document = description(sandbox)
    for name, known in THERE.items():
        document["components"]["parameters"][name]["schema"]["enum"] = known
    tag = document["paths"]["/repos/{owner}/{repo}/releases/tags/{tag}"]["get"]["parameters"][-1]
    tag["schema"]["enum"] = ["v1", "v2", "v/3"]
    document["paths"] = {
        path: kept
        for path, operations in document["paths"].items()
        if (kept := {m: o for m, o in operations.items() if ("servers" in o) == (origin != "api")})
    }
    return document
