"""The program's requests and the sandbox's answers match GitHub's OpenAPI description."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from tests.support.job import ROOT, Job
from tests.support.openapi import DATA, Described, NotAsDescribedError
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

# Every described call that the program makes, with the status of its success.
CALLS = {
    "GET /repos/{owner}/{repo}/releases 200",
    "GET /repos/{owner}/{repo}/releases/tags/{tag} 200",
    "GET /repos/{owner}/{repo}/releases/{release_id} 200",
    "GET /repos/{owner}/{repo}/releases/{release_id}/assets 200",
    "GET /repos/{owner}/{repo}/releases/assets/{asset_id} 302",
    "POST /repos/{owner}/{repo}/releases 201",
    "POST /repos/{owner}/{repo}/releases/{release_id}/assets 201",
    "PATCH /repos/{owner}/{repo}/releases/{release_id} 200",
    "PATCH /repos/{owner}/{repo}/releases/assets/{asset_id} 200",
    "DELETE /repos/{owner}/{repo}/releases/assets/{asset_id} 204",
}


@pytest.fixture
def recorded(flavoured_sandbox: Sandbox) -> Sandbox:
    """A sandbox of each flavour that logs bodies of requests and answers."""
    flavoured_sandbox.settings(log_bodies=True)
    return flavoured_sandbox


@pytest.mark.parametrize("path", sorted(DATA.glob("openapi-*.json")), ids=lambda path: path.stem)
def test_the_description_files_are_valid(path: Path) -> None:
    validate(json.loads(path.read_text("utf-8")))


def test_all_calls_of_a_release_match_the_description(recorded: Sandbox, tmp_path: Path) -> None:
    job = Job.at(tmp_path, recorded)
    job.write({"dist/app.zip": b"one", "dist/größe.txt": b"two", "dist/old.txt": b"three"})
    inputs = {"files": "dist/*", "checksums": "SHA256SUMS", "verify": "download"}
    step(job, inputs | {"notes": "N", "title": "T", "prerelease": "true", "publish": "never"})
    step(job, inputs | {"make-latest": "false", "publish": "always"})
    job.write({"dist/app.zip": b"other"})
    (job.workspace / "dist/old.txt").unlink()
    manifest = "[{path: dist/größe.txt, label: Size, content-type: text/csv}]"
    step(job, inputs | {"overwrite": "true", "prune": "old*", "manifest": manifest})
    release = str(recorded.release("v1")["id"])
    step(job, inputs | {"release-id": release, "tag": "", "dry-run": "true"})
    for arguments in (
        ("list",),
        ("download", "app.zip", "--dir", str(tmp_path / "down")),
        ("update", "app.zip", "--label", "The app"),
        ("delete", "app.zip", "--yes"),
    ):
        command_line(job, *arguments)
    seen = Described(recorded).check(recorded.exchanges())
    assert seen.keys() >= CALLS
    assert not any(call.startswith("nothing") for call in seen)


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        pytest.param({"tag": "no-such-tag"}, 404, id="no such tag"),
        pytest.param({"release-id": "4711", "tag": ""}, 404, id="no such release"),
        pytest.param({"token": "ghp_wrong"}, 401, id="a wrong token"),
        pytest.param({"token": "read"}, 403, id="a token that may only read"),
    ],
)
def test_a_refusal_matches_the_description(
    inputs: dict[str, str], status: int, recorded: Sandbox, tmp_path: Path
) -> None:
    job = Job.at(tmp_path, recorded)
    job.write({"dist/app.zip": b"one"})
    if inputs.get("token") == "read":
        inputs = {**inputs, "token": recorded.read_token}
    assert job.run_program({"files": "dist/*", **inputs}).exit_code == 1
    seen = Described(recorded).check(recorded.exchanges())
    assert any(call.endswith(f" {status}") for call in seen), seen


def test_a_taken_name_matches_the_description(recorded: Sandbox, tmp_path: Path) -> None:
    recorded.settings(lag_requests=1)  # the list does not contain the asset of another job yet
    job = Job.at(tmp_path, recorded)
    job.write({"dist/app.zip": b"one", "two.zip": b"two"})
    step(job, {"files": "dist/*"})
    recorded.fault(match={"origin": "uploads"}, do="lose")
    step(job, {"files": "two.zip", "verify": "download"})
    seen = Described(recorded).check(recorded.exchanges())
    assert seen["POST /repos/{owner}/{repo}/releases/{release_id}/assets 422"] == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"status": 418}, "418", id="another status"),
        pytest.param({"response_body": "[{}]"}, "required", id="a field is missing"),
        pytest.param({"query": "per-page=9"}, "per-page", id="another parameter"),
        pytest.param({"query": "per_page=ten"}, "per_page", id="a parameter of another type"),
    ],
)
def test_a_mismatch_with_the_description_is_found(
    change: dict[str, object], expected: str, sandbox: Sandbox
) -> None:
    exchange = {
        "origin": "api",
        "method": "GET",
        "path": f"/repos/{sandbox.repository}/releases",
        "query": "per_page=100",
        "status": 200,
        "headers": {},
        "request_body": None,
        "response_headers": {"content-type": "application/json; charset=utf-8"},
        "response_body": "[]",
    }
    described = Described(sandbox)
    assert sum(described.check([exchange]).values()) == 1
    with pytest.raises(NotAsDescribedError, match=expected):
        described.check([exchange | change])


def step(job: Job, inputs: dict[str, str]) -> None:
    done = job.run_program(inputs)
    assert done.exit_code == 0, done.log


def command_line(job: Job, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "release_assets", *arguments, "--tag", job.tag],
        cwd=job.workspace,
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "GH_TOKEN": job.token,
            "GITHUB_API_URL": job.api_url,
            "GITHUB_REPOSITORY": job.repository,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
