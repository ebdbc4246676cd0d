"""The workflow that checks every promise against GitHub, run against the sandbox."""

import json
import shutil
import urllib.request
from pathlib import Path

import pytest

from scripts.end_to_end import PREFIX, PROMISES
from tests.support.act import Act, Event
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.timeout(400)]

FILES = ("entrypoint.py", "requirements", "scripts", "src")
WORKFLOW = (ROOT / ".github/workflows/end-to-end.yml").read_text("utf-8")


def test_every_promise_is_kept_and_nothing_stays(
    base_image: str, machine: Path, tmp_path: Path, job: Job, sandbox: Sandbox
) -> None:
    act = Act(home=tmp_path / "home", base=base_image, lock=machine / "docker.lock")

    def push(_commit: str) -> None:
        for name in FILES:
            source, target = ROOT / name, job.workspace / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)

    event = Event(name="workflow_dispatch", payload={"inputs": {"repository": sandbox.repository}})
    done = act.run(WORKFLOW, job, event, secrets={"E2E_TOKEN": sandbox.token}, pushed=push)
    assert done.exit_code == 0, done.log
    # The table is in the log and in the summary, which act prints, too.
    assert done.log.count("| ✅ ") == done.log.count("| the same |") >= len(PROMISES)
    assert "| ❌ " not in done.log
    assert sandbox.releases() == []
    url = f"{sandbox.api_url}/repos/{sandbox.repository}/git/matching-refs/tags/{PREFIX}"
    with urllib.request.urlopen(url) as answer:
        assert json.load(answer) == [], "tags stay"
    deleted = [one.path for one in sandbox.requests() if one.method == "DELETE"]
    assert any(f"/git/refs/tags/{PREFIX}" in path for path in deleted), "there was no tag"
