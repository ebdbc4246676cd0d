"""The workflows of README.md, run unchanged on act."""

import re
from pathlib import Path

import pytest

from tests.support.act import Act
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.slow]


@pytest.fixture
def act(base_image: str, machine: Path, tmp_path: Path) -> Act:
    return Act(home=tmp_path / "home", base=base_image, lock=machine / "docker.lock")


def example(name: str) -> str:
    """Return the workflow below the comment with this name in README.md."""
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"(?s)<!-- example: {name} -->\n```yaml\n(.*?)```\n", readme)
    assert found, f"README.md has no example called {name}"
    return found[1]


def test_the_example_for_a_pushed_tag_publishes_all_files(
    act: Act, job: Job, sandbox: Sandbox
) -> None:
    log = act.push_tag(example("push"), job)
    assert sandbox.asset_names(job.tag) == ["README.txt", "SHA256SUMS", "source.tar.gz"]
    assert sandbox.content(job.tag, "README.txt") == b"# App\n"
    # A later step read the outputs.
    assert f"Release: {job.server_url}/{job.repository}/releases/tag/{job.tag}" in log
    assert re.search(r'Assets: \{.*"README.txt": ?"http', log), log


def test_the_example_for_a_matrix_publishes_the_files_of_all_jobs(
    act: Act, job: Job, sandbox: Sandbox
) -> None:
    log = act.push_tag(example("matrix"), job)
    assert log.count("Job succeeded") == 3
    assert sandbox.asset_names(job.tag) == ["app-linux.txt", "app-macos.txt", "app-windows.txt"]
