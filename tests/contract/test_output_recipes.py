"""The recipes of docs/outputs.md, run on act."""

from pathlib import Path

import pytest

from tests.support.act import USES, Act
from tests.support.document import blocks, workflow_of
from tests.support.job import Job
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.slow]

RECIPES = list(blocks("docs/outputs.md"))
PUBLISH = f"""
- name: Build
  run: |
    mkdir dist
    echo zip > dist/app.zip
    echo text > "dist/read me.txt"
- id: publish
  uses: {USES}
  with:
    files: dist/*
    overwrite: true
"""


@pytest.fixture
def act(base_image: str, machine: Path, tmp_path: Path) -> Act:
    return Act(home=tmp_path / "home", base=base_image, lock=machine / "docker.lock")


def test_the_steps_can_use_the_outputs(act: Act, job: Job, sandbox: Sandbox) -> None:
    release = {"tag": "v1", "assets": [{"name": "app.zip", "text": "older"}]}
    sandbox.seed({"repositories": [{"name": job.repository, "releases": [release]}]})
    log = act.push_tag(workflow_of([PUBLISH, *(one.text for one in RECIPES if one.is_steps)]), job)
    download = f"{job.server_url}/{job.repository}/releases/download/v1"
    assert "| First: " + f"{download}/app.zip" in log
    assert "| Names: app.zip, read.me.txt" in log
    assert "| Download: " + f"{download}/app.zip" in log
    assert log.count("| downloaded ") == 2
    assert "| Mirrors must download it again" in log
    assert "| Something is new" in log
    assert "| Plan: keep, replace upload, 9 bytes" in log
    assert "| Immutable: false" in log
    assert "| Still missing:" not in log, "nothing was expected"
    assert log.count("  app.zip") >= 1, "the digests"
    assert "| Released:" not in log, "it was public before"


def test_a_matrix_has_a_job_for_each_asset(act: Act, job: Job, sandbox: Sandbox) -> None:
    (whole,) = (one for one in RECIPES if one.is_whole)
    log = act.push_tag(whole.text, job)
    assert sandbox.asset_names("v1") == ["one.txt", "two.txt"]
    assert log.count("Job succeeded") == 3
    assert "| one.txt: OK" in log
    assert "| two.txt: OK" in log
