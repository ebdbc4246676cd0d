"""The transport in a whole run: early refusals save bytes, and broken uploads are retried."""

from pathlib import Path
from typing import Any

import pytest

from release_assets.github.errors import LockedError
from tests.support.engine import Engine, results
from tests.support.sandbox import Sandbox

SIZE = 96 * 1024 * 1024  # more than the buffers of a connection hold
MATCH = {"origin": "uploads", "method": "POST"}
LOCKED = {"message": "Cannot upload assets to an immutable release.", "request_id": "1"}


def write_large(workspace: Path) -> None:
    (workspace / "dist").mkdir()
    with (workspace / "dist" / "large.bin").open("wb") as file:
        file.truncate(SIZE)


@pytest.mark.parametrize("drain", [True, False])
def test_a_refusal_before_the_body_ends_the_upload_at_once(
    drain: bool, engine: Engine, sandbox: Sandbox
) -> None:
    """Whether or not the server reads on."""
    write_large(engine.workspace)
    sandbox.fault(match=MATCH, do="early", status=422, body=LOCKED, bytes=100_000, drain=drain)
    outcome = engine.publish()
    (error,) = outcome.errors
    assert isinstance(error, LockedError)
    (upload,) = [request for request in sandbox.requests() if request.origin == "uploads"]
    assert upload.bytes_in < SIZE / 2


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "early", "status": 502, "bytes": 100_000, "drain": False},
        {"do": "early", "status": 502, "bytes": 100_000, "drain": True},
        {"do": "secondary-limit", "when": "before", "retry_after": 1, "drain": False},
        {"do": "reset", "when": "before"},
        {"do": "reset", "when": "during", "bytes": 30_000_000},
        {"do": "reset", "when": "after"},
        {"do": "stall", "bytes": 30_000_000, "seconds": 0.3},
    ],
    ids=str,
)
def test_an_upload_succeeds_after_one_failure(
    fault: dict[str, Any], engine: Engine, sandbox: Sandbox
) -> None:
    write_large(engine.workspace)
    sandbox.fault(match=MATCH, **fault)
    assert results(engine.publish_well()) == {"large.bin": "uploaded"}
    (asset,) = sandbox.assets("v1")
    assert (asset["state"], asset["size"]) == ("uploaded", SIZE)
