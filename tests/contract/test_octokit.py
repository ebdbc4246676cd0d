"""GitHub's JavaScript client, octokit, with the sandbox and with releases of the action."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.job import Job
from tests.support.octokit import Octokit, install
from tests.support.openapi import Described
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def octokit() -> Octokit:
    return install()


@pytest.fixture
def recorded(flavoured_sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox of each flavour; requests and answers are checked by the description."""
    flavoured_sandbox.settings(log_bodies=True)
    yield flavoured_sandbox
    assert Described(flavoured_sandbox).check(flavoured_sandbox.exchanges())


def test_octokit_creates_publishes_and_deletes_a_release(
    octokit: Octokit, recorded: Sandbox
) -> None:
    assert octokit.run("life", recorded) == {
        "statuses": [404, 422, 404, 404, 404],
        "draft": True,
        "asset": ["grosse.1.txt", "Größe & mehr", "uploaded", "text/plain"],
        "renamed": "size.txt",
        "same": True,
        "content": base64.b64encode(b"content").decode(),
    }


def test_octokit_lists_assets_of_all_pages(octokit: Octokit, recorded: Sandbox) -> None:
    found = octokit.run("pages", recorded)
    assert found["assets"] == [f"{number}.txt" for number in range(5)]
    assert found["releases"] == 1
    assert "Full Changelog" in found["notes"]


def test_octokit_publishes_immutable_releases(octokit: Octokit, sandbox: Sandbox) -> None:
    found = octokit.run("immutable", sandbox)
    assert found == {"statuses": [404, 200, 422], "immutable": True}


def test_octokit_reads_what_the_action_published(
    octokit: Octokit, recorded: Sandbox, tmp_path: Path
) -> None:
    files = {"app.zip": b"app", "größe (1).txt": b"text"}
    job = Job.at(tmp_path, recorded)
    job.write({f"dist/{name}": content for name, content in files.items()})
    step = job.run_program({"files": "dist/*", "notes": "What is new"})
    assert step.exit_code == 0, step.log
    found: dict[str, Any] = octokit.run("published", recorded)
    assert (found["draft"], found["body"]) == (False, "What is new")
    labels = {"app.zip": "", "grosse.1.txt": "größe (1).txt"}
    assert {name: asset["label"] for name, asset in found["assets"].items()} == labels
    for name, asset in found["assets"].items():
        content = files[labels[name] or name]
        assert base64.b64decode(asset["content"]) == content
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert asset["digest"] == (None if recorded.flavour == "ghes" else digest)
